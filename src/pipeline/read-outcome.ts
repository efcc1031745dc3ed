import { PhantomNetError } from '../core/index.js';
import type { Evaluation, FoldMetrics } from '../evaluate/index.js';
import type { ArtifactStore } from '../track/index.js';
import { FOLDS_FILE, PREDICTIONS_FILE, type StoredPredictions } from './log-run.js';

/** What a run logged of its test rows and folds; absent what it did not log. */
interface LoggedOutcome {
  readonly evaluation: Evaluation | undefined;
  readonly predictions: StoredPredictions | undefined;
  readonly foldMetrics: FoldMetrics | undefined;
}

/** Returns what a run logged to be compared by. Throws INTEGRITY for what does not have the shape that was logged. */
export async function readOutcome(artifacts: Pick<ArtifactStore, 'get'>): Promise<LoggedOutcome> {
  const [evaluation, predictions, foldMetrics] = await Promise.all([
    readJson<Evaluation>(artifacts, 'evaluation.json', () => true),
    readJson<StoredPredictions>(artifacts, PREDICTIONS_FILE, isPredictions),
    readJson<FoldMetrics>(artifacts, FOLDS_FILE, isFoldMetrics),
  ]);
  return { evaluation, predictions, foldMetrics };
}

async function readJson<T>(
  artifacts: Pick<ArtifactStore, 'get'>,
  path: string,
  isWhole: (value: Record<string, unknown>) => boolean,
): Promise<T | undefined> {
  const broken = (what: string, cause?: unknown) =>
    new PhantomNetError('INTEGRITY', `artifact ${path} ${what}`, {
      cause,
      hint: 'the artifact was changed since the run; train it again, or leave the run out with --runs',
      details: { path },
    });
  try {
    const value = JSON.parse(new TextDecoder().decode(await artifacts.get(path))) as Record<string, unknown>;
    if (value === null || typeof value !== 'object' || !isWhole(value))
      throw broken('is not what a run logs by that name');
    return value as T;
  } catch (error) {
    if (error instanceof PhantomNetError && error.code === 'NOT_FOUND') return undefined;
    if (error instanceof SyntaxError) throw broken('is not JSON', error);
    throw error;
  }
}

function isPredictions({ rows, yTrue, yPred, scores, groups, groupBy }: Record<string, unknown>): boolean {
  if (!isNumbers(rows) || !isNumbers(scores) || scores.length !== rows.length) return false;
  if (![yTrue, yPred].every((list) => Array.isArray(list) && list.length === rows.length)) return false;
  if (groups === undefined) return groupBy === undefined;
  const isCode = (code: number): boolean => Number.isInteger(code) && code >= 0 && code < rows.length;
  return (
    typeof groupBy === 'string' && isNumbers(groups) && groups.length === rows.length && groups.every(isCode)
  );
}

function isFoldMetrics({ folds, testToTrain, metrics }: Record<string, unknown>): boolean {
  if (typeof folds !== 'string' || typeof testToTrain !== 'number' || !(testToTrain > 0)) return false;
  if (metrics === null || typeof metrics !== 'object') return false;
  const lists = Object.values(metrics);
  return lists.every((list) => isNumbers(list) && list.length === (lists[0] as unknown[]).length);
}

function isNumbers(list: unknown): list is number[] {
  return Array.isArray(list) && list.every((value) => typeof value === 'number');
}
