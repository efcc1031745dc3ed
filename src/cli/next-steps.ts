import type { ExperimentResult } from '../pipeline/index.js';
import { commandLine } from './command-line.js';
import type { CommandContext } from './context.js';

/** Returns what can be done with a run that was made, as commands on the same store, for somebody at a terminal; else ''. */
export function nextSteps(
  { runId, passed }: Pick<ExperimentResult, 'runId' | 'passed'>,
  { output, store, configPath }: Pick<CommandContext, 'output' | 'store' | 'configPath'>,
): string {
  if (!output.isTerminal) return '';
  const place = [
    ...(configPath === undefined ? [] : ['--config', configPath]),
    ...(store.uri === undefined ? [] : ['--store', store.uri]),
    ...(store.artifactRoot === undefined ? [] : ['--artifacts', store.artifactRoot]),
  ];
  const commands = [
    ['report', runId, '--out', 'report.html'],
    ...(passed ? [['models', 'register', 'My_Detector', '--run', runId]] : []),
  ];
  return ['\n', 'Next:', ...commands.map((words) => `  ${commandLine([...words, ...place])}`)].join('\n');
}
