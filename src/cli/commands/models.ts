import { Option } from 'commander';
import { type CommandDefinition, RUN } from '../context.js';
import { keyText, number, sanityOptions } from '../options.js';
import { withWorkspace } from '../session.js';
import { renderModel, renderModels, renderStaged } from '../views/models.js';
import { defineExport } from './export.js';
import { defineTree } from './tree.js';

/** `phantomnet models`: names, versions, stages, aliases and tags. */
export const defineModels: CommandDefinition = (program, run) => {
  const models = program.command('models').description('registered models: versions, stages, aliases, tags');
  models
    .command('list')
    .description('all registered models')
    .action(() =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { listModels } = await import('../../pipeline/index.js');
          const result = await listModels(workspace);
          context.output.result(result, () => renderModels(result, { color: context.output.color }));
          return 0;
        }),
      ),
    );
  models
    .command('show')
    .description('a registered model, or one version with its lineage')
    .argument('<name>')
    .argument('[version]', 'version, stage, @alias or latest')
    .action((name: string, version: string | undefined) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { showModel } = await import('../../pipeline/index.js');
          const result = await showModel(workspace, name, version);
          context.output.result(result, () => renderModel(result));
          return 0;
        }),
      ),
    );
  models
    .command('register')
    .description("register a run's model as a new version")
    .argument('<name>')
    .option(
      '--experiment <name>',
      'take the newest finished run of this experiment, whether or not it is the best',
    )
    .option('--run <run>', `take this run: ${RUN}`)
    .option('--description <text>', 'description of the version')
    .action((name: string, flags: { experiment?: string; run?: string; description?: string }) =>
      run((context) =>
        withWorkspace(context, async (workspace, config) => {
          const { registerRun } = await import('../../pipeline/index.js');
          const version = await registerRun(workspace, {
            name,
            experiment: flags.experiment ?? config.experiment,
            runId: flags.run,
            description: flags.description,
          });
          context.output.result(
            version,
            () => `${version.name} version ${version.version} registered from run ${version.runId}`,
          );
          if (flags.run === undefined && !context.output.json)
            context.output.note('this is the newest finished run of the experiment: --run takes another one');
          return 0;
        }),
      ),
    );
  models
    .command('stage')
    .description(
      'check a version, then move it to a stage; Staging also gets the tags lifecycle and validated',
    )
    .argument('<name>')
    .argument('<version>', 'version, stage, @alias or latest')
    .argument('<stage>', 'None, Staging, Production or Archived')
    .option('--archive-existing', 'archive the versions that hold the stage now')
    .option(
      '--unchecked',
      'stage a model that is never loaded here, such as a pickle, tagged validated=false',
    )
    .option('--input <json>', 'sanity input of the checks')
    .option('--expect <json>', 'labels the sanity input must get')
    .option('--min-accuracy <share>', 'acceptance gate (default: 0.85)', number)
    .option('--max-latency-ms <ms>', 'acceptance gate (default: 100)', number)
    .action(
      (
        name: string,
        version: string,
        stage: string,
        flags: {
          archiveExisting?: true;
          unchecked?: true;
          input?: string;
          expect?: string;
          minAccuracy?: number;
          maxLatencyMs?: number;
        },
      ) =>
        run((context) =>
          withWorkspace(context, async (workspace, config) => {
            const { stageVersion } = await import('../../pipeline/index.js');
            const result = await stageVersion(workspace, {
              name,
              version,
              stage,
              archiveExisting: flags.archiveExisting === true,
              unchecked: flags.unchecked === true,
              minAccuracy: flags.minAccuracy ?? config.gates?.minAccuracy ?? 0.85,
              maxLatencyMs: flags.maxLatencyMs ?? config.gates?.maxLatencyMs ?? 100,
              ...sanityOptions(flags, config),
            });
            context.output.result(result, () => renderStaged(result));
            return result.passed ? 0 : 1;
          }),
        ),
    );
  models
    .command('alias')
    .description('point an alias at a version, or remove it')
    .argument('<name>')
    .argument('<alias>')
    .argument('[version]', 'version, stage or latest')
    .option('--delete', 'remove the alias')
    .action((name: string, alias: string, version: string | undefined, flags: { delete?: true }) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { setModelAlias } = await import('../../pipeline/index.js');
          const result = await setModelAlias(workspace, {
            name,
            alias,
            version,
            remove: flags.delete === true,
          });
          context.output.result(result, () =>
            result.version === null
              ? `alias ${alias} removed`
              : `${name}@${alias} is version ${result.version}`,
          );
          return 0;
        }),
      ),
    );
  models
    .command('tag')
    .description('set or remove tags of a version')
    .argument('<name>')
    .argument('<version>', 'version, stage, @alias or latest')
    .option('--set <key=value>', 'set a tag; repeat for more', keyText)
    .addOption(new Option('--unset <key>', 'remove a tag'))
    .action((name: string, version: string, flags: { set?: Record<string, string>; unset?: string }) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { tagVersion } = await import('../../pipeline/index.js');
          const result = await tagVersion(workspace, { name, version, set: flags.set, unset: flags.unset });
          context.output.result(result, () => `tags: ${JSON.stringify(result.tags)}`);
          return 0;
        }),
      ),
    );
  models
    .command('delete-version')
    .description('remove one version; refused while it is staged or has an alias')
    .argument('<name>')
    .argument('<version>', 'version, stage, @alias or latest')
    .action((name: string, reference: string) =>
      run((context) =>
        withWorkspace(context, async (workspace) => {
          const { deleteVersion } = await import('../../pipeline/index.js');
          const { version } = await deleteVersion(workspace, name, reference);
          context.output.result({ name, version, deleted: true }, () => `${name} version ${version} deleted`);
          return 0;
        }),
      ),
    );
  defineExport(models, run);
  defineTree(models, run);
};
