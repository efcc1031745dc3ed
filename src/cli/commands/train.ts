import { type Command, Option } from 'commander';
import type { CommandDefinition } from '../context.js';
import { namingFlags } from '../naming-flags.js';
import { nextSteps, registering } from '../next-steps.js';
import {
  byteSize,
  FORMATS,
  keyText,
  keyValue,
  list,
  number,
  thresholdFlag,
  wholeNumber,
} from '../options.js';
import { withWorkspace } from '../session.js';
import { CALIBRATIONS, CV_METHODS, flagsToConfig, SPLITS, type TrainFlags } from '../train-flags.js';
import { renderTraining } from '../views/training.js';

/** What --label takes. */
export const LABEL_HELP =
  'is_attack, or a column whose values are the classes; nsl-kdd: attack_class too (default: is_attack)';

/** What --allow takes. */
const ALLOW_HELP = 'an audit that may block without stopping the run, which records it; repeat for more';

/** What --role takes. */
const ROLE_HELP =
  'what a column of a table is for: feature, label-defining, outcome, identifier or time; repeat for more';

/** Adds the flags of reading an event file: shared by every command that reads one. */
export function addReadFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--format <name>',
        'format of the file; table (rows of any columns, held in memory as a whole) must be named, but for audit; the others are found out',
      ).choices(FORMATS),
    )
    .option('--max-rejects <share>', 'share of rejected rows the run accepts (default: 0.001)', number)
    .option('--rejects <file>', 'list rejected rows in this file, as JSON lines')
    .option('--keep-secrets', 'keep the text of passwords in everything that is written');
}

/** Adds the flags of a labelled file: shared by what trains on one and what audits one. */
export function addDataFlags(command: Command): Command {
  return addReadFlags(command)
    .option('--test <file>', 'test on this file of the same format, in place of a split')
    .option('--role <column=role>', ROLE_HELP, keyText)
    .option('--label <name>', LABEL_HELP)
    .option('--attack-events <names>', 'events that are attacks (default: the seven of week 6)', list);
}

