import { didYouMean, given, PhantomNetError, show } from '../core/index.js';
import {
  type Comparison,
  type ComparisonEntry,
  compare,
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
  type TextOptions,
} from '../evaluate/index.js';
import type { Run } from '../track/index.js';
import { ROLE_TAG } from './log-experiment.js';
import { NOT_KEPT_TAG } from './log-run.js';
import { readOutcome } from './read-outcome.js';
import { experimentNamed, findRuns } from './runs.js';
import type { Workspace } from './workspace.js';

/** Returns the table of an experiment's finished runs, newest first, then their baselines, tested against one of them. Throws NOT_FOUND. */
export async function compareRuns(
  workspace: Workspace,
  options: {
    readonly experiment?: string | undefined;
    readonly runIds?: readonly string[] | undefined;
    readonly against?: string | undefined;
    readonly limit?: number;
    /** Metric to order the table by, the highest first; default: newest run first. */
    readonly sort?: string | undefined;
  },
): Promise<Comparison> {
  const chosen = await chosenRuns(workspace, options);
  const runs = sortRuns(chosen, options.sort);
  const names = namesOf(runs);
  const entries = await Promise.all(runs.map((run, i) => entryOf(workspace, run, names[i]!)));
  const against = referenceOf(chosen, options.against);
  return compare(entries, { against: against.info.runId });
}

async function chosenRuns(
  workspace: Workspace,
  {
    experiment,
    runIds,
    limit = 20,
  }: {
    readonly experiment?: string | undefined;
    readonly runIds?: readonly string[] | undefined;
    readonly limit?: number;
  },
): Promise<Run[]> {
  if (runIds !== undefined) return Promise.all(runIds.map((id) => workspace.tracking.getRun(id)));
  const found = await experimentNamed(workspace, experiment);
  const runs = await findRuns(
    workspace,
    { experimentIds: [found.experimentId], filter: "status = 'FINISHED'" },
    limit,
  );
  const comparable = runs.filter((run) => run.metrics['accuracy'] !== undefined);
  // A run stands before the baselines it was trained beside.
  const isBaseline = (run: Run): number => Number(run.tags[ROLE_TAG] === 'baseline');
  if (comparable.length > 0) return comparable.sort((a, b) => isBaseline(a) - isBaseline(b));
  throw new PhantomNetError('NOT_FOUND', `experiment ${show(found.name)} has no finished run to compare`, {
    hint: `train one: phantomnet train <file> --experiment ${found.name}`,
  });
}

function referenceOf(runs: readonly Run[], wanted: string | undefined): Run {
  const found =
    wanted === undefined
      ? (runs.find((run) => run.tags[ROLE_TAG] === 'experiment') ?? runs[0])
      : runs.find((run) => run.info.runId === wanted || run.info.runName === wanted);
  if (found !== undefined) return found;
  throw new PhantomNetError('NOT_FOUND', `--against: none of the compared runs is ${show(wanted)}`, {
    hint: `choose a run id or name among ${runs.map((r) => r.info.runName).join(', ')}`,
  });
}

function sortRuns(runs: readonly Run[], metric: string | undefined): readonly Run[] {
  if (metric === undefined) return runs;
  const known = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
  if (!known.includes(metric))
    throw new PhantomNetError('NOT_FOUND', `--sort: no compared run has the metric ${show(metric)}`, {
      hint: didYouMean(metric, known) ?? `choose one of ${known.slice(0, 20).join(', ')}`,
      details: { metric },
    });
  const value = (run: Run): number => run.metrics[metric]?.value ?? Number.NEGATIVE_INFINITY;
  return [...runs].sort((a, b) => value(b) - value(a));
}

/** Returns the runs' names; a baseline says whose it is where runs of several parents are compared. */
function namesOf(runs: readonly Run[]): string[] {
  const parents = new Map(runs.map((run) => [run.info.runId, run.info.runName]));
  const parentOf = (run: Run): string | undefined => run.tags['mlflow.parentRunId'];
  const isAmbiguous = new Set(runs.flatMap((run) => parentOf(run) ?? [])).size > 1;
  return runs.map((run) => {
    const parent = parents.get(parentOf(run) ?? '');
    return isAmbiguous && parent !== undefined ? `${parent}: ${run.info.runName}` : run.info.runName;
  });
}

async function entryOf({ tracking }: Workspace, run: Run, name: string): Promise<ComparisonEntry> {
  const { evaluation, predictions, foldMetrics } = await readOutcome(
    tracking.artifacts(run.info.artifactUri),
  );
  const metrics = Object.fromEntries(Object.values(run.metrics).map((m) => [m.key, m.value]));
  const latencyMs = metrics['latencyMs'];
  return {
    id: run.info.runId,
    name,
    metrics,
    ...(evaluation === undefined ? {} : { intervals: evaluation.intervals }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...given({ predictions, foldMetrics, rowsNotKept: rowsNotKept(run) }),
  };
}

/** A tag of a store is any text. */
function rowsNotKept({ tags }: Run): number | undefined {
  const nRows = Number(tags[NOT_KEPT_TAG]);
  return Number.isSafeInteger(nRows) && nRows > 0 ? nRows : undefined;
}

/** How a comparison is written. */
export type ComparisonForm = 'text' | 'markdown' | 'csv' | 'json';

/** Returns a comparison as text for a terminal, Markdown, CSV or JSON. */
export function renderComparison(
  comparison: Comparison,
  { form, ...options }: { readonly form: ComparisonForm } & TextOptions,
): string {
  if (form === 'markdown') return comparisonMarkdown(comparison);
  if (form === 'csv') return comparisonCsv(comparison);
  if (form === 'json') return comparisonJson(comparison);
  return comparisonText(comparison, options);
}
