import { wholeNumber } from '../options.js';
import type { CommandDefinition } from '../program.js';
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
          const { quickstart } = await import('../../pipeline/index.js');
          const result = await quickstart({
            workspace,
            progress: context.output.progress,
            randomState: flags.randomState ?? 42,
          });
          context.output.result(result, () => renderQuickstart(result, { color: context.output.color }));
          return result.passed ? 0 : 1;
        }),
      ),
    );
};
