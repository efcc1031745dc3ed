import { invalidParameter, Xoshiro128 } from '../core/index.js';
import type { Interval } from './evaluation.js';
import { codeGroups } from './groups.js';
import type { PairedTest, Untested } from './paired-test.js';
import { quantileOfSorted } from './quantile.js';
import { signFlipPValue } from './sign-flip.js';

/** Below this many groups the bootstrap finds differences where there are none (Cameron, Gelbach and Miller 2008): p is exact then. */
const FEW_GROUPS = 20;
/** Differences that vary by less are the same, rounding aside. */
const ROUNDING = 1e-12;

/** A model's value of a metric on samples, each as often as it was drawn; undefined where the metric is. */
export type Measure = (drawn: Uint32Array) => number | undefined;

/** How to resample two models together. */
export interface BootstrapDifferenceOptions {
  /** What the measures measure, as `evaluate` names it. */
  readonly metric: string;
  readonly nSamples: number;
  /** What each sample belongs to, such as its source: whole groups are drawn. Default: each sample for itself. */
  readonly groups?: ArrayLike<number | string> | undefined;
  /** Default 2000: the smallest p is then .001. */
  readonly resamples?: number;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number;
  /** Default 0. */
  readonly randomState?: number;
}

/**
 * Returns the paired bootstrap test of each model against `other`, in order, or the reason that there is none: in a
 * resample all models get the same samples. The interval is the percentile interval of the difference; p is twice the
 * smaller share of resamples on either side of 0, where those at 0 count for both, and so does the data itself. Of fewer
 * than 20 groups (or samples, without groups) p is that of the exact sign-flip test of what each adds to the difference by the
 * jackknife, so never below 2^(1 - groups), and the interval is often too narrow. There is no test of one group, nor where
 * every resample gives the same difference other than 0.
 * Throws INVALID_PARAMETER for groups of another length or fewer than 1 resample. Sources: Efron and Tibshirani 1993,
 * chapters 11, 13 and 15; Davison and Hinkley 1997, section 4.4. Deterministic given `randomState`.
 * Cost O(resamples × models × n).
 *
 * @example
 * ```ts
 * const share = (right: number[]) => (drawn: Uint32Array) =>
 *   right.reduce((sum, one, i) => sum + one * drawn[i]!, 0) / drawn.reduce((a, b) => a + b, 0);
 * const [test] = bootstrapDifferences([share([1, 1, 1, 0])], share([1, 0, 0, 0]), { metric: 'accuracy', nSamples: 4 });
 * 'difference' in test! && test.difference; // 0.5
 * ```
 */
export function bootstrapDifferences(
  models: readonly Measure[],
  other: Measure,
  options: BootstrapDifferenceOptions,
): (PairedTest | Untested)[] {
  const { metric, nSamples, groups, resamples = 2000, level = 0.95, randomState = 0 } = options;
  if (!Number.isInteger(resamples) || resamples < 1)
    invalidParameter('resamples', 'a whole number from 1', resamples);
  if (groups !== undefined && groups.length !== nSamples)
    invalidParameter('groups', `a list of ${nSamples} values`, groups.length);
  const coded = groups === undefined ? undefined : codeGroups('groups', groups, nSamples);
  const drawing = {
    groupOf: coded?.codes ?? Uint32Array.from({ length: nSamples }, (_, i) => i),
    nGroups: coded?.values.length ?? nSamples,
    measure: (drawn: Uint32Array): number[] => {
      const reference = other(drawn) ?? Number.NaN;
      return models.map((model) => (model(drawn) ?? Number.NaN) - reference);
    },
  };
  const differences = drawing.measure(new Uint32Array(nSamples).fill(1));
  const what = groups === undefined ? 'sample' : 'group';
  if (drawing.nGroups < 2)
    return models.map(() => ({
      test: 'bootstrap',
      metric,
      reason: `there is one ${what}: nothing to resample`,
    }));
  const draws = resample(drawing, resamples, randomState);
  const leftOut = drawing.nGroups < FEW_GROUPS ? leaveOut(drawing) : undefined;
  return differences.map((difference, m) => {
    const untested = (reason: string): Untested => ({ test: 'bootstrap', metric, reason });
    const defined = draws.map((draw) => draw[m]!).filter(Number.isFinite);
    if (!Number.isFinite(difference) || defined.length * 2 < resamples)
      return untested(`${metric} is undefined on the rows, or on most resamples`);
    const without = leftOut?.map((values) => values[m]!);
    if (without?.some((value) => !Number.isFinite(value)))
      return untested(`${metric} is undefined without one of ${drawing.nGroups} ${what}s`);
    const { interval, pValue } = summary(
      defined,
      level,
      coded === undefined ? 'bootstrap' : 'clusterBootstrap',
    );
    if (interval.high - interval.low < ROUNDING && Math.abs(difference) > ROUNDING)
      return untested('every resample gives the same difference');
    return {
      test: 'bootstrap',
      metric,
      difference,
      interval,
      pValue: without === undefined ? pValue : signFlipPValue(partsOf(difference, without)),
    };
  });
}

/** What is drawn whole, and what is measured of it. */
interface Drawing {
  readonly groupOf: Uint32Array;
  readonly nGroups: number;
  /** The difference of each model. */
  readonly measure: (drawn: Uint32Array) => number[];
}

/** What each resample measures: as many groups as there are, with replacement, so more or fewer samples than the data. */
function resample(
  { groupOf, nGroups, measure }: Drawing,
  resamples: number,
  randomState: number,
): number[][] {
  const random = new Xoshiro128(randomState);
  const drawn = new Uint32Array(groupOf.length);
  const times = new Uint32Array(nGroups);
  return Array.from({ length: resamples }, () => {
    times.fill(0);
    for (let g = 0; g < nGroups; g++) times[random.nextBelow(nGroups)]! += 1;
    for (let i = 0; i < drawn.length; i++) drawn[i] = times[groupOf[i]!]!;
    return measure(drawn);
  });
}

/** What is measured without each group in turn. */
function leaveOut({ groupOf, nGroups, measure }: Drawing): number[][] {
  return Array.from({ length: nGroups }, (_, left) =>
    measure(groupOf.map((group) => Number(group !== left))),
  );
}

/** What each group adds to the difference: their mean is the difference itself. */
function partsOf(difference: number, without: readonly number[]): number[] {
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  return without.map((value) => difference + (without.length - 1) * (mean - value));
}

function summary(
  draws: readonly number[],
  level: number,
  method: Interval['method'],
): Pick<PairedTest, 'interval' | 'pValue'> {
  const sorted = Float64Array.from(draws).sort();
  const tail = (1 - level) / 2;
  const low = quantileOfSorted(sorted, tail);
  // Of the mirrored list, so that swapping the models gives the very same numbers with the other sign.
  const high = 0 - quantileOfSorted(sorted.map((d) => -d).sort(), tail);
  const notAbove = draws.filter((d) => d <= 0).length;
  const notBelow = draws.filter((d) => d >= 0).length;
  return {
    interval: { low, high, level, method },
    pValue: Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (draws.length + 1)),
  };
}
