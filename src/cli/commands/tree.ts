import { Option } from 'commander';
import type { TreeFormat } from '../../pipeline/index.js';
import { ADDRESS, type CommandDefinition } from '../context.js';
import { untilInterrupted } from '../interruption.js';
import { wholeNumber } from '../options.js';
import { withWorkspace } from '../session.js';
import { renderTree } from '../views/models.js';

/** `phantomnet models tree`: one tree of a model, to read or to look at. */
export const defineTree: CommandDefinition = (models, run) => {
  models
    .command('tree')
    .description('print or draw one tree of a model')
    .argument('<address>', ADDRESS)
    .option('--tree <n>', 'which tree, from 0 (default: 0)', wholeNumber(0))
    .option(
      '--max-depth <n>',
      'most questions on a way; what is below is counted (default: 10 for text, else 4)',
      wholeNumber(1),
    )
    .addOption(
      new Option(
        '--format <name>',
        'text, a picture, or a graph for Graphviz (default: as the file ends, else text)',
      ).choices(['text', 'svg', 'dot']),
    )
    .option('--out <file>', 'write it to a file, such as tree.svg, which must not be there yet')
    .option('--force', 'replace a file that is there')
    .action(
      (
        address: string,
        flags: { tree?: number; maxDepth?: number; format?: TreeFormat; out?: string; force?: true },
      ) =>
        run((context) =>
          withWorkspace(context, async (workspace) => {
            const { showTree } = await import('../../pipeline/index.js');
            const { force, ...options } = flags;
            const existing = force === true ? 'replace' : 'refuse';
            const report = await untilInterrupted((signal) =>
              showTree(workspace, address, { ...options, existing, signal }),
            );
            context.output.result(report, () => renderTree(report));
            return 0;
          }),
        ),
    );
};
