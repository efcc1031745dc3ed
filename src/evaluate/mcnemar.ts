import { PhantomNetError } from '../core/index.js';
import { checkLength } from './check-input.js';
import { normalQuantile } from './closed-intervals.js';
import type { Interval } from './evaluation.js';
import type { PairedTest } from './paired-test.js';

/** The classes that two models predict for the same rows. */
export interface PairedPredictions {
  readonly yTrue: ArrayLike<number | string>;
  readonly yPred: ArrayLike<number | string>;
  readonly otherPred: ArrayLike<number | string>;
}

/** McNemar's test with the two counts it is made of. */
export interface McNemarTest extends PairedTest {
  /** Rows that this model has right and the other wrong. */
  readonly onlyThisRight: number;
  /** Rows that the other model has right and this one wrong. */
  readonly onlyOtherRight: number;
}

/**
 * Returns McNemar's exact test of the difference of two accuracies on the same rows, one or more, with Bonett and Price's
 * interval (2012: Wald's, with one row added to each of the two counts). Throws BAD_DATA for no rows, INVALID_PARAMETER for
 * lists of different lengths. Pure. Cost O(n).
 *
 * @example
 * ```ts
 * const test = mcnemarTest({ yTrue: [0, 0, 1, 1], yPred: [0, 0, 1, 0], otherPred: [1, 0, 0, 0] });
 * test.difference; // 0.5
 * test.pValue; // 0.5
 * ```
 */
export function mcnemarTest(
  { yTrue, yPred, otherPred }: PairedPredictions,
  { level = 0.95 }: { readonly level?: number } = {},
): McNemarTest {
  const n = yTrue.length;
  if (n === 0)
    throw new PhantomNetError('BAD_DATA', 'there is no row to compare two models on: yTrue is empty', {
      hint: 'give at least one labelled row that both models predict',
    });
  checkLength('yPred', yPred, n);
  checkLength('otherPred', otherPred, n);
  let onlyThisRight = 0;
  let onlyOtherRight = 0;
  for (let i = 0; i < n; i++) {
    const thisRight = yPred[i] === yTrue[i];
    const otherRight = otherPred[i] === yTrue[i];
    if (thisRight && !otherRight) onlyThisRight++;
    if (otherRight && !thisRight) onlyOtherRight++;
  }
  return {
    test: 'mcnemar',
    metric: 'accuracy',
    difference: (onlyThisRight - onlyOtherRight) / n,
    interval: bonettPriceInterval([onlyThisRight, onlyOtherRight], n, level),
    pValue: mcnemarExact(onlyThisRight, onlyOtherRight),
    onlyThisRight,
    onlyOtherRight,
  };
}

function bonettPriceInterval([b, c]: readonly [number, number], n: number, level: number): Interval {
  const centre = (b - c) / (n + 2);
  const spread = (b + c + 2) / (n + 2) - centre ** 2;
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(spread / (n + 2));
  return {
    low: Math.max(-1, centre - half),
    high: Math.min(1, centre + half),
    level,
    method: 'bonettPrice',
  };
}

/**
 * Returns the two-sided p-value of McNemar's exact test: the binomial test that of the `b + c` rows on which two models
 * differ each model has half. 1 where they differ on none. Source: McNemar 1947, in its exact form; no mid-p correction.
 * Cost O(b + c).
 */
export function mcnemarExact(b: number, c: number): number {
  if (b === c) return 1;
  const n = b + c;
  const fewer = Math.min(b, c);
  // Binomial coefficients, whole numbers while they fit, scaled by powers of two (which lose nothing) where they would overflow.
  let coefficient = 1;
  let sum = 1;
  let exponent = 1 - n;
  for (let k = 1; k <= fewer; k++) {
    coefficient = (coefficient * (n - k + 1)) / k;
    sum += coefficient;
    if (sum < 2 ** 900) continue;
    coefficient *= 2 ** -900;
    sum *= 2 ** -900;
    exponent += 900;
  }
  // In two steps, since 2 ** exponent alone may be 0 where the product is not.
  const half = Math.trunc(exponent / 2);
  return Math.min(1, sum * 2 ** half * 2 ** (exponent - half));
}
