import { invalidParameter, PhantomNetError } from '../../core/index.js';
import type { Labels } from '../../data/index.js';

/** A row whose label a model that never saw the row contradicts. */
export interface SuspectLabel {
  readonly row: number;
  /** The label the row has. */
  readonly label: number | string;
  /** The class that the model gives it. */
  readonly predicted: number | string;
  /** The score of that class, out of fold. */
  readonly score: number;
}

/**
 * Returns the rows to look at: those where a class other than their own has an out-of-fold score of at least `level`,
 * the surest first, then by row. A list and no more: nothing is deleted, since a model is surest of what it has learnt
 * wrongly, and rare attacks look like errors to it. `scores`: nSamples × nClasses, row-major, each row by a model that was
 * not fitted on it; take folds by whole sources, or a flood of wrong labels vouches for itself.
 *
 * Throws INVALID_PARAMETER for a level not above 0.5 and up to 1, BAD_DATA for scores of another length or that are no
 * numbers. Deterministic. Cost O(n × classes + suspects × log suspects). Pruning by out-of-fold probability is that of
 * confident learning (Northcutt, Jiang and Chuang 2021), with one stated level in place of one estimated for each class.
 *
 * @example
 * ```ts
 * const labels = { classes: ['attack', 'benign'], codes: Uint16Array.of(0, 1, 1) };
 * const scores = Float64Array.of(0.7, 0.3, 0.95, 0.05, 0.2, 0.8);
 * suspectLabels({ labels, scores }, { level: 0.9 });
 * // [{ row: 1, label: 'benign', predicted: 'attack', score: 0.95 }]
 * ```
 */
export function suspectLabels(
  { labels, scores }: { readonly labels: Labels; readonly scores: ArrayLike<number> },
  { level }: { readonly level: number },
): SuspectLabel[] {
  if (!(level > 0.5 && level <= 1)) invalidParameter('level', 'above 0.5 and at most 1', level);
  const { classes, codes } = labels;
  const nClasses = classes.length;
  if (scores.length !== codes.length * nClasses)
    throw new PhantomNetError(
      'BAD_DATA',
      `scores must have ${codes.length} × ${nClasses} values, got ${scores.length}`,
      { hint: 'give a score of each class for each row, row by row' },
    );
  const suspects: SuspectLabel[] = [];
  codes.forEach((code, row) => {
    for (let c = 0; c < nClasses; c++) {
      const score = scores[row * nClasses + c]!;
      if (!Number.isFinite(score)) noScore(row);
      if (c !== code && score >= level)
        suspects.push({ row, label: classes[code]!, predicted: classes[c]!, score });
    }
  });
  return suspects.sort((a, b) => b.score - a.score || a.row - b.row);
}

function noScore(row: number): never {
  throw new PhantomNetError('BAD_DATA', `row ${row} has a score that is no number`, {
    hint: 'score every row out of fold, by folds that test each row once',
    details: { row },
  });
}
