import { PhantomNetError } from '../core/index.js';
import { studentQuantile, studentTwoSided } from './distributions.js';
import type { PairedTest, Untested } from './paired-test.js';

/** How to test over folds. */
export interface CorrectedTOptions {
  /** Test rows by training rows of a fold: 1 / (k - 1) for k folds. */
  readonly testToTrain: number;
  /** What the values are; default `accuracy`. */
  readonly metric?: string;
  /** Coverage of the interval; default 0.95. */
  readonly level?: number;
}

/** Differences that vary by less than this share of the values are the same, rounding aside. */
const ROUNDING = 1e-12;

/**
 * Returns the corrected resampled t-test of two models over the same folds, or the reason that there is none. The folds
 * share training rows, so their spread is too small by itself: the variance of the mean is 1/J + nTest/nTrain of that of
 * the differences, not 1/J. Source: Nadeau and Bengio 2003; for repeated k-fold Bouckaert and Frank 2004.
 * Throws INVALID_PARAMETER for lists of different lengths. Pure. Cost O(folds).
 *
 * @example
 * ```ts
 * const test = correctedResampledT([0.9, 0.8, 0.9, 0.8], [0.8, 0.7, 0.9, 0.8], { testToTrain: 1 / 3 });
 * 'pValue' in test && test.pValue; // ≈ 0.3393
 * ```
 */
export function correctedResampledT(
  values: readonly number[],
  otherValues: readonly number[],
  { testToTrain, metric = 'accuracy', level = 0.95 }: CorrectedTOptions,
): PairedTest | Untested {
  const test = { test: 'correctedT', metric } as const;
  const nFolds = values.length;
  if (otherValues.length !== nFolds)
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `both models need one value a fold, got ${nFolds} and ${otherValues.length}`,
      { hint: 'give the values of both models on the same folds, in the same order' },
    );
  if (nFolds < 2) return { ...test, reason: 'there are fewer than two folds' };
  const gaps = values.map((value, i) => value - otherValues[i]!);
  const difference = gaps.reduce((a, b) => a + b, 0) / nFolds;
  const variance = gaps.reduce((total, gap) => total + (gap - difference) ** 2, 0) / (nFolds - 1);
  const least = ROUNDING * Math.max(...values.map(Math.abs), ...otherValues.map(Math.abs));
  const isConstant = Math.sqrt(variance) <= least;
  if (isConstant && Math.abs(difference) > least)
    return { ...test, reason: 'the difference is the same in every fold' };
  const standardError = isConstant ? 0 : Math.sqrt((1 / nFolds + testToTrain) * variance);
  const half = standardError * studentQuantile(1 - level, nFolds - 1);
  return {
    ...test,
    difference,
    interval: { low: difference - half, high: difference + half, level, method: 'correctedT' },
    pValue: isConstant ? 1 : studentTwoSided(difference / standardError, nFolds - 1),
  };
}
