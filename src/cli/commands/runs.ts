import { Option } from 'commander';
import type { ComparisonForm } from '../../pipeline/index.js';
import { type CommandDefinition, RUN } from '../context.js';
import { wholeNumber } from '../options.js';
import { withWorkspace } from '../session.js';
import { renderRun, renderRuns } from '../views/runs.js';

interface ListFlags {
  readonly experiment?: string;
  readonly children?: true;
  readonly limit?: number;
  readonly view: 'active' | 'deleted' | 'all';
}

/** `phantomnet runs`: what was logged. */
export const defineRuns: CommandDefinition = (program, run) => {
  const runs = program.command('runs').description('list, show, delete and restore runs');
  runs
    .command('list')
    .description('the runs of an experiment, newest first')
    .option('--experiment <name>', 'experiment (default: all)')
    .option('--children', 'the runs that belong to others too: baselines, and trials of searches')
    .option('--limit <n>', 'at most this many (default: 100)', wholeNumber(1))
    .addOption(
      new Option('--view <which>', 'life cycle').choices(['active', 'deleted', 'all']).default('active'),
    )
    .action((flags: ListFlags) =>
      run((context) =>
        withWorkspace(context, async (workspace, config) => {
          const { listRuns } = await import('../../pipeline/index.js');
          const result = await listRuns(workspace, {
            ...flags,
            experiment: flags.experiment ?? config.experiment,
          });
          const { output } = context;
          // What is piped is read by programs, which need whole ids.
          const width = output.isTerminal ? output.width : Number.POSITIVE_INFINITY;
          output.result(result, () => renderRuns(result, { color: output.color, width }));
          if (!output.json && result.length > 0 && flags.children !== true)
            output.note('baselines and trials of searches are left out: see them with --children');
          return 0;
        }),
      ),
    );
  runs
    .command('show')
    .description('everything logged to a run')
    .argument('<run>', RUN)
    .action((runId: string) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { showRun } = await import('../../pipeline/index.js');
          const result = await showRun(workspace, runId);
          context.output.result(result, () => renderRun(result));
          return 0;
        }),
      ),
    );
  for (const verb of ['delete', 'restore'] as const) {
    runs
      .command(verb)
      .description(
        verb === 'delete' ? 'mark a run deleted; gc removes it for good' : 'bring a deleted run back',
      )
      .argument('[run]', RUN)
      .option('--experiment <name|id>', 'the whole experiment instead of one run')
      .action((runId: string | undefined, flags: { experiment?: string }) =>
        run((context) =>
          withWorkspace(context, async (workspace) => {
            const { changeLifecycle } = await import('../../pipeline/index.js');
            const result = await changeLifecycle(workspace, { verb, runId, experiment: flags.experiment });
            context.output.result(result, () => `${result.kind} ${result.id} is ${result.lifecycleStage}`);
            return 0;
          }),
        ),
      );
  }
};

/** `phantomnet compare`: a table of runs and baselines. */
export const defineCompare: CommandDefinition = (program, run) => {
  program
    .command('compare')
    .description('a table of the runs and baselines of an experiment, the best marked')
    .option('--experiment <name>', 'experiment (also: MLFLOW_EXPERIMENT_NAME; default: Default)')
    .option('--runs <runs>', 'only these runs, by id or name, comma-separated')
    .option(
      '--against <run>',
      'run id or name that the others are tested against (default: the newest run with a model)',
    )
    .option(
      '--sort <metric>',
      'order by this metric, the highest first (default: newest run first, then baselines)',
    )
    .addOption(new Option('--as <form>', 'form of the table').choices(['text', 'markdown', 'csv', 'json']))
    .option('--limit <n>', 'at most this many runs (default: 20)', wholeNumber(1))
    .action(
      (flags: {
        experiment?: string;
        runs?: string;
        against?: string;
        sort?: string;
        as?: ComparisonForm;
        limit?: number;
      }) =>
        run((context) =>
          withWorkspace(context, async (workspace, config) => {
            const { compareRuns, renderComparison } = await import('../../pipeline/index.js');
            const comparison = await compareRuns(workspace, {
              experiment: flags.experiment ?? config.experiment,
              runIds: flags.runs?.split(',').map((id) => id.trim()),
              against: flags.against ?? config.compare?.against,
              limit: flags.limit ?? config.compare?.limit ?? 20,
              sort: flags.sort ?? config.compare?.sort,
            });
            context.output.result(comparison, () =>
              renderComparison(comparison, {
                form: flags.as ?? config.compare?.as ?? 'text',
                color: context.output.color,
                width: context.output.width,
              }),
            );
            return 0;
          }),
        ),
    );
};
