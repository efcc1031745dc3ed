import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { collectPages, quoteFilterText } from '../mlflow/index.js';
import type { Experiment, Run, RunQuery } from '../track/index.js';
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

/** The most runs that an error lists. */
const LISTED = 5;
/** The beginning of an id; a shorter one is a slip. */
const ID_PREFIX = /^[0-9a-f]{4,31}$/;

/** Where a run is looked for by its name, and by the beginning of its id. */
export interface RunPlace {
  /** Default: every active experiment. */
  readonly experiment?: string | undefined;
  /** One after the other, until there is one; default: runs that are not deleted. */
  readonly views?: readonly ('ACTIVE_ONLY' | 'DELETED_ONLY')[];
}

/**
 * Returns the run that `wanted` names: by its id, wherever it is, by its name, or by the beginning of its id, 4 digits or
 * more. Throws NOT_FOUND, and CONFLICT with the ids where it names several.
 */
export async function findRun(
  workspace: Workspace,
  wanted: string,
  { experiment, views = ['ACTIVE_ONLY'] }: RunPlace = {},
): Promise<Run> {
  const byId = await runWithId(workspace, wanted);
  if (byId !== undefined) return byId;
  const experiments =
    experiment === undefined
      ? await listExperiments(workspace)
      : [await experimentNamed(workspace, experiment)];
  const experimentIds = experiments.map(({ experimentId }) => experimentId);
  for (const viewType of views)
    for (const filter of filtersOf(wanted)) {
      const found = await findRuns(workspace, { experimentIds, filter, viewType }, LISTED + 1);
      if (found.length > 0) return onlyRun(found, wanted);
    }
  const where = experiment === undefined ? '' : ` in experiment ${show(experiment)}`;
  throw new PhantomNetError('NOT_FOUND', `no run ${show(wanted)}${where}, neither as id nor as name`, {
    hint: 'list them: phantomnet runs list',
    details: { run: wanted },
  });
}

async function runWithId({ tracking }: Workspace, runId: string): Promise<Run | undefined> {
  try {
    return await tracking.getRun(runId);
  } catch (error) {
    const isNoId =
      error instanceof PhantomNetError && ['NOT_FOUND', 'INVALID_PARAMETER'].includes(error.code);
    if (isNoId) return undefined;
    throw error;
  }
}

function filtersOf(wanted: string): string[] {
  const byName = `attributes.run_name = ${quoteFilterText(wanted)}`;
  return ID_PREFIX.test(wanted) ? [byName, `attributes.run_id LIKE '${wanted}%'`] : [byName];
}

/** Returns those of `runs` that `wanted` names, as `findRun` does: by id, else by name, else by the beginning of the id. */
export function matchingRuns(runs: readonly Run[], wanted: string): Run[] {
  const byId = runs.filter(({ info }) => info.runId === wanted);
  if (byId.length > 0) return byId;
  const byName = runs.filter(({ info }) => info.runName === wanted);
  if (byName.length > 0) return byName;
  return ID_PREFIX.test(wanted) ? runs.filter(({ info }) => info.runId.startsWith(wanted)) : [];
}

/** Returns the run of a list of one. Throws CONFLICT, with the ids, where there are more. */
export function onlyRun(found: readonly Run[], wanted: string): Run {
  const [run, ...others] = found;
  if (others.length === 0) return run!;
  const ids = found.slice(0, LISTED).map(({ info }) => info.runId);
  throw new PhantomNetError('CONFLICT', `${show(wanted)} names more than one run`, {
    hint: `name one by its id: ${ids.join(', ')}${found.length > LISTED ? ', …' : ''}`,
    details: { run: wanted, runIds: ids },
  });
}
