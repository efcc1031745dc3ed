import { PhantomNetError } from '../core/index.js';
import { allPages } from '../mlflow/index.js';
import type { ArtifactEntry, Run } from '../track/index.js';
import { experimentNamed, findRun, listExperiments, RUNS_PER_PAGE } from './find-runs.js';
import { ROLE_TAG } from './log-experiment.js';
import type { Workspace } from './workspace.js';

/** A run as `runs list` shows it. */
export interface RunSummary {
  readonly runId: string;
  readonly runName: string;
  readonly experiment: string;
  readonly status: Run['info']['status'];
  readonly lifecycleStage: Run['info']['lifecycleStage'];
  readonly role: string | null;
  readonly startTime: string;
  readonly durationMs: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Run['params'];
  readonly tags: Run['tags'];
}

/** Returns runs, newest first; those that were made for another run, as baselines and trials, when `children` asks for them. */
export async function listRuns(
  workspace: Workspace,
  options: {
    readonly experiment?: string | undefined;
    readonly limit?: number | undefined;
    readonly view?: 'active' | 'deleted' | 'all';
    readonly children?: boolean | undefined;
  } = {},
): Promise<RunSummary[]> {
  const experiments =
    options.experiment === undefined
      ? await listExperiments(workspace)
      : [await experimentNamed(workspace, options.experiment)];
  const names = new Map(experiments.map((e) => [e.experimentId, e.name]));
  const viewType = ({ active: 'ACTIVE_ONLY', deleted: 'DELETED_ONLY', all: 'ALL' } as const)[
    options.view ?? 'active'
  ];
  const { limit = 100, children = false } = options;
  const query = { experimentIds: [...names.keys()], viewType, maxResults: RUNS_PER_PAGE };
  const runs: Run[] = [];
  // No filter says so that every MLflow server knows.
  const isListed = (run: Run): boolean => children || run.tags['mlflow.parentRunId'] === undefined;
  for await (const run of allPages((page) => workspace.tracking.searchRuns({ ...query, ...page })))
    if (isListed(run) && runs.push(run) >= limit) break;
  return runs.map((run) => summaryOf(run, names.get(run.info.experimentId) ?? run.info.experimentId));
}

function summaryOf({ info, metrics, params, tags }: Run, experiment: string): RunSummary {
  return {
    runId: info.runId,
    runName: info.runName,
    experiment,
    status: info.status,
    lifecycleStage: info.lifecycleStage,
    role: tags[ROLE_TAG] ?? null,
    startTime: new Date(info.startTime).toISOString(),
    durationMs: info.endTime === null ? null : info.endTime - info.startTime,
    metrics: Object.fromEntries(Object.values(metrics).map((m) => [m.key, m.value])),
    params,
    tags,
  };
}

/** Everything of one run. */
export interface RunDetails extends RunSummary {
  readonly artifactUri: string;
  readonly datasets: Run['datasets'];
  readonly models: readonly string[];
  readonly artifacts: readonly ArtifactEntry[];
}

/** Returns everything logged to a run, named by its id, the beginning of it, or its name. Throws NOT_FOUND; CONFLICT where it is several. */
export async function showRun(workspace: Workspace, wanted: string): Promise<RunDetails> {
  const { tracking } = workspace;
  const run = await findRun(workspace, wanted, { views: ['ACTIVE_ONLY', 'DELETED_ONLY'] });
  const experiment = await tracking.getExperiment(run.info.experimentId);
  return {
    ...summaryOf(run, experiment.name),
    artifactUri: run.info.artifactUri,
    datasets: run.datasets,
    models: run.modelOutputs.map(({ modelId }) => modelId),
    artifacts: await tracking.artifacts(run.info.artifactUri).list(),
  };
}

/** What `changeLifecycle` did. */
export interface LifecycleChange {
  readonly kind: 'run' | 'experiment';
  readonly id: string;
  readonly lifecycleStage: 'active' | 'deleted';
}

/** Marks a run, or a whole experiment (by name or id), deleted, or brings it back. Throws NOT_FOUND; CONFLICT where a name is that of several; INVALID_PARAMETER unless exactly one is named. */
export async function changeLifecycle(
  workspace: Workspace,
  options: {
    readonly verb: 'delete' | 'restore';
    /** Id of the run, the beginning of it, or its name. */
    readonly runId?: string | undefined;
    readonly experiment?: string | undefined;
  },
): Promise<LifecycleChange> {
  const { verb, runId: wanted, experiment } = options;
  const { tracking } = workspace;
  const lifecycleStage = verb === 'delete' ? 'deleted' : 'active';
  if ((wanted === undefined) === (experiment === undefined))
    throw new PhantomNetError('INVALID_PARAMETER', `runs ${verb} takes one run, or --experiment`, {
      hint: `phantomnet runs ${verb} <run>, or phantomnet runs ${verb} --experiment <name>`,
    });
  if (wanted !== undefined) {
    const views = [verb === 'delete' ? 'ACTIVE_ONLY' : 'DELETED_ONLY'] as const;
    const { runId } = (await findRun(workspace, wanted, { views })).info;
    await (verb === 'delete' ? tracking.deleteRun(runId) : tracking.restoreRun(runId));
    return { kind: 'run', id: runId, lifecycleStage };
  }
  const id = (
    (await tracking.getExperimentByName(experiment!)) ?? (await tracking.getExperiment(experiment!))
  ).experimentId;
  await (verb === 'delete' ? tracking.deleteExperiment(id) : tracking.restoreExperiment(id));
  return { kind: 'experiment', id, lifecycleStage };
}
