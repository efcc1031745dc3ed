import { quantile } from './quantile.js';

/** What a missing number is filled with: scikit-learn's strategies. */
export type ImputeStrategy = 'mean' | 'median' | 'most-frequent' | 'constant';

/** How missing numbers are filled. */
export interface ImputeOptions {
  /** Default `median`. */
  readonly strategy?: ImputeStrategy;
  /** The number of the strategy `constant`. Default 0. */
  readonly fillValue?: number;
  /** Adds a column that is 1 where a value was missing, for a feature that misses some in training. Default false. */
  readonly addIndicator?: boolean;
}

/**
 * Returns what missing values of a training column are filled with, of its finite values; 0 where there is none,
 * but for `constant`. Of equally frequent values the least. As scikit-learn's SimpleImputer.
 */
export function fillValueOf(
  values: Float32Array,
  { strategy = 'median', fillValue = 0 }: ImputeOptions,
): number {
  if (strategy === 'constant') return fillValue;
  const present = values.filter((value) => Number.isFinite(value)).sort();
  if (present.length === 0) return 0;
  if (strategy === 'median') return quantile(present, 0.5);
  if (strategy === 'most-frequent') return mostFrequent(present);
  return mean(present);
}

/** Returns the mean of at least one value. */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function mostFrequent(sorted: Float32Array): number {
  let best = sorted[0]!;
  let most = 0;
  let start = 0;
  for (let i = 1; i <= sorted.length; i++) {
    if (sorted[i] === sorted[start]) continue;
    if (i - start > most) {
      most = i - start;
      best = sorted[start]!;
    }
    start = i;
  }
  return best;
}
