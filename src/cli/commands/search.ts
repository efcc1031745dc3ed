import { Option } from 'commander';
import { given, PhantomNetError } from '../../core/index.js';
import type { ConfigFile, SearchExperimentInput } from '../../pipeline/index.js';
import { commandLine, withoutFlag } from '../command-line.js';
import type { CommandDefinition } from '../context.js';
import { namingFlags } from '../naming-flags.js';
import { nextSteps, registering } from '../next-steps.js';
import { FORMATS, number, wholeNumber } from '../options.js';
import { withWorkspace } from '../session.js';
import { SPLITS } from '../train-flags.js';
import { renderSearch } from '../views/search.js';
import { LABEL_HELP } from './train.js';

interface SearchFlags {
  readonly experiment?: string;
  readonly runName?: string;
  readonly format?: (typeof FORMATS)[number];
  readonly test?: string;
  readonly label?: string;
  readonly split?: (typeof SPLITS)[number];
  readonly maxTrials?: number;
  readonly maxSeconds?: number;
  readonly resume?: string;
}

/** `phantomnet search`: event file and space of params → the best of them, logged as `train` logs. */
export const defineSearch: CommandDefinition = (program, run) => {
  program
    .command('search')
    .description(
      'try params of the space in the config file, train the best and log it; each trial is a child run',
    )
    .argument('[file]', 'event file, or - for standard input (or data.path in the config)')
    .addOption(new Option('--format <name>', 'format of the file; only table must be named').choices(FORMATS))
    .option('--experiment <name>', 'experiment to log to (also: MLFLOW_EXPERIMENT_NAME; default: Default)')
    .option('--run-name <name>', 'name of the run')
    .option('--test <file>', 'test on this file of the same format, in place of a split')
    .option('--label <name>', LABEL_HELP)
    .addOption(new Option('--split <method>', 'how the test rows are chosen (default: time)').choices(SPLITS))
    .option('--max-trials <n>', 'most combinations (default: 10; of a grid all)', wholeNumber(1))
    .option('--max-seconds <s>', 'begin no trial after this time (default: no limit)', number)
    .option('--resume <run>', 'go on with a search that was stopped: its trials are not made again')
    .action((file: string | undefined, flags: SearchFlags) =>
      run((context) =>
        withWorkspace(context, async (workspace, config) => {
          const { overlay, runSearch } = await import('../../pipeline/index.js');
          const flagged = flagsToConfig(file, flags);
          const { progress, color } = context.output;
          const result = await namingFlags(flagged, () =>
            runSearch(overlay(searchOf(config), flagged), { workspace, progress, resume: flags.resume }),
          ).catch((error: unknown) => {
            throw withCommand(error, context.typed);
          });
          const next = result.passed ? [registering(result.runId)] : [];
          context.output.result(
            result,
            () => renderSearch(result, { color }) + nextSteps(next, context, config),
          );
          return result.passed ? 0 : 1;
        }),
      ),
    );
};

/** What goes on with a search that was interrupted is what was typed, and the id of its run. */
function withCommand(error: unknown, typed: readonly string[]): unknown {
  const runId = error instanceof PhantomNetError ? error.details['runId'] : undefined;
  if (!(error instanceof PhantomNetError && error.code === 'CANCELLED') || typeof runId !== 'string')
    return error;
  const again = commandLine([...withoutFlag(typed, '--resume'), '--resume', runId]);
  return new PhantomNetError('CANCELLED', error.message, {
    hint: `go on with it:\n  ${again}`,
    details: error.details,
  });
}

function searchOf(config: ConfigFile): SearchExperimentInput {
  const {
    store: _store,
    artifacts: _artifacts,
    $schema: _schema,
    check: _check,
    compare: _compare,
    predict: _predict,
    ...experiment
  } = config;
  return experiment;
}

function flagsToConfig(path: string | undefined, flags: SearchFlags): object {
  const { experiment, runName, format, test, label, split, maxTrials, maxSeconds } = flags;
  return given({
    ...{ experiment, runName },
    data: given({ path, format, test }),
    label: given({ target: label }),
    split: given({ method: split }),
    search: given({ maxTrials, maxSeconds }),
  });
}
