import { Option } from 'commander';
import type { ExportForm, ExportFormat } from '../../pipeline/index.js';
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
    .addOption(new Option('--format <name>', 'kind of file (default: onnx)').choices(['onnx', 'native']))
    .addOption(
      new Option(
        '--form <name>',
        "what a graph takes: one matrix, or an input a feature by name as in MLflow's packages (default: matrix)",
      ).choices(['matrix', 'columns']),
    )
    .requiredOption('--out <file>', 'file to write, such as model.onnx; must not be there yet')
    .option('--force', 'replace a file that is there')
    .action(
      (address: string, flags: { format?: ExportFormat; form?: ExportForm; out: string; force?: true }) =>
        run((context) =>
          withWorkspace(context, async (workspace) => {
            const { exportModel } = await import('../../pipeline/index.js');
            const { out, format, form } = flags;
            const existing = flags.force === true ? 'replace' : 'refuse';
            const report = await untilInterrupted((signal) =>
              exportModel(workspace, address, { out, format, form, existing, signal }),
            );
            context.output.result(report, () => renderExport(report));
            return 0;
          }),
        ),
    );
};
