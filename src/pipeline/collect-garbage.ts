import { PhantomNetError } from '../core/index.js';
import { allPages, collectPages } from '../mlflow/index.js';
import type { ModelVersion } from '../register/index.js';
import type { Run, TrackingStore } from '../track/index.js';
import { RUNS_PER_PAGE } from './find-runs.js';
import type { Workspace } from './workspace.js';

/** One thing that deleted runs still hold. */
export interface GarbageItem {
  readonly kind: 'run' | 'logged-model';
  readonly id: string;
  readonly name: string;
  readonly runId: string;
  /** Why it stays; absent for what is (or would be) removed. */
  readonly keptBecause?: string;
}

/** What `gc` found, and removed when it was told to apply. */
export interface GarbageReport {
  readonly applied: boolean;
  readonly removable: readonly GarbageItem[];
  readonly kept: readonly GarbageItem[];
}

/**
 * Lists deleted runs and their logged models, and removes them with `apply`. A run stays, with all it made, while any
 * registered version stands on it: by its run, its logged model, or files below either.
 * Throws UNSUPPORTED, before anything is removed, for `apply` on a server: its wire has no call that removes a run.
 */
export async function collectGarbage(
  workspace: Workspace,
  { apply }: { readonly apply: boolean },
): Promise<GarbageReport> {
  const { tracking } = workspace;
  if (apply && /^https?:/.test(tracking.uri))
    throw new PhantomNetError(
      'UNSUPPORTED',
      'gc --apply works on an embedded store only: a server cannot be told to remove runs',
      {
        hint: 'run it on the machine of the server with the --store that the server was given (or `mlflow gc`, where that runs); gc without --apply lists what deleted runs hold',
      },
    );
  const versions = await registeredVersions(workspace);
  const experiments = await collectPages((page) => tracking.searchExperiments({ ...page, viewType: 'ALL' }));
  const experimentIds = experiments.map((e) => e.experimentId);
  const runs = await collectPages((page) =>
    tracking.searchRuns({ ...page, experimentIds, viewType: 'DELETED_ONLY', maxResults: RUNS_PER_PAGE }),
  );
  const removable: GarbageItem[] = [];
  const kept: GarbageItem[] = [];
  for (const run of runs) {
    const places = await placesOf(tracking, run);
    const holder = versions.find((version) => standsOn(version, run, places));
    if (holder === undefined) removable.push(...itemsOf(run));
    else kept.push(...itemsOf(run).map((item) => ({ ...item, keptBecause: holder.name })));
  }
  if (apply) for (const item of removable) await remove(tracking, item);
  return { applied: apply, removable, kept };
}

function itemsOf({ info: { runId, runName }, modelOutputs }: Run): GarbageItem[] {
  const models = modelOutputs.map(({ modelId: id }) => ({
    kind: 'logged-model' as const,
    id,
    name: `${runName}/model`,
    runId,
  }));
  return [...models, { kind: 'run', id: runId, name: runName, runId }];
}

/** A registered version and every way it names what it stands on. */
interface Holder {
  /** For people: model, version, and where it is in use. */
  readonly name: string;
  readonly version: ModelVersion;
  /** Where its files are; undefined when that cannot be found out. */
  readonly uri: string | undefined;
}

async function registeredVersions({ registry }: Workspace): Promise<Holder[]> {
  const holders: Holder[] = [];
  for await (const version of allPages((page) =>
    registry.searchModelVersions({ ...page, orderBy: ['name'] }),
  )) {
    const inUse = [
      ...(version.stage === 'None' ? [] : [`in ${version.stage}`]),
      ...version.aliases.map((alias) => `@${alias}`),
    ];
    const name = `${version.name} version ${version.version} (${inUse.join(', ') || 'registered'})`;
    const uri = await registry.getDownloadUri(version.name, version.version).catch(ignoreNotFound);
    holders.push({ name, version, uri });
  }
  return holders;
}

/** Returns the artifact uris of a run and of the models it made. */
async function placesOf(tracking: TrackingStore, run: Run): Promise<string[]> {
  const models = await Promise.all(
    run.modelOutputs.map(({ modelId }) => tracking.getLoggedModel(modelId).catch(ignoreNotFound)),
  );
  return [
    run.info.artifactUri,
    ...models.flatMap((model) => (model === undefined ? [] : [model.artifactUri])),
  ];
}

function standsOn({ version, uri }: Holder, run: Run, places: readonly string[]): boolean {
  const modelIds = [version.modelId, version.source.replace(/^models:\//, '')];
  return (
    version.runId === run.info.runId ||
    run.modelOutputs.some(({ modelId }) => modelIds.includes(modelId)) ||
    [uri, version.source].some((at) => at !== undefined && places.some((place) => isBelow(at, place)))
  );
}

function isBelow(uri: string, place: string): boolean {
  const plain = (text: string): string => text.replace(/^file:\/\//, '').replace(/\/+$/, '');
  return plain(uri) === plain(place) || plain(uri).startsWith(`${plain(place)}/`);
}

/** A gc that was cut short leaves runs whose models are gone already. */
async function remove(tracking: TrackingStore, { kind, id }: GarbageItem): Promise<void> {
  if (kind === 'run') await tracking.purgeRun(id);
  else await tracking.purgeLoggedModel(id).catch(ignoreNotFound);
}

function ignoreNotFound(error: unknown): undefined {
  if (error instanceof PhantomNetError && error.code === 'NOT_FOUND') return undefined;
  throw error;
}
