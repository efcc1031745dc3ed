import type { EvaluateOptions, EvaluationInput } from './evaluation.js';
import {
  addTriple,
  classSums,
  countConfusion,
  labelMetrics,
  precisionRecallF1,
  type Sums,
} from './label-metrics.js';
import { type PreparedScores, scoreMetrics } from './score-metrics.js';

/** What of one evaluation a resample needs again. */
export interface Remeasured {
  /** NaN where a resample leaves one undefined. */
  readonly metrics: Record<string, number>;
  /** Counts by class. */
  readonly sums: readonly Sums[];
}

/**
 * Returns a function that measures `input` with another weight a sample (multiplied by its own), without sorting again.
 * Precision, recall and F1 of the positive class are NaN where their denominator is 0: a resample without a positive says
 * nothing of recall, and 0 by convention would pull the interval down. Averages over classes keep the convention, as their
 * value on all samples does: to leave a class out there would measure something else.
 */
export function remeasurer(
  { yTrue, yPred, classes, sampleWeight }: EvaluationInput,
  options: Required<EvaluateOptions>,
  { positive, prepared }: { positive: number | undefined; prepared: PreparedScores | undefined },
): (drawn: Uint32Array) => Remeasured {
  const n = yTrue.length;
  const weighted = sampleWeight ? new Float64Array(n) : undefined;
  return (drawn) => {
    if (weighted) for (let i = 0; i < n; i++) weighted[i] = drawn[i]! * sampleWeight![i]!;
    const weights = weighted ?? drawn;
    const confusion = countConfusion(yTrue, yPred, classes.length, weights);
    const sums = classSums(confusion);
    const present = classes.map((_, c) => c).filter((c) => sums[c]!.actual > 0 || sums[c]!.predicted > 0);
    if (present.length === 0) return { metrics: {}, sums };
    const labels = labelMetrics(confusion, present, options.zeroDivision, undefined);
    if (positive !== undefined) addTriple(labels, 'Binary', precisionRecallF1(sums[positive]!, 'nan'));
    const support = sums.map((s) => s.actual);
    return { metrics: prepared ? { ...labels, ...scoreMetrics(prepared, weights, support) } : labels, sums };
  };
}
