import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { collectPages } from '../mlflow/index.js';
import type { ArtifactEntry, Experiment, Run, RunQuery } from '../track/index.js';
import { ROLE_TAG } from './log-experiment.js';
import type { Workspace } from './workspace.js';

/** Returns the active experiment of that name (default: MLFLOW_EXPERIMENT_NAME, else Default). Throws NOT_FOUND with a suggestion. */
export async function experimentNamed(workspace: Workspace, name: string | undefined): Promise<Experiment> {
  const wanted = name ?? process.env['MLFLOW_EXPERIMENT_NAME'] ?? 'Default';
  const experiment = await workspace.tracking.getExperimentByName(wanted);
  if (experiment?.lifecycleStage === 'active') return experiment;
  const known = (await listExperiments(workspace)).map((e) => e.name);
  throw new PhantomNetError(
    'NOT_FOUND',
    `no experiment ${show(wanted)}${experiment === undefined ? '' : ' (it is deleted)'}`,
    {
      hint: didYouMean(wanted, known) ?? `there are: ${known.join(', ')}`,
      details: { experiment: wanted },
    },
  );
}

/** Returns the active experiments, newest first. */
export function listExperiments({ tracking }: Workspace): Promise<Experiment[]> {
  return collectPages((page) => tracking.searchExperiments(page));
}

/** Runs of one page of a search that reads many. */
export const RUNS_PER_PAGE = 200;

/** Returns the first `most` runs of a search. Throws INVALID_PARAMETER for what the search refuses. */
export function findRuns({ tracking }: Workspace, query: RunQuery, most: number): Promise<Run[]> {
  const maxResults = Math.min(most, RUNS_PER_PAGE);
  return collectPages((page) => tracking.searchRuns({ ...query, ...page, maxResults }), most);
}

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

/** Returns runs, newest first. */
export async function listRuns(
  workspace: Workspace,
  options: {
    readonly experiment?: string | undefined;
    readonly limit?: number | undefined;
    readonly view?: 'active' | 'deleted' | 'all';
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
  const runs = await findRuns(
    workspace,
    { experimentIds: [...names.keys()], viewType },
    options.limit ?? 100,
  );
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

/** Returns everything logged to a run. Throws NOT_FOUND. */
export async function showRun({ tracking }: Workspace, runId: string): Promise<RunDetails> {
  const run = await tracking.getRun(runId);
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

/** Marks a run, or a whole experiment (by name or id), deleted, or brings it back. Throws NOT_FOUND; INVALID_PARAMETER unless exactly one is named. */
export async function changeLifecycle(
  { tracking }: Workspace,
  options: {
    readonly verb: 'delete' | 'restore';
    readonly runId?: string | undefined;
    readonly experiment?: string | undefined;
  },
): Promise<LifecycleChange> {
  const { verb, runId, experiment } = options;
  const lifecycleStage = verb === 'delete' ? 'deleted' : 'active';
  if ((runId === undefined) === (experiment === undefined))
    throw new PhantomNetError('INVALID_PARAMETER', `runs ${verb} takes one run id, or --experiment`, {
      hint: `phantomnet runs ${verb} <run id>, or phantomnet runs ${verb} --experiment <name>`,
    });
  if (runId !== undefined) {
    await (verb === 'delete' ? tracking.deleteRun(runId) : tracking.restoreRun(runId));
    return { kind: 'run', id: runId, lifecycleStage };
  }
  const id = (
    (await tracking.getExperimentByName(experiment!)) ?? (await tracking.getExperiment(experiment!))
  ).experimentId;
  await (verb === 'delete' ? tracking.deleteExperiment(id) : tracking.restoreExperiment(id));
  return { kind: 'experiment', id, lifecycleStage };
}
