import type { ConfigFile } from '../pipeline/index.js';
import { commandLine } from './command-line.js';
import type { CommandContext } from './context.js';

/** Returns commands as lines to copy, on the same store, for somebody at a terminal; '' where nobody is or there are none. */
export function nextSteps(
  commands: readonly (readonly string[])[],
  { output, store, configPath }: Pick<CommandContext, 'output' | 'store' | 'configPath'>,
  config: ConfigFile,
): string {
  if (!output.isTerminal || commands.length === 0) return '';
  // The default config file is found again.
  const { store: uri, artifacts } = configPath === undefined ? {} : config;
  const place = [
    ['--store', store.uri ?? uri],
    ['--artifacts', store.artifactRoot ?? artifacts],
  ].flatMap(([flag, value]) => (value === undefined ? [] : [flag!, value]));
  return ['\n', 'Next:', ...commands.map((words) => `  ${commandLine([...words, ...place])}`)].join('\n');
}

/** Returns the command that registers the model of a run. */
export function registering(runId: string): string[] {
  return ['models', 'register', 'My_Detector', '--run', runId];
}
