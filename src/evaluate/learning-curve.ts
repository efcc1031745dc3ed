import { invalidParameter, PhantomNetError } from '../core/index.js';
import { checkShare } from './binary.js';
import { summarise } from './cross-validation.js';
import { studentQuantile } from './distributions.js';
import type { Evaluation, Interval } from './evaluation.js';

/** The evaluations of models fitted on `size` rows: one, or several on different draws of rows. */
export interface LearningCurveInput {
  /** Rows that each was trained on. */
  readonly size: number;
  readonly evaluations: readonly Pick<Evaluation, 'metrics' | 'intervals' | 'nSamples'>[];
}

/** One size on the curve. */
export interface LearningCurvePoint {
  readonly size: number;
  /** Of the repeats that have the metric; null where none has. */
  readonly mean: number | null;
  /** Of one evaluation its own, of several that of their mean; null where there is none. */
  readonly interval: Interval | null;
  /** The value of each repeat, in order; null where the metric is undefined. */
  readonly values: readonly (number | null)[];
}

/** How a metric grows with the training rows. */
export interface LearningCurve {
  readonly metric: string;
  /** By rising size. */
  readonly points: readonly LearningCurvePoint[];
}

/** Where a metric ends; all others run from 0 to 1. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  mcc: [-1, 1],
  cohenKappa: [-1, 1],
  brier: [0, 2],
  logLoss: [0, Infinity],
};

/**
 * Returns one metric by the number of training rows, with intervals, from evaluations that are there already.
 *
 * Several evaluations of one size are repeats on overlapping rows, so the interval of their mean is Student's t with the
 * variance of Nadeau and Bengio 2003, (1 / repeats + test rows / training rows) × that of the values, cut to the metric's
 * range. Throws BAD_DATA for no sizes, a size twice or without evaluations. Pure.
 *
 * @example
 * ```ts
 * const at = (accuracy) => ({ metrics: { accuracy }, intervals: {}, nSamples: 50 });
 * const curve = learningCurve(
 *   [{ size: 100, evaluations: [at(0.7), at(0.8)] }, { size: 200, evaluations: [at(0.9)] }],
 *   { metric: 'accuracy' },
 * );
 * curve.points.map(({ size, mean }) => [size, mean]); // [[100, 0.75], [200, 0.9]]
 * ```
 */
export function learningCurve(
  inputs: readonly LearningCurveInput[],
  { metric, level = 0.95 }: { readonly metric: string; readonly level?: number | undefined },
): LearningCurve {
  checkShare('level', level, 'without-ends');
  if (inputs.length === 0)
    throw new PhantomNetError('BAD_DATA', 'there is no size to draw a learning curve of', {
      hint: 'give the evaluations of at least one training size',
    });
  const sizes = new Set<number>();
  for (const { size } of inputs) {
    if (!Number.isInteger(size) || size < 1) invalidParameter('size', 'a whole number of at least 1', size);
    if (sizes.has(size))
      throw new PhantomNetError('BAD_DATA', `size ${size} is there twice`, {
        hint: 'give all evaluations of one size together',
      });
    sizes.add(size);
  }
  const points = inputs.map((input) => pointOf(input, metric, level));
  if (points.every((point) => point.mean === null))
    throw new PhantomNetError('BAD_DATA', `no evaluation has the metric '${metric}'`, {
      hint: 'choose a metric that the evaluations have',
      details: { metric },
    });
  return { metric, points: points.sort((a, b) => a.size - b.size) };
}

function pointOf(
  { size, evaluations }: LearningCurveInput,
  metric: string,
  level: number,
): LearningCurvePoint {
  const summary = summarise(evaluations)[metric];
  if (!summary) return { size, mean: null, interval: null, values: evaluations.map(() => null) };
  const { mean, std, folds: values } = summary;
  if (evaluations.length === 1)
    return { size, mean, interval: evaluations[0]!.intervals[metric] ?? null, values };
  const n = values.filter((value) => value !== null).length;
  if (n < 2) return { size, mean, interval: null, values };
  const testRows = evaluations.reduce((sum, { nSamples }) => sum + nSamples, 0) / evaluations.length;
  // `std` divides by n; the variance of the sample divides by n - 1.
  const variance = ((std ** 2 * n) / (n - 1)) * (1 / n + testRows / size);
  const half = studentQuantile(1 - level, n - 1) * Math.sqrt(variance);
  const [least, most] = RANGES[metric] ?? [0, 1];
  const interval: Interval = {
    low: Math.max(least, mean - half),
    high: Math.min(most, mean + half),
    level,
    method: 'correctedT',
  };
  return { size, mean, interval, values };
}
