import { Option } from 'commander';
import type { StorePlace } from '../../pipeline/index.js';
import type { CommandContext, CommandDefinition } from '../context.js';
import { untilInterrupted } from '../interruption.js';
import { loadConfig, withWorkspace } from '../session.js';
import {
  renderAdoption,
  renderBackup,
  renderDoctor,
  renderGarbage,
  renderRestore,
  renderStoreReport,
} from '../views/maintenance.js';

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

/** `phantomnet doctor`: is everything here that is needed, and is the store as it was written. */
export const defineDoctor: CommandDefinition = (program, run) => {
  program
    .command('doctor')
    .description('check Node, the database driver, the store and the event reader')
    .option('--verify', 'check every page of the database and the SHA-256 of every model file instead')
    .addOption(
      new Option('--adopt', 'switch a database that MLflow made to WAL and add our indexes').conflicts(
        'verify',
      ),
    )
    .action((flags: { verify?: true; adopt?: true }) =>
      run(async (context) => {
        const { adoptStore, diagnose, verifyStore } = await import('../../pipeline/index.js');
        const place = await placeOf(context);
        if (flags.adopt === true) {
          const adoption = await adoptStore(place, context.output.progress);
          context.output.result(adoption, () => renderAdoption(adoption));
          return 0;
        }
        if (flags.verify === true) {
          const report = await verifyStore(place, context.output.progress);
          context.output.result(report, () => renderStoreReport(report));
          return report.passed ? 0 : 1;
        }
        const report = await diagnose(place);
        context.output.result(report, () => renderDoctor(report));
        return report.passed ? 0 : 1;
      }),
    );
};

/** `phantomnet backup`: one file with all of a store. */
export const defineBackup: CommandDefinition = (program, run) => {
  program
    .command('backup')
    .argument('<file>', 'archive to write (tar); must not be there yet')
    .description('write the store with its artifacts into one file, while others go on using it')
    .action((file: string) =>
      run(async (context) => {
        const { backupStore } = await import('../../pipeline/index.js');
        const place = await placeOf(context);
        const { progress } = context.output;
        const report = await untilInterrupted((signal) => backupStore(file, place, progress, signal));
        for (const { path, why } of report.leftOut) context.output.note(`left out: ${path} ${why}`);
        for (const uri of report.elsewhere)
          context.output.note(`left out: ${uri} is not below ${report.artifactRoot}`);
        context.output.result(report, () => renderBackup(report));
        return report.leftOut.length === 0 ? 0 : 1;
      }),
    );
};

/** `phantomnet restore`: a store out of a backup. */
export const defineRestore: CommandDefinition = (program, run) => {
  program
    .command('restore')
    .argument('<file>', 'archive that phantomnet backup wrote')
    .description('put a backup back, into an empty --store and --artifacts only')
    .action((file: string) =>
      run(async (context) => {
        const { restoreStore } = await import('../../pipeline/index.js');
        const report = await restoreStore(file, await placeOf(context), context.output.progress);
        context.output.result(report, () => renderRestore(report));
        return 0;
      }),
    );
};

async function placeOf(context: CommandContext): Promise<StorePlace> {
  const config = await loadConfig(context);
  return {
    uri: context.store.uri ?? config.store,
    artifactRoot: context.store.artifactRoot ?? config.artifacts,
  };
}
