import { didYouMean, given, PhantomNetError, sha256Hex, show } from '../core/index.js';
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
import { experimentNamed, findRun, findRuns, matchingRuns, onlyRun } from './find-runs.js';
import { ROLE_TAG } from './log-experiment.js';
import { NOT_KEPT_TAG } from './log-run.js';
import { readOutcome } from './read-outcome.js';
import type { Workspace } from './workspace.js';

/**
 * Returns the table of an experiment's finished runs, newest first, then their baselines, each once where several runs have
 * it, tested against one of them. Throws NOT_FOUND; CONFLICT for a name that is that of several.
 */
export async function compareRuns(
  workspace: Workspace,
  options: {
    readonly experiment?: string | undefined;
    /** Ids of the runs, their beginnings, or names. */
    readonly runIds?: readonly string[] | undefined;
    readonly against?: string | undefined;
    readonly limit?: number;
    /** Metric to order the table by, the highest first; default: newest run first. */
    readonly sort?: string | undefined;
  },
): Promise<Comparison> {
  const chosen = await chosenRuns(workspace, options);
  const read = await Promise.all(chosen.map(async (run) => ({ run, entry: await entryOf(workspace, run) })));
  const compared = options.runIds === undefined ? withoutRepeats(read) : read;
  const runs = compared.map(({ run }) => run);
  const names = namesOf(runs);
  const named = new Map(compared.map(({ run, entry }, i) => [run, { ...entry, name: names[i]! }]));
  const entries = sortRuns(runs, options.sort).map((run) => named.get(run)!);
  const against = referenceOf(runs, options.against);
  return compare(entries, { against: against?.info.runId });
}

interface Compared {
  readonly run: Run;
  readonly entry: Omit<ComparisonEntry, 'name'>;
}

const isBaseline = (run: Run): boolean => run.tags[ROLE_TAG] === 'baseline';

/** Runs on the same rows have the same baselines: leaves out those that predict what one of their name before them does. */
function withoutRepeats(compared: readonly Compared[]): Compared[] {
  const seen = new Set<string>();
  return compared.filter(({ run, entry: { predictions } }) => {
    if (!isBaseline(run) || predictions === undefined) return true;
    const key = sha256Hex(JSON.stringify([run.info.runName, predictions]));
    return !seen.has(key) && seen.add(key);
  });
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
  if (runIds !== undefined) return Promise.all(runIds.map((id) => findRun(workspace, id, { experiment })));
  const found = await experimentNamed(workspace, experiment);
  const runs = await findRuns(
    workspace,
    { experimentIds: [found.experimentId], filter: "status = 'FINISHED'" },
    limit,
  );
  const comparable = runs.filter((run) => run.metrics['accuracy'] !== undefined);
  // A run stands before the baselines it was trained beside.
  if (comparable.length > 0) return comparable.sort((a, b) => Number(isBaseline(a)) - Number(isBaseline(b)));
  throw new PhantomNetError('NOT_FOUND', `experiment ${show(found.name)} has no finished run to compare`, {
    hint: `train one: phantomnet train <file> --experiment ${found.name}`,
  });
}

function referenceOf(runs: readonly Run[], wanted: string | undefined): Run | undefined {
  if (wanted === undefined) return runs.find((run) => run.tags[ROLE_TAG] === 'experiment') ?? runs[0];
  const found = matchingRuns(runs, wanted);
  if (found.length > 0) return onlyRun(found, wanted);
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

/** Digits of an id that tell the runs of a store apart, but for those of one millisecond. */
const ID_DIGITS = 12;

/**
 * Returns the runs' names; one that belongs to another says to which, where others of its name are compared, and names that
 * several have begin with their ids.
 */
function namesOf(runs: readonly Run[]): string[] {
  const names = namesWithParents(runs);
  return names.map((name, i) =>
    names.some((other, k) => other === name && k !== i)
      ? `${runs[i]!.info.runId.slice(0, ID_DIGITS)} ${name}`
      : name,
  );
}

function namesWithParents(runs: readonly Run[]): string[] {
  const byId = new Map(runs.map(({ info }) => [info.runId, info.runName]));
  return runs.map(({ info: { runName, runId }, tags }) => {
    const parent = byId.get(tags['mlflow.parentRunId'] ?? '');
    const isAmbiguous = runs.some(({ info }) => info.runName === runName && info.runId !== runId);
    return isAmbiguous && parent !== undefined ? `${parent}: ${runName}` : runName;
  });
}

async function entryOf({ tracking }: Workspace, run: Run): Promise<Compared['entry']> {
  const { evaluation, predictions, foldMetrics } = await readOutcome(
    tracking.artifacts(run.info.artifactUri),
  );
  const metrics = Object.fromEntries(Object.values(run.metrics).map((m) => [m.key, m.value]));
  const latencyMs = metrics['latencyMs'];
  return {
    id: run.info.runId,
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
