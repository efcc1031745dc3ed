import { Xoshiro128 } from '../core/index.js';
import type { Interval } from './evaluation.js';
import { quantileOfSorted } from './quantile.js';

/** How to resample. */
interface BootstrapOptions {
  readonly nSamples: number;
  readonly resamples: number;
  readonly level: number;
  readonly randomState: number;
  /** What a sample is to the caller: a row, or a whole group of rows. */
  readonly method: 'bootstrap' | 'clusterBootstrap';
}

/** The intervals by metric, and the metrics that too few resamples defined. */
export interface BootstrapResult {
  readonly intervals: Record<string, Interval>;
  readonly undefinedMetrics: readonly string[];
}

/**
 * Returns a percentile interval for every metric that `measure` names.
 *
 * A resample draws nSamples of the samples with replacement, from all of them and not class by class: the share of each
 * class varies as it would in new data, as Wilson's interval of the accuracy assumes too. `measure` gets how often each
 * sample was drawn, and leaves out, or gives NaN for, what is undefined there; a metric that fewer than half of the resamples define gets
 * no interval. Source: Efron and Tibshirani 1993, chapter 13. Deterministic given `randomState`.
 * Cost O(resamples × nSamples).
 */
export function bootstrapIntervals(
  measure: (drawn: Uint32Array) => Record<string, number>,
  options: BootstrapOptions,
): BootstrapResult {
  const draws = resample(measure, options);
  const intervals: Record<string, Interval> = {};
  const undefinedMetrics: string[] = [];
  const tail = (1 - options.level) / 2;
  for (const [metric, values] of draws) {
    if (values.length * 2 < options.resamples) {
      undefinedMetrics.push(metric);
      continue;
    }
    const sorted = Float64Array.from(values).sort();
    intervals[metric] = {
      low: quantileOfSorted(sorted, tail),
      high: quantileOfSorted(sorted, 1 - tail),
      level: options.level,
      method: options.method,
    };
  }
  return { intervals, undefinedMetrics };
}

/** The finite values of each metric, one a resample. */
function resample(
  measure: (drawn: Uint32Array) => Record<string, number>,
  { nSamples, resamples, randomState }: BootstrapOptions,
): Map<string, number[]> {
  const random = new Xoshiro128(randomState);
  const drawn = new Uint32Array(nSamples);
  const values = new Map<string, number[]>();
  for (let r = 0; r < resamples; r++) {
    drawn.fill(0);
    for (let i = 0; i < nSamples; i++) drawn[random.nextBelow(nSamples)]! += 1;
    for (const [metric, value] of Object.entries(measure(drawn))) {
      const list = values.get(metric) ?? [];
      values.set(metric, list);
      if (Number.isFinite(value)) list.push(value);
    }
  }
  return values;
}
