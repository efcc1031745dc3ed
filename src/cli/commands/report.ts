import { type CommandDefinition, RUN } from '../context.js';
import { untilInterrupted } from '../interruption.js';
import { withWorkspace } from '../session.js';

/** `phantomnet report`: the report of a run, to read or to pass on. */
export const defineReport: CommandDefinition = (program, run) => {
  program
    .command('report')
    .description('the report of a run: numbers with intervals, charts, errors to look at')
    .argument('<run>', RUN)
    .option(
      '--out <file>',
      'write it to a file, as it ends: report.html (one page that needs nothing else), .md or .json (default: print Markdown)',
    )
    .option('--force', 'replace a file that is there')
    .action((wanted: string, { out, force }: { out?: string; force?: true }) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { showReport } = await import('../../pipeline/index.js');
          const existing = force === true ? 'replace' : 'refuse';
          const shown = await untilInterrupted((signal) =>
            showReport(workspace, wanted, { out, existing, signal }),
          );
          const { runId, report, content, file } = shown;
          context.output.result(file === null ? report : { runId, file }, () =>
            file === null ? content : `report of run ${runId}: ${file.path}, ${file.sizeBytes} bytes`,
          );
          return 0;
        }),
      ),
    );
};
