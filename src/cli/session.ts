import { existsSync } from 'node:fs';
import { PhantomNetError } from '../core/index.js';
import type { ConfigFile, Workspace } from '../pipeline/index.js';
import type { CommandContext } from './context.js';

const DEFAULT_CONFIG = 'phantomnet.config.yaml';

/** Returns the config file named by --config, else phantomnet.config.yaml where it exists, else an empty one. */
export async function loadConfig(context: CommandContext): Promise<ConfigFile> {
  const path = configPathOf(context);
  if (path === undefined) return {};
  const { readConfigFile } = await import('../pipeline/index.js');
  return readConfigFile(path);
}

/**
 * Returns what `body` does with a config. Where a file is missing that the config and no argument names, the error says which
 * key of which config names it.
 */
export async function withConfigData<T>(
  context: CommandContext,
  config: ConfigFile,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof PhantomNetError) || error.code !== 'NOT_FOUND') throw error;
    const { file } = error.details;
    const key = (['path', 'test'] as const).find(
      (name) => file !== undefined && config.data?.[name] === file,
    );
    if (key === undefined) throw error;
    throw new PhantomNetError(
      error.code,
      `${error.message}; it is data.${key} of ${configPathOf(context) ?? 'the config'}`,
      {
        hint: `${error.hint}; a path in a config counts from the current folder`,
        details: error.details,
        cause: error.cause,
      },
    );
  }
}

function configPathOf(context: CommandContext): string | undefined {
  return context.configPath ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined);
}

/** Opens the tracking store and registry that flags, config and environment name, runs `body`, and closes them. */
export async function withWorkspace<T>(
  context: CommandContext,
  body: (workspace: Workspace, config: ConfigFile) => Promise<T>,
): Promise<T> {
  const { openWorkspace } = await import('../pipeline/index.js');
  const config = await loadConfig(context);
  const workspace = await openWorkspace({
    uri: context.store.uri ?? config.store,
    artifactRoot: context.store.artifactRoot ?? config.artifacts,
    onNote: context.output.note,
  });
  try {
    return await withConfigData(context, config, () => body(workspace, config));
  } finally {
    await workspace.close();
  }
}
