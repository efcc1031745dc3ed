import { didYouMean, PhantomNetError, show } from '../core/index.js';
import {
  type Manifest,
  type OnnxPackage,
  openAnyPackage,
  PACKAGE_FILES,
  readManifest,
  type VerifiedPackage,
} from '../deploy/index.js';
import { collectPages, type ModelAddress, parseModelAddress, quoteFilterText } from '../mlflow/index.js';
import { type ModelVersion, type RegisteredModel, STAGES, type Stage } from '../register/index.js';
import type { ArtifactStore } from '../track/index.js';
import { type Detector, detectorOf } from './detector.js';
import { type OnnxDetector, onnxDetectorOf } from './onnx-detector.js';
import type { Workspace } from './workspace.js';

/** Tag that a version and a logged model carry: SHA-256 of the package's MLmodel file. */
export const PACKAGE_DIGEST_TAG = 'phantomnet.packageDigest';

/** Where the files of a model are, and what was recorded of them. */
export interface ResolvedModel {
  readonly address: string;
  readonly artifacts: ArtifactStore;
  /** The registered version, where the address names one. */
  readonly version: ModelVersion | undefined;
  readonly runId: string;
  readonly packageDigest: string | undefined;
}

/** A detector loaded in safe mode, with where it came from. */
export interface LoadedDetector {
  readonly detector: Detector;
  readonly pkg: VerifiedPackage;
  readonly resolved: ResolvedModel;
  /** `name/version`, else the address: what predictions name as their model. */
  readonly label: string;
}

/** An ONNX model of another program, loaded: nothing of it was run but its graph. */
export interface LoadedOnnxDetector extends Pick<LoadedDetector, 'resolved' | 'label'> {
  readonly detector: OnnxDetector;
  readonly pkg: OnnxPackage;
}

/** Returns where an address leads: `models:/name/version|Stage|latest`, `models:/name@alias`, `models:/m-…`, `runs:/id/path`. Throws NOT_FOUND. */
export async function resolveModel(workspace: Workspace, address: string): Promise<ResolvedModel> {
  const parsed = parseModelAddress(address);
  if (parsed.kind === 'run') return resolveRun(workspace, address, parsed);
  if (parsed.kind === 'logged-model') return resolveLoggedModel(workspace, address, parsed.modelId);
  const version = await versionOf(workspace, parsed);
  const uri = await workspace.registry.getDownloadUri(version.name, version.version);
  return {
    address,
    artifacts: workspace.tracking.artifacts(uri),
    version,
    runId: version.runId,
    packageDigest: version.tags[PACKAGE_DIGEST_TAG],
  };
}

async function resolveLoggedModel(
  workspace: Workspace,
  address: string,
  modelId: string,
): Promise<ResolvedModel> {
  const model = await workspace.tracking.getLoggedModel(modelId);
  return {
    address,
    artifacts: workspace.tracking.artifacts(model.artifactUri),
    version: undefined,
    runId: model.sourceRunId,
    packageDigest: model.tags[PACKAGE_DIGEST_TAG],
  };
}

async function resolveRun(
  workspace: Workspace,
  address: string,
  { runId, path }: { readonly runId: string; readonly path: string },
): Promise<ResolvedModel> {
  const run = await workspace.tracking.getRun(runId);
  for (const { modelId } of [...run.modelOutputs].reverse()) {
    const model = await workspace.tracking.getLoggedModel(modelId);
    if (model.name === path) return { ...(await resolveLoggedModel(workspace, address, modelId)), runId };
  }
  const artifacts = workspace.tracking.artifacts(`${run.info.artifactUri}/${path}`);
  const entries = await artifacts.list();
  if (!entries.some((e) => e.path === PACKAGE_FILES.mlmodel))
    throw new PhantomNetError('NOT_FOUND', `run ${runId} has no model at ${show(path)}`, {
      hint: 'a run of phantomnet train keeps its model at runs:/<id>/model',
      details: { runId, path },
    });
  return { address, artifacts, version: undefined, runId, packageDigest: undefined };
}

/** Returns all registered models by name. */
export function listModels({ registry }: Workspace): Promise<RegisteredModel[]> {
  return collectPages((page) => registry.searchRegisteredModels(page));
}

/** Returns the versions of a model, newest first, at most `most` of them; none for an unknown model. */
export function versionsOf({ registry }: Workspace, name: string, most?: number): Promise<ModelVersion[]> {
  const filter = `name = ${quoteFilterText(name)}`;
  const maxResults = Math.min(most ?? 1_000, 1_000);
  return collectPages(
    (page) => registry.searchModelVersions({ ...page, filter, maxResults, orderBy: ['version_number DESC'] }),
    most,
  );
}

type RegistryAddress = Extract<ModelAddress, { kind: 'version' | 'stage' | 'latest' | 'alias' }>;

/** Returns the version of an address; a name that is none gets a suggestion. */
async function versionOf(workspace: Workspace, address: RegistryAddress): Promise<ModelVersion> {
  return suggestName(workspace, address.name, lookUp(workspace, address));
}

