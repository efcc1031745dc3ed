import { given } from '../../core/index.js';
import type { ConfigFile } from '../../pipeline/index.js';
import { ADDRESS, type CommandDefinition } from '../context.js';
import { type FORMATS, list, number, sanityOptions, wholeNumber } from '../options.js';
import type { Progress } from '../output.js';
import { withWorkspace } from '../session.js';
import { renderBenchmark, renderDeployReport, renderEvaluation } from '../views/detector.js';
import { addReadFlags, LABEL_HELP } from './train.js';

interface ReadFlags {
  readonly format?: (typeof FORMATS)[number];
  readonly maxRejects?: number;
  readonly rejects?: string;
  readonly keepSecrets?: true;
}

interface PredictFlags extends ReadFlags {
  readonly id?: string;
  readonly threads?: number;
  readonly state?: string;
}

/** What the flags say of reading, else what the config file says, else the defaults. */
function readOptions(path: string, flags: ReadFlags, { data }: ConfigFile) {
  return {
    path,
    format: flags.format ?? data?.format,
    maxRejects: flags.maxRejects ?? data?.maxRejects ?? 0.001,
    rejects: flags.rejects ?? data?.rejects,
    keepSecrets: flags.keepSecrets ?? data?.keepSecrets ?? false,
    roles: data?.roles,
  };
}

/** `phantomnet evaluate`: a logged detector on a labelled file. */
export const defineEvaluate: CommandDefinition = (program, run) => {
  const command = program
    .command('evaluate')
    .description('score a labelled file with a logged detector and say how right it is')
    .argument('<address>', ADDRESS)
    .argument('<file>', 'labelled event file');
  addReadFlags(command)
    .option('--label <name>', LABEL_HELP)
    .option('--attack-events <names>', 'events that are attacks (default: the seven of week 6)', list)
    .action((address: string, file: string, flags: ReadFlags & { label?: string; attackEvents?: string[] }) =>
      run((context) =>
        withWorkspace(context, async (workspace, config) => {
          const { evaluateDetector } = await import('../../pipeline/index.js');
          context.output.progress.stage('evaluate');
          const result = await evaluateDetector(workspace, address, {
            data: readOptions(file, flags, config),
            label: {
              ...config.label,
              target: flags.label ?? config.label?.target ?? 'is_attack',
              attackEvents: flags.attackEvents ?? config.label?.attackEvents,
            },
            onRead: (count) => context.output.progress.advance(count, 0),
          });
          context.output.progress.done(`${result.nSamples} rows`);
          context.output.result(result, () => renderEvaluation(result));
          return 0;
        }),
      ),
    );
};

/** `phantomnet benchmark`: latency of a logged detector on a file's events. */
export const defineBenchmark: CommandDefinition = (program, run) => {
  const command = program
    .command('benchmark')
    .description('time a logged detector on single events and on the whole file')
    .argument('<address>', ADDRESS)
    .argument('<file>', 'event file');
  addReadFlags(command)
    .option('--repeat <n>', 'timed calls (default: 100)', wholeNumber(1))
    .option('--max-latency-ms <ms>', 'limit of the mean of one event (default: 100)', number)
    .action((address: string, file: string, flags: ReadFlags & { repeat?: number; maxLatencyMs?: number }) =>
      run((context) =>
        withWorkspace(context, async (workspace, config) => {
          const { benchmarkDetector } = await import('../../pipeline/index.js');
          context.output.progress.stage('benchmark');
          const result = await benchmarkDetector(workspace, address, {
            data: readOptions(file, flags, config),
            repeat: flags.repeat ?? config.latency?.repeat ?? 100,
            maxLatencyMs: flags.maxLatencyMs ?? config.gates?.maxLatencyMs ?? 100,
            onRead: (count) => context.output.progress.advance(count, 0),
          });
          context.output.progress.done();
          context.output.result(result, () => renderBenchmark(result));
          return result.passed ? 0 : 1;
        }),
      ),
    );
};

/** `phantomnet deploy check`: everything a detector must fulfil before anyone depends on it. */
export const defineDeploy: CommandDefinition = (program, run) => {
  const deploy = program.command('deploy').description('before anyone depends on a detector');
  deploy
    .command('check')
    .description('resolve, verify, load in safe mode, predict, replay and time a detector')
    .argument('<address>', ADDRESS)
    .option('--input <json>', 'rows or raw events to predict (default: the stored input example)')
    .option('--expect <json>', 'labels the input must get, as in [0]')
    .option('--max-latency-ms <ms>', 'limit of the mean of one call (default: 100)', number)
    .option('--repeat <n>', 'timed calls (default: 100)', wholeNumber(1))
    .action(
      (address: string, flags: { input?: string; expect?: string; maxLatencyMs?: number; repeat?: number }) =>
        run((context) =>
          withWorkspace(context, async (workspace, config) => {
            const { checkDeployment } = await import('../../pipeline/index.js');
            const report = await checkDeployment(workspace, address, {
              ...sanityOptions(flags, config),
              latencyLimitMs: flags.maxLatencyMs ?? config.gates?.maxLatencyMs ?? 100,
              repeat: flags.repeat ?? config.latency?.repeat ?? 100,
            });
            context.output.result(report, () => renderDeployReport(report));
            return report.passed ? 0 : 1;
          }),
        ),
    );
};

/** Returns what opens a stage for reading logs when the first of them are read, and counts in it. */
function readingStage(progress: Progress): (count: number) => void {
  let isOpen = false;
  return (count) => {
    if (!isOpen) progress.stage('read events');
    isOpen = true;
    progress.advance(count, 0);
  };
}

/** `phantomnet predict`: one line an event, in constant memory. */
export const definePredict: CommandDefinition = (program, run) => {
  const command = program
    .command('predict')
    .description('score every event of a file or of standard input, one line each')
    .argument('<address>', ADDRESS)
    .argument('<file>', 'event file, or - for standard input');
  addReadFlags(command)
    .option('--id <column>', 'name events by this column instead of file and line')
    .option(
      '--threads <n>',
      'threads that score a large file with a model of trees (default: 1); they never change the scores',
      wholeNumber(1),
    )
    .option(
      '--state <file>',
      'what came before, of the logs of earlier runs: read where it is there, replaced at the end of this one',
    )
    .action((address: string, file: string, flags: PredictFlags) =>
      run((context) =>
        withWorkspace(context, async (workspace, config) => {
          const { predictFile } = await import('../../pipeline/index.js');
          const { writePredictions } = await import('../views/predictions.js');
          const lines = predictFile(workspace, address, {
            data: readOptions(file, flags, config),
            onRead: readingStage(context.output.progress),
            ...given({
              idColumn: flags.id ?? config.predict?.id,
              nJobs: flags.threads ?? config.predict?.threads,
              state: flags.state ?? config.predict?.state,
            }),
          });
          context.output.note(await writePredictions(lines, context.output));
          return 0;
        }),
      ),
    );
};
