import { Command, CommanderError, Option } from 'commander';
import { PhantomNetError, VERSION } from '../core/index.js';
import { commands } from './commands/index.js';
import { listEstimators } from './commands/train.js';
import type { CommandContext } from './context.js';
import { exitCodeOf } from './exit-codes.js';
import { createOutput, printError } from './output.js';

/** Builds the whole command tree without running anything. */
export function buildProgram(
  onExit: (code: number) => void = () => {},
  typed: readonly string[] = [],
): Command {
  const program = new Command('phantomnet')
    .description('From raw honeypot logs to an attack detector in production.')
    .version(VERSION, '-V, --version')
    .option('--json', 'print the result as JSON on stdout')
    .option('--quiet', 'no messages on stderr but errors')
    .addOption(new Option('--no-color', 'no colour and no moving lines (also: NO_COLOR)'))
    .option('--store <uri>', 'tracking store: sqlite:///file.db or http(s)://… (also: MLFLOW_TRACKING_URI)')
    .option('--artifacts <folder>', 'artifact root of an embedded store (default: artifacts/ beside it)')
    .option('--config <file>', 'config file (default: phantomnet.config.yaml where it exists)')
    .showSuggestionAfterError(true)
    .showHelpAfterError('help: run the command with --help')
    .configureOutput({ outputError: (text, write) => write(withReason(text)) })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .exitOverride();
  for (const define of commands) {
    define(program, async (body) => {
      const context = contextOf(program, typed);
      try {
        onExit((await body(context)) ?? 0);
      } finally {
        context.output.progress.drop();
      }
    });
  }
  for (const command of [...program.commands]) inherit(command, program);
  program.addHelpText('after', '\nFirst steps: phantomnet quickstart');
  return program;
}

/** Lets global flags stand behind the command's name too, and makes commander throw instead of exit. */
function inherit(command: Command, program: Command): void {
  command.copyInheritedSettings(program);
  for (const child of command.commands) inherit(child, program);
}

function contextOf(program: Command, typed: readonly string[]): CommandContext {
  const flags = program.opts<{
    json?: boolean;
    quiet?: boolean;
    color: boolean;
    store?: string;
    artifacts?: string;
    config?: string;
  }>();
  return {
    output: createOutput({
      json: flags.json === true,
      quiet: flags.quiet === true,
      noColor: !flags.color || (process.env['NO_COLOR'] ?? '') !== '',
    }),
    store: {
      ...(flags.store === undefined ? {} : { uri: flags.store }),
      ...(flags.artifacts === undefined ? {} : { artifactRoot: flags.artifacts }),
    },
    configPath: flags.config,
    typed,
  };
}

/** Runs one command line and returns its exit code. Never throws. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const json = args.includes('--json');
  const program = buildProgram((code) => {
    exitCode = code;
  }, args);
  if (args.includes('train')) await listEstimators(program);
  endWhenStdoutFails(json);
  if (json) silenceUsageText(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && (thrown.exitCode === 0 || !json))
      return thrown.exitCode === 0 ? 0 : 2;
    const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
    printError(error, { json }, process.stderr);
    return error instanceof PhantomNetError ? exitCodeOf(error.code) : exitCodeOf('INTERNAL');
  }
}

/** Says of too many arguments what they most often are: a pattern that the shell has written out. */
function withReason(text: string): string {
  if (!text.startsWith('error: too many arguments')) return text;
  return `${text.trimEnd()}\nwhy: a shell writes out a pattern; quoted, as in 'logs/*.gz', it is one argument\n`;
}

/** Under --json a usage error is JSON like every other; the command line library would print text. */
function silenceUsageText(command: Command): void {
  command.configureOutput({ writeErr: () => undefined });
  for (const child of command.commands) silenceUsageText(child);
}

function usageError({ message }: CommanderError): PhantomNetError {
  const [what = '', hint] = message.replace(/^error: /, '').split('\n');
  if (what.startsWith('too many arguments'))
    return new PhantomNetError('INVALID_PARAMETER', what, {
      hint: "quote a pattern, as in 'logs/*.gz', or run the command with --help",
    });
  return new PhantomNetError('INVALID_PARAMETER', what, {
    hint: hint?.replace(/^\(|\)$/g, '') ?? 'run the command with --help',
  });
}

/** `phantomnet predict … | head` closes our stdout: that is the reader's choice. A full disk is an error. */
function endWhenStdoutFails(json: boolean): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    const failure = new PhantomNetError('UNAVAILABLE', 'the output cannot be written to stdout', {
      cause: error,
      hint: 'make room where the output goes, or send it elsewhere',
    });
    printError(failure, { json }, process.stderr);
    process.exit(exitCodeOf(failure.code));
  });
}
