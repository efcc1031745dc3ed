import { existsSync } from 'node:fs';
import type { ConfigFile, Workspace } from '../pipeline/index.js';
import type { CommandContext } from './program.js';

const DEFAULT_CONFIG = 'phantomnet.config.yaml';

/** Returns the config file named by --config, else phantomnet.config.yaml where it exists, else an empty one. */
export async function loadConfig(context: CommandContext): Promise<ConfigFile> {
  const path = context.configPath ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined);
  if (path === undefined) return {};
  const { readConfigFile } = await import('../pipeline/index.js');
  return readConfigFile(path);
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
    return await body(workspace, config);
  } finally {
    await workspace.close();
  }
}
