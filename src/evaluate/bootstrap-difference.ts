import { invalidParameter, Xoshiro128 } from '../core/index.js';
import type { Interval } from './evaluation.js';
import type { PairedTest, Untested } from './paired-test.js';
import { quantileOfSorted } from './quantile.js';

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
 * smaller share of resamples on either side of 0, where those at 0 count for both, and so does the data itself.
 * Throws INVALID_PARAMETER for groups of another length or fewer than 1 resample. Sources: Efron and Tibshirani 1993,
 * chapters 13 and 15; Davison and Hinkley 1997, section 4.4. Deterministic given `randomState`.
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
  const { metric, nSamples, groups, resamples = 2000, level = 0.95 } = options;
  if (!Number.isInteger(resamples) || resamples < 1)
    invalidParameter('resamples', 'a whole number from 1', resamples);
  if (groups !== undefined && groups.length !== nSamples)
    invalidParameter('groups', `a list of ${nSamples} values`, groups.length);
  const measure = (drawn: Uint32Array): number[] => {
    const reference = other(drawn) ?? Number.NaN;
    return models.map((model) => (model(drawn) ?? Number.NaN) - reference);
  };
  const draws = resample(measure, { ...options, resamples });
  return measure(new Uint32Array(nSamples).fill(1)).map((difference, m) => {
    const defined = draws.map((differences) => differences[m]!).filter(Number.isFinite);
    if (!Number.isFinite(difference) || defined.length * 2 < resamples)
      return {
        test: 'bootstrap',
        metric,
        reason: `${metric} is undefined on the rows, or on most resamples`,
      };
    return {
      test: 'bootstrap',
      metric,
      difference,
      ...summary(defined, level, groups === undefined ? 'bootstrap' : 'clusterBootstrap'),
    };
  });
}

/** What each resample measures. */
function resample(
  measure: (drawn: Uint32Array) => number[],
  {
    nSamples,
    groups,
    resamples,
    randomState = 0,
  }: BootstrapDifferenceOptions & { readonly resamples: number },
): number[][] {
  const draw = groups === undefined ? drawSamples(nSamples) : drawGroups(groups);
  const random = new Xoshiro128(randomState);
  const drawn = new Uint32Array(nSamples);
  return Array.from({ length: resamples }, () => {
    draw(random, drawn);
    return measure(drawn);
  });
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

type Draw = (random: Xoshiro128, drawn: Uint32Array) => void;

function drawSamples(nSamples: number): Draw {
  return (random, drawn) => {
    drawn.fill(0);
    for (let i = 0; i < nSamples; i++) drawn[random.nextBelow(nSamples)]! += 1;
  };
}

/** As many groups as there are, with replacement: a resample has more or fewer samples than the data. */
function drawGroups(groups: ArrayLike<number | string>): Draw {
  const codes = new Map<number | string, number>();
  const groupOf = Uint32Array.from({ length: groups.length }, (_, i) => {
    const group = groups[i]!;
    if (!codes.has(group)) codes.set(group, codes.size);
    return codes.get(group)!;
  });
  const times = new Uint32Array(codes.size);
  return (random, drawn) => {
    times.fill(0);
    for (let g = 0; g < times.length; g++) times[random.nextBelow(times.length)]! += 1;
    for (let i = 0; i < drawn.length; i++) drawn[i] = times[groupOf[i]!]!;
  };
}
