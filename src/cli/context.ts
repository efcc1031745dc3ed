import type { Command } from 'commander';
import type { Output } from './output.js';

/** What every command is given: where to write, where the store is, and a signal that SIGINT sets. */
export interface CommandContext {
  readonly output: Output;
  readonly store: { readonly uri?: string; readonly artifactRoot?: string };
  readonly configPath: string | undefined;
  /** The command line as it was typed, without the program. */
  readonly typed: readonly string[];
}

/** A command as its file defines it: adds itself to the program and runs with a context. */
export type CommandDefinition = (program: Command, run: RunAction) => void;

/** Wraps a command's body so that it gets its context and its exit code is kept. */
type RunAction = (body: (context: CommandContext) => Promise<number | undefined>) => Promise<void>;

/** What an argument says that takes a run. */
export const RUN = 'id of a run, the beginning of its id, or its name';

/** What an argument says that takes the address of a model. */
export const ADDRESS = 'models:/<name>/<version|stage>, models:/<name>@<alias> or runs:/<id>/model';
