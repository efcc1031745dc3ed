import { PhantomNetError } from '../core/index.js';
import type { Workspace, WorkspaceOptions } from './workspace.js';
import { openWorkspace } from './workspace.js';

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
 * registered version stands on it or on its model in a stage or behind an alias.
 */
export async function collectGarbage(
  workspace: Workspace,
  { apply }: { readonly apply: boolean },
): Promise<GarbageReport> {
  const { tracking } = workspace;
  const held = await heldRuns(workspace);
  const experiments = await tracking.listExperiments('ALL');
  const runs = await tracking.listRuns({
    experimentIds: experiments.map((e) => e.experimentId),
    viewType: 'DELETED_ONLY',
    limit: Number.MAX_SAFE_INTEGER,
  });
  const removable: GarbageItem[] = [];
  const kept: GarbageItem[] = [];
  for (const run of runs) {
    const { runId, runName } = run.info;
    const keptBecause = held.get(runId);
    const items: GarbageItem[] = [
      ...run.modelOutputs.map((id) => ({
        kind: 'logged-model' as const,
        id,
        name: `${runName}/model`,
        runId,
      })),
      { kind: 'run', id: runId, name: runName, runId },
    ];
    if (keptBecause === undefined) removable.push(...items);
    else kept.push(...items.map((item) => ({ ...item, keptBecause })));
  }
  if (apply)
    for (const { kind, id } of removable)
      await (kind === 'run' ? tracking.purgeRun(id) : tracking.deleteLoggedModel(id));
  return { applied: apply, removable, kept };
}

/** Returns why each run that a registered version stands on is held. */
async function heldRuns({ registry }: Workspace): Promise<Map<string, string>> {
  const held = new Map<string, string>();
  for (const model of await registry.listRegisteredModels())
    for (const version of await registry.listModelVersions(model.name)) {
      const where = [
        ...(version.stage === 'None' ? [] : [`in ${version.stage}`]),
        ...version.aliases.map((alias) => `@${alias}`),
      ];
      const state = where.length > 0 ? where.join(', ') : 'registered';
      if (version.runId !== '')
        held.set(version.runId, `${model.name} version ${version.version} (${state})`);
    }
  return held;
}

/** One thing the program needs, and whether it is there. */
export interface Diagnosis {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** What `doctor` found. */
export interface DoctorReport {
  readonly passed: boolean;
  readonly checks: readonly Diagnosis[];
}

/** Checks Node, the store and the Parquet reader; opens the store as any command would. */
export async function diagnose(options: WorkspaceOptions): Promise<DoctorReport> {
  const checks: Diagnosis[] = [
    await probe('node', () => {
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      if (major < 20 || (major === 20 && minor < 19))
        throw new PhantomNetError('UNSUPPORTED', `Node ${process.versions.node}; 20.19 or newer is needed`);
      return `Node ${process.versions.node}`;
    }),
    await probe('store', async () => {
      const workspace = await openWorkspace(options);
      try {
        const experiments = await workspace.tracking.listExperiments();
        return `${workspace.tracking.uri}: ${experiments.length} experiments`;
      } finally {
        await workspace.close();
      }
    }),
    await probe('registry', async () => {
      const workspace = await openWorkspace(options);
      try {
        return `${(await workspace.registry.listRegisteredModels()).length} registered models`;
      } finally {
        await workspace.close();
      }
    }),
    await probe('parquet reader', async () => {
      const { version } = await import('@duckdb/node-api');
      return `DuckDB ${version()}`;
    }),
  ];
  return { passed: checks.every((c) => c.passed), checks };
}

async function probe(name: string, body: () => string | Promise<string>): Promise<Diagnosis> {
  try {
    return { name, passed: true, detail: await body() };
  } catch (error) {
    const detail =
      error instanceof PhantomNetError && error.hint ? `${error.message}; ${error.hint}` : String(error);
    return { name, passed: false, detail };
  }
}
