import type { CommandDefinition } from '../program.js';
import { loadConfig, withWorkspace } from '../session.js';
import { renderDoctor, renderGarbage } from '../views/maintenance.js';

/** `phantomnet gc`: what deleted runs still hold. */
export const defineGc: CommandDefinition = (program, run) => {
  program
    .command('gc')
    .description(
      'list what deleted runs still hold, and remove it with --apply; never a staged or aliased version',
    )
    .option('--apply', 'remove it for good (default: only list)')
    .action((flags: { apply?: true }) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { collectGarbage } = await import('../../pipeline/index.js');
          const result = await collectGarbage(workspace, { apply: flags.apply === true });
          context.output.result(result, () => renderGarbage(result));
          return 0;
        }),
      ),
    );
};

/** `phantomnet doctor`: is everything here that is needed. */
export const defineDoctor: CommandDefinition = (program, run) => {
  program
    .command('doctor')
    .description('check Node, the database driver, the store and the event reader')
    .action(() =>
      run(async (context) => {
        const { diagnose } = await import('../../pipeline/index.js');
        const config = await loadConfig(context);
        const report = await diagnose({
          uri: context.store.uri ?? config.store,
          artifactRoot: context.store.artifactRoot ?? config.artifacts,
        });
        context.output.result(report, () => renderDoctor(report));
        return report.passed ? 0 : 1;
      }),
    );
};
