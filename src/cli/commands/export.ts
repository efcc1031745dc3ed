import { Option } from 'commander';
import type { ExportFormat } from '../../pipeline/index.js';
import { ADDRESS, type CommandDefinition } from '../context.js';
import { untilInterrupted } from '../interruption.js';
import { withWorkspace } from '../session.js';
import { renderExport } from '../views/models.js';

/** `phantomnet models export`: a model as one file. */
export const defineExport: CommandDefinition = (models, run) => {
  models
    .command('export')
    .description('write a model as one file: an ONNX graph for other programs, or the native model file')
    .argument('<address>', ADDRESS)
    .addOption(new Option('--format <name>', 'form of the file (default: onnx)').choices(['onnx', 'native']))
    .requiredOption('--out <file>', 'file to write, such as model.onnx; must not be there yet')
    .option('--force', 'replace a file that is there')
    .action((address: string, flags: { format?: ExportFormat; out: string; force?: true }) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { exportModel } = await import('../../pipeline/index.js');
          const { out, format = 'onnx' } = flags;
          const existing = flags.force === true ? 'replace' : 'refuse';
          const report = await untilInterrupted((signal) =>
            exportModel(workspace, address, { out, format, existing, signal }),
          );
          context.output.result(report, () => renderExport(report));
          return 0;
        }),
      ),
    );
};