/** Returns what `found` gives; where it ends in NOT_FOUND and there is no such model, the error names the nearest. */
export async function suggestName<T>(workspace: Workspace, name: string, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (!(error instanceof PhantomNetError && error.code === 'NOT_FOUND')) throw error;
    const known = (await listModels(workspace)).map((model) => model.name);
    if (known.includes(name)) throw error;
    throw new PhantomNetError('NOT_FOUND', `no registered model ${show(name)}`, {
      cause: error,
      hint:
        didYouMean(name, known) ??
        (known.length > 0
          ? `there are: ${known.join(', ')}`
          : 'register one: phantomnet models register <name> --run <id>'),
      details: { name },
    });
  }
}

async function lookUp(workspace: Workspace, address: RegistryAddress): Promise<ModelVersion> {
  const { registry } = workspace;
  const { name } = address;
  if (address.kind === 'version') return registry.getModelVersion(name, address.version);
  if (address.kind === 'alias') return registry.getVersionByAlias(name, address.alias);
  if (address.kind === 'latest') {
    const [newest] = await versionsOf(workspace, name, 1);
    if (newest !== undefined) return newest;
    await registry.getRegisteredModel(name);
    throw new PhantomNetError('NOT_FOUND', `model ${show(name)} has no version`, {
      hint: `register one: phantomnet models register ${name} --run <id>`,
    });
  }
  const [staged] = await registry.getLatestVersions(name, [address.stage]);
  if (staged !== undefined) return staged;
  await registry.getRegisteredModel(name);
  throw new PhantomNetError('NOT_FOUND', `model ${show(name)} has no version in stage ${address.stage}`, {
    hint: `stage one: phantomnet models stage ${name} latest ${address.stage}`,
    details: { name, stage: address.stage },
  });
}

/** Returns the version that `reference` names: a number, a stage, `@alias` or `latest`. Throws NOT_FOUND. */
export function findVersion(workspace: Workspace, name: string, reference: string): Promise<ModelVersion> {
  if (reference.startsWith('@'))
    return versionOf(workspace, { kind: 'alias', name, alias: reference.slice(1) });
  if (reference.toLowerCase() === 'latest') return versionOf(workspace, { kind: 'latest', name });
  if (/^[1-9]\d{0,9}$/.test(reference))
    return versionOf(workspace, { kind: 'version', name, version: reference });
  return versionOf(workspace, { kind: 'stage', name, stage: parseStage(reference) });
}

/** Returns the stage that a word names, in any case. Throws INVALID_PARAMETER listing the stages. */
export function parseStage(word: string): Stage {
  const stage = STAGES.find((s) => s.toLowerCase() === word.toLowerCase());
  if (stage !== undefined) return stage;
  throw new PhantomNetError('INVALID_PARAMETER', `${show(word)} is not a stage`, {
    hint: `the stages are ${STAGES.join(', ')}; versions are whole numbers, @alias or latest`,
    details: { given: word, allowed: STAGES },
  });
}

/** Returns what a resolved model says it is; none of its other files is read. Throws INTEGRITY where it does not say. */
export function readResolved({ artifacts, packageDigest }: ResolvedModel): Promise<Manifest> {
  return readManifest((path) => artifacts.get(path), { packageDigest });
}

/** Opens the package behind a resolved address in safe mode: every recorded digest checked, no code run. */
export function openResolved({
  artifacts,
  packageDigest,
}: ResolvedModel): Promise<VerifiedPackage | OnnxPackage> {
  const sizeOf = async (path: string) => {
    const folder = path.split('/').slice(0, -1).join('/');
    const entries = await artifacts.list(folder);
    return entries.find((entry) => entry.path === path)?.sizeBytes ?? undefined;
  };
  return openAnyPackage((path) => artifacts.get(path), { packageDigest, sizeOf });
}

/** Returns the detector an address names, loaded in safe mode: one of ours or an ONNX graph. Throws NOT_FOUND or INTEGRITY. */
export async function loadAnyDetector(
  workspace: Workspace,
  address: string,
): Promise<LoadedDetector | LoadedOnnxDetector> {
  const resolved = await resolveModel(workspace, address);
  const pkg = await openResolved(resolved);
  const { version } = resolved;
  const label = version === undefined ? address : `${version.name}/${version.version}`;
  return pkg.flavor === 'onnx'
    ? { detector: await onnxDetectorOf(pkg), pkg, resolved, label }
    : { detector: detectorOf(pkg), pkg, resolved, label };
}

/** Returns the detector of ours that an address names, loaded in safe mode. Throws NOT_FOUND or INTEGRITY; UNSUPPORTED for an ONNX graph. */
export async function loadDetector(workspace: Workspace, address: string): Promise<LoadedDetector> {
  const loaded = await loadAnyDetector(workspace, address);
  if (isOwn(loaded)) return loaded;
  throw new PhantomNetError('UNSUPPORTED', `${loaded.label} is an ONNX graph, which is scored call by call`, {
    hint: 'load it with loadAnyDetector and await predict; on the command line use predict or deploy check',
  });
}

function isOwn(loaded: LoadedDetector | LoadedOnnxDetector): loaded is LoadedDetector {
  return loaded.pkg.flavor !== 'onnx';
}