/** `phantomnet train`: event file → logged, packaged detector. */
export const defineTrain: CommandDefinition = (program, run) => {
  const command = program
    .command('train')
    .description('read events, split, cross-validate, train, evaluate, compare and log it all as a run')
    .argument('[file]', 'event file, or - for standard input (or data.path in the config)');
  addDataFlags(command)
    .option('--experiment <name>', 'experiment to log to (also: MLFLOW_EXPERIMENT_NAME; default: Default)')
    .option('--run-name <name>', 'name of the run')
    .option('--features <names>', 'feature names, or all (default: all)', list)
    .addOption(
      new Option('--empty-as <rule>', 'payload_length of missing data: 0, or 3').choices(['zero', 'nan']),
    )
    .addOption(
      new Option(
        '--split <method>',
        'how the test rows are chosen: the last in time, whole groups, or at random (default: time)',
      ).choices(SPLITS),
    )
    .option('--test-size <share|count>', 'test rows; --split group: test groups (default: 0.2)', number)
    .option(
      '--test-from <time>',
      '--split time: test on the events from this time on, in place of --test-size; in UTC where it names no zone',
    )
    .option(
      '--gap <length>',
      'with time: leave out of training what is this near to the test rows, as 30s, 10m, 1h or 1d (default: none)',
    )
    .option(
      '--group-by <name>',
      'with groups: source, subnet (/24, IPv6 /48), session, sensor, or a column (default: source)',
    )
    .option('--random-state <seed>', 'seed of split, folds and training (default: 42)', wholeNumber(0))
    .option(
      '--cv <folds>',
      'folds of the cross-validation, 0 for none (default: 5; leave-one-group-out: the groups)',
      wholeNumber(0),
    )
    .addOption(
      new Option(
        '--cv-method <method>',
        'how the folds are made: at random, of whole groups, of each group alone, blocks of time that are each tested once, or forward in time (default: like the split)',
      ).choices(CV_METHODS),
    )
    .addOption(
      new Option('--cv-on <rows>', 'rows the folds are made of (default: train)').choices(['train', 'all']),
    )
    .option('--cv-repeats <n>', 'times the folds are drawn (default: 1)', wholeNumber(1))
    .option('--estimator <name>', 'what is trained (default: random-forest)')
    .option(
      '--param <name=value>',
      'a param of the estimator, its value as JSON where it is JSON: 12, 0.5, true, null, \'{"0":1,"1":5}\'; repeat for more',
      keyValue,
    )
    .option(
      '--from <address>',
      'a forest to go on from: its trees are kept, and more are grown, up to nEstimators; folds and baselines start anew, as it may have seen their test rows',
    )
    .option(
      '--max-memory <size>',
      'most memory a fit of trees may take, as 500MB, 2GB or bytes; more is refused (default: no limit)',
      byteSize,
    )
    .option('--allow <audit>', ALLOW_HELP, list)
    .option(
      '--threshold <number|rule>',
      'score above which the second of two classes is named, or what it is chosen for on out-of-fold scores of the training rows: best-f1, fpr=0.001, alerts=20/50000 (a day, of events a day), cost=1:10 (of a false alert, of a missed attack); the last two may end in a base rate, as @0.01 (default: 0.5)',
      thresholdFlag,
    )
    .addOption(
      new Option(
        '--calibrate <method>',
        'turn scores into probabilities, fitted on out-of-fold scores of the training rows (default: not)',
      ).choices(CALIBRATIONS),
    )
    .option('--baselines <names>', 'estimators trained beside, for comparison', list)
    .option('--no-baselines', 'train none beside')
    .option('--repeat <n>', 'timed calls of the latency benchmark (default: 100)', wholeNumber(1))
    .option('--min-accuracy <share>', 'acceptance gate (default: 0.85)', number)
    .option('--max-latency-ms <ms>', 'acceptance gate (default: 100)', number)
    .option('--base-rate <share>', 'report: share of attacks in the traffic where the model will run', number)
    .option('--events-per-day <n>', 'report: events a day there (default: those of the data)', number)
    .action((file: string | undefined, flags: TrainFlags) =>
      run((context) =>
        withWorkspace(context, async (workspace, config) => {
          const { overlay, runExperiment } = await import('../../pipeline/index.js');
          const {
            store: _store,
            artifacts: _artifacts,
            $schema: _schema,
            check: _check,
            compare: _compare,
            predict: _predict,
            search: _search,
            ...experiment
          } = config;
          // A rule replaces the one in the config whole: its numbers are no keys of another rule.
          const { threshold: _replaced, ...others } = experiment;
          const base = flags.threshold === undefined ? experiment : others;
          const flagged = flagsToConfig(file, flags);
          const result = await namingFlags(flagged, () =>
            runExperiment(overlay(base, flagged), { workspace, progress: context.output.progress }),
          );
          const { color } = context.output;
          const { runId, passed } = result;
          const next = [['report', runId, '--out', 'report.html'], ...(passed ? [registering(runId)] : [])];
          context.output.result(
            result,
            () => renderTraining(result, { color }) + nextSteps(next, context, config),
          );
          return result.passed ? 0 : 1;
        }),
      ),
    );
};

/** The flags of `train` that take the names of estimators. */
const ESTIMATOR_FLAGS = ['--estimator', '--baselines'];

/**
 * Lists the estimators there are in the help and completion of `train`. Apart from the definition, so that no other
 * command loads what trains. An unknown name is still told by what trains, with a suggestion.
 */
export async function listEstimators(program: Command): Promise<void> {
  const { estimators } = await import('../../train/index.js');
  const options = program.commands.find((command) => command.name() === 'train')?.options ?? [];
  for (const option of options)
    if (ESTIMATOR_FLAGS.includes(option.long ?? ''))
      option.argChoices = estimators.map((estimator) => estimator.name);
}
