import type { CommandDefinition } from '../context.js';
import { wholeNumber } from '../options.js';
import { withWorkspace } from '../session.js';
import { renderQuickstart } from '../views/quickstart.js';

/** `phantomnet quickstart`: the whole way on the shipped sample, from raw events to a staged, verified detector. */
export const defineQuickstart: CommandDefinition = (program, run) => {
  program
    .command('quickstart')
    .description('the whole way on the shipped sample: raw events → staged, verified detector')
    .option('--random-state <seed>', 'seed of split, folds and training (default: 42)', wholeNumber(0))
    .action((flags: { randomState?: number }) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { quickstart, renderComparison } = await import('../../pipeline/index.js');
          const result = await quickstart({
            workspace,
            progress: context.output.progress,
            randomState: flags.randomState ?? 42,
          });
          const { color } = context.output;
          context.output.result(result, () =>
            renderQuickstart(
              result,
              renderComparison(result.comparison, { form: 'text', color, tests: 'left out' }),
            ),
          );
          return result.passed ? 0 : 1;
        }),
      ),
    );
};
