import { PhantomNetError } from '../core/index.js';
import { explainOpaque, loadableFlavor, type OpaqueModel } from '../mlflow/index.js';
import type { ModelVersion, RegisteredModel } from '../register/index.js';
import type { DatasetInput, Run } from '../track/index.js';
import { findVersion, readResolved, resolveModel, suggestName, versionsOf } from './resolve-model.js';
import type { Workspace } from './workspace.js';

/** A version with where it came from. */
export interface ModelDetails extends RegisteredModel {
  readonly versions: readonly ModelVersion[];
}

/** One version's origin: run, data, code, params and metrics. */
export interface VersionDetails {
  readonly version: ModelVersion;
  /** How the model is loaded here, or why it never is; null where its files cannot be read. */
  readonly model: VersionModel | null;
  readonly lineage: {
    readonly runId: string;
    readonly runName: string;
    readonly datasets: readonly DatasetInput[];
    readonly dataDigest: string | null;
    readonly gitCommit: string | null;
    readonly gitDirty: boolean | null;
    readonly params: Run['params'];
    readonly metrics: Readonly<Record<string, number>>;
  } | null;
}

/** How a version's model is loaded: `phantomnet`, `onnx`, or not at all. */
export interface VersionModel {
  readonly flavor: ReturnType<typeof loadableFlavor> | null;
  readonly opaque: OpaqueModel | null;
}

/** Returns a registered model with all its versions, or one version with its lineage. Throws NOT_FOUND. */
export async function showModel(
  workspace: Workspace,
  name: string,
  reference?: string,
): Promise<ModelDetails | VersionDetails> {
  if (reference === undefined) {
    const model = await suggestName(workspace, name, workspace.registry.getRegisteredModel(name));
    return { ...model, versions: await versionsOf(workspace, name) };
  }
  const version = await findVersion(workspace, name, reference);
  const model = await modelOf(workspace, version);
  if (version.runId === '') return { version, model, lineage: null };
  const run = await workspace.tracking.getRun(version.runId);
  const dirty = run.tags['phantomnet.git.dirty'];
  return {
    version,
    model,
    lineage: {
      runId: run.info.runId,
      runName: run.info.runName,
      datasets: run.datasets,
      dataDigest: run.tags['phantomnet.dataDigest'] ?? null,
      gitCommit: run.tags['mlflow.source.git.commit'] ?? null,
      gitDirty: dirty === undefined ? null : dirty === 'true',
      params: run.params,
      metrics: Object.fromEntries(Object.values(run.metrics).map((m) => [m.key, m.value])),
    },
  };
}

/** A version is shown also where its files are gone, elsewhere, or refused. */
async function modelOf(workspace: Workspace, { name, version }: ModelVersion): Promise<VersionModel | null> {
  try {
    const { mlModel } = await readResolved(await resolveModel(workspace, `models:/${name}/${version}`));
    return { flavor: loadableFlavor(mlModel) ?? null, opaque: explainOpaque(mlModel) ?? null };
  } catch (error) {
    if (error instanceof PhantomNetError) return null;
    throw error;
  }
}

/** Points an alias at a version, or removes it. */
export async function setModelAlias(
  workspace: Workspace,
  options: {
    readonly name: string;
    readonly alias: string;
    readonly version: string | undefined;
    readonly remove: boolean;
  },
): Promise<{ readonly name: string; readonly alias: string; readonly version: string | null }> {
  const { name, alias } = options;
  if (options.remove) {
    await workspace.registry.deleteAlias(name, alias);
    return { name, alias, version: null };
  }
  if (options.version === undefined)
    throw new PhantomNetError('INVALID_PARAMETER', 'no version was named for the alias', {
      hint: `phantomnet models alias ${name} ${alias} <version>, or --delete to remove it`,
    });
  const { version } = await findVersion(workspace, name, options.version);
  await workspace.registry.setAlias(name, alias, version);
  return { name, alias, version };
}

/** Sets and removes tags of a version and returns it. */
export async function tagVersion(
  workspace: Workspace,
  options: {
    readonly name: string;
    readonly version: string;
    readonly set?: Readonly<Record<string, string>> | undefined;
    readonly unset?: string | undefined;
  },
): Promise<ModelVersion> {
  const { name, set = {}, unset } = options;
  const { version } = await findVersion(workspace, name, options.version);
  await workspace.registry.setModelVersionTags(name, version, set);
  if (unset !== undefined) await workspace.registry.deleteModelVersionTag(name, version, unset);
  return workspace.registry.getModelVersion(name, version);
}

/** Removes one version and returns what it was. Throws CONFLICT while it is staged or has an alias. */
export async function deleteVersion(
  workspace: Workspace,
  name: string,
  reference: string,
): Promise<ModelVersion> {
  const found = await findVersion(workspace, name, reference);
  const { version } = found;
  const held = [
    ...(['Staging', 'Production'].includes(found.stage) ? [`in stage ${found.stage}`] : []),
    ...found.aliases.map((a) => `aliased @${a}`),
  ];
  if (held.length > 0)
    throw new PhantomNetError('CONFLICT', `${name} version ${version} is ${held.join(' and ')}`, {
      hint: `move it first: phantomnet models stage ${name} ${version} Archived, or models alias … --delete`,
      details: { name, version, held },
    });
  await workspace.registry.deleteModelVersion(name, version);
  return found;
}
