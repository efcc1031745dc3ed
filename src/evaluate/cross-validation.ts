import { PhantomNetError } from '../core/index.js';
import type { Evaluation } from './evaluation.js';

/** One metric over the folds. */
export interface MetricSummary {
  /** Mean over the folds that have the metric. */
  readonly mean: number;
  /** Standard deviation over the same folds, dividing by their number (ddof 0). */
  readonly std: number;
  /** The value of each fold, in order; null where the metric is undefined. */
  readonly folds: readonly (number | null)[];
}

/** The metrics of a cross-validation by name. */
export type CrossValidationSummary = Readonly<Record<string, MetricSummary>>;

/**
 * Returns mean, standard deviation and fold values of every metric that some fold has. Throws BAD_DATA for no folds.
 *
 * @example
 * ```ts
 * summarise([{ metrics: { accuracy: 0.8 } }, { metrics: { accuracy: 1 } }]).accuracy.mean; // 0.9
 * ```
 */
export function summarise(folds: readonly Pick<Evaluation, 'metrics'>[]): CrossValidationSummary {
  if (folds.length === 0)
    throw new PhantomNetError('BAD_DATA', 'there is no fold to summarise', {
      hint: 'give the evaluations of at least one fold',
    });
  const names = new Set(folds.flatMap((fold) => Object.keys(fold.metrics)));
  return Object.fromEntries(
    [...names].map((name) => [name, summariseValues(folds.map((fold) => fold.metrics[name] ?? null))]),
  );
}

function summariseValues(folds: readonly (number | null)[]): MetricSummary {
  const values = folds.filter((value) => value !== null);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance), folds };
}
