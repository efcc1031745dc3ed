import { invalidParameter } from '../core/index.js';
import { checkScores } from './binary.js';
import { checkResampling } from './check-input.js';
import { type Cuts, cutsOf, thresholdOf } from './cuts.js';
import type { Interval } from './evaluation.js';
import { type OperatingPointInput, operatingPoint } from './operating-point.js';

/** The recall at one false-positive rate, or how many negatives it takes to say. */
export type RecallAtRate =
  | {
      /** The false-positive rate asked for. */
      readonly rate: number;
      readonly estimable: true;
      /** A score above it alerts; Infinity where even the highest score of a negative is too many. */
      readonly threshold: number;
      readonly recall: number;
      /** Of the recall at this threshold: Wilson's, or by group where there are groups; null of a single group. */
      readonly interval: Interval | null;
      /** The rate in fact reached: at most `rate`. */
      readonly falsePositiveRate: number;
    }
  | {
      readonly rate: number;
      readonly estimable: false;
      /** Negatives that it takes: 10 / rate, so that about ten of them may alert. */
      readonly needs: number;
      readonly reason: string;
    };

/** Which rates, and how sure. */
export interface RecallAtRatesOptions {
  /** False-positive rates above 0 and below 1; default 1e-2, 1e-3 and 1e-4. */
  readonly rates?: readonly number[] | undefined;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number | undefined;
  /** Resamples of the groups; default 1000. */
  readonly resamples?: number | undefined;
  /** Seed of the resampling; default 0. */
  readonly randomState?: number | undefined;
}

const RATES: readonly number[] = [1e-2, 1e-3, 1e-4];

/**
 * Returns, for each false-positive rate, the highest recall that a threshold reaches without exceeding it.
 *
 * With fewer than 10 / rate negatives, or no positive, there is no estimate but what it needs. The threshold is found on
 * the same samples, so the recall says what the scores could do; choose the one to use with `chooseThreshold`, on
 * validation data. The recall agrees with scikit-learn's roc_curve.
 * Throws BAD_DATA or INVALID_PARAMETER. Deterministic given
 * `randomState`. Cost O(n log n + resamples × groups).
 *
 * @example
 * ```ts
 * recallAtRates({ yTrue: [0, 1], scores: [0.2, 0.7] }, { rates: [0.01] });
 * // [{ rate: 0.01, estimable: false, needs: 1000, reason: 'not estimable: needs 1000 negatives, there is 1' }]
 * ```
 */
export function recallAtRates(
  input: OperatingPointInput,
  options: RecallAtRatesOptions = {},
): RecallAtRate[] {
  const { rates = RATES, level = 0.95, resamples = 1000, randomState = 0 } = options;
  checkResampling({ level, resamples, randomState });
  for (const rate of rates)
    if (!(rate > 0 && rate < 1)) invalidParameter('rates', 'numbers above 0 and below 1', rate);
  checkScores(input);
  const cuts = cutsOf(input);
  return rates.map((rate) => {
    const found = recallAt(cuts, rate);
    if (!found.estimable) return found;
    const { recall } = operatingPoint(input, found.threshold, { level, resamples, randomState });
    return { ...found, interval: recall!.interval };
  });
}

/** Returns the last cut whose false-positive rate is at most `rate`: the lowest threshold that keeps it. */
export function cutAtRate({ falsePositives, negatives }: Cuts, rate: number): number {
  let cut = 0;
  // Divided, not multiplied: 0.29 × 100 is below 29, while 29 / 100 is 0.29.
  while (cut + 1 < falsePositives.length && falsePositives[cut + 1]! / negatives <= rate) cut++;
  return cut;
}

/** All but the interval. */
function recallAt(cuts: Cuts, rate: number): RecallAtRate {
  const { positives, negatives } = cuts;
  const needs = Math.ceil(10 / rate - 1e-6);
  const there = negatives === 1 ? 'there is 1' : `there are ${negatives}`;
  if (negatives < needs)
    return { rate, estimable: false, needs, reason: `not estimable: needs ${needs} negatives, ${there}` };
  if (positives === 0)
    return { rate, estimable: false, needs, reason: 'not estimable: there is no positive' };
  const cut = cutAtRate(cuts, rate);
  const found = cuts.truePositives[cut]!;
  return {
    rate,
    estimable: true,
    threshold: thresholdOf(cuts, cut),
    recall: found / positives,
    interval: null,
    falsePositiveRate: cuts.falsePositives[cut]! / negatives,
  };
}
