import { PhantomNetError, show } from '../core/index.js';
import { checkLength } from './check-input.js';
import { normalQuantile } from './closed-intervals.js';
import { normalTwoSided } from './distributions.js';
import type { PairedTest, Untested } from './paired-test.js';

/** The scores that two models give to the same rows. */
export interface PairedScores {
  /** 1 for rows of the class that the scores are for, 0 for the others. */
  readonly isPositive: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly otherScores: ArrayLike<number>;
}

const TEST = { test: 'delong', metric: 'rocAuc' } as const;

/**
 * Returns DeLong's test of the difference of two ROC AUCs on the same rows, or the reason that there is none: it needs two
 * rows of each side, and areas that vary. Identical scores give a difference of 0 and p = 1. Ties count half.
 * Throws INVALID_PARAMETER for lists of different lengths, BAD_DATA for a score that is no number. Sources: DeLong, DeLong and Clarke-Pearson 1988; from ranks as in Sun and Xu 2014. Pure. Cost O(n log n).
 *
 * @example
 * ```ts
 * const isPositive = [0, 0, 0, 1, 1, 1];
 * const test = delongTest({ isPositive, scores: [1, 2, 4, 3, 5, 6], otherScores: [4, 2, 5, 3, 1, 6] });
 * 'difference' in test && test.difference; // ≈ 0.4444
 * ```
 */
export function delongTest(
  { isPositive, scores, otherScores }: PairedScores,
  { level = 0.95 }: { readonly level?: number } = {},
): PairedTest | Untested {
  checkScores('scores', scores, isPositive.length);
  checkScores('otherScores', otherScores, isPositive.length);
  const own = halfWins(isPositive, scores);
  const other = halfWins(isPositive, otherScores);
  // In half wins the gaps are whole numbers, so that gaps that are all equal have a spread of exactly 0.
  const gaps = own.map((wins, i) => wins - other[i]!);
  const ofPositives = gaps.filter((_, i) => isPositive[i] === 1);
  const ofNegatives = gaps.filter((_, i) => isPositive[i] !== 1);
  const pairs = ofPositives.length * ofNegatives.length;
  if (ofPositives.length < 2 || ofNegatives.length < 2)
    return { ...TEST, reason: 'the test rows hold fewer than two of a class' };
  const difference = sum(ofPositives) / (2 * pairs);
  // The gap of a positive is a share of 2 × negatives, and the other way round.
  const spread = variance(ofPositives) / ofNegatives.length + variance(ofNegatives) / ofPositives.length;
  const standardError = Math.sqrt(spread / (4 * pairs));
  if (standardError === 0 && difference !== 0)
    return { ...TEST, reason: 'neither AUC varies: each is 0 or 1, or its scores are all equal' };
  const half = normalQuantile((1 + level) / 2) * standardError;
  const [low, high] = [Math.max(-1, difference - half), Math.min(1, difference + half)];
  const pValue = difference === 0 ? 1 : normalTwoSided(difference / standardError);
  return { ...TEST, difference, interval: { low, high, level, method: 'delong' }, pValue };
}

function checkScores(name: string, scores: ArrayLike<number>, length: number): void {
  checkLength(name, scores, length);
  for (let i = 0; i < length; i++)
    if (typeof scores[i] !== 'number' || Number.isNaN(scores[i]))
      throw new PhantomNetError('BAD_DATA', `${name} of row ${i} must be a number, got ${show(scores[i])}`, {
        hint: 'leave the row out for both models',
        details: { parameter: name, row: i },
      });
}

/** Twice the rows of the other side that each row is ranked rightly against; a tie is half right. */
function halfWins(isPositive: ArrayLike<number>, scores: ArrayLike<number>): Float64Array {
  const n = isPositive.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const wins = new Float64Array(n);
  let nPositive = 0;
  for (let i = 0; i < n; i++) nPositive += isPositive[i] === 1 ? 1 : 0;
  const below = { positive: 0, negative: 0 };
  for (let start = 0; start < n; ) {
    let end = start;
    let tied = 0;
    for (; end < n && scores[order[end]!] === scores[order[start]!]; end++)
      tied += isPositive[order[end]!] === 1 ? 1 : 0;
    const tiedNegatives = end - start - tied;
    for (let k = start; k < end; k++)
      wins[order[k]!] =
        isPositive[order[k]!] === 1
          ? 2 * below.negative + tiedNegatives
          : 2 * (nPositive - below.positive) - tied;
    below.positive += tied;
    below.negative += tiedNegatives;
    start = end;
  }
  return wins;
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}

function variance(values: Float64Array): number {
  const mean = sum(values) / values.length;
  return values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
}
