import { type BootstrapResult, bootstrapIntervals } from './bootstrap.js';
import { delongInterval, wilsonInterval } from './closed-intervals.js';
import type {
  ClassMetrics,
  EvaluateOptions,
  EvaluationInput,
  EvaluationWarning,
  Interval,
} from './evaluation.js';
import { classSums, countConfusion, labelMetrics } from './label-metrics.js';
import { type PreparedScores, scoreMetrics } from './score-metrics.js';

/** What `evaluate` has worked out by the time it asks for intervals. */
export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly perClass: readonly ClassMetrics[];
  readonly positive: number | undefined;
  readonly prepared: PreparedScores | undefined;
}

/** Equal to the accuracy by definition, so they share its interval. */
const EQUAL_TO_ACCURACY = ['accuracy', 'recall', 'precisionMicro', 'recallMicro', 'f1Micro'];

/** One minus these is the error rate to first order, so a perfect score may borrow the accuracy's interval. */
const NEAR_ACCURACY = ['precision', 'f1'];

/**
 * Returns an interval for each metric: in closed form where one exists (Wilson, DeLong), bootstrapped otherwise.
 * The bootstrap cannot vary a perfect value, whatever the sample's size: precision and f1 then take the accuracy's
 * interval, and the others have none and a warning.
 */
export function evaluationIntervals(
  input: EvaluationInput,
  options: Required<EvaluateOptions>,
  measured: Measured,
): { intervals: Record<string, Interval>; warnings: EvaluationWarning[] } {
  const closed = input.sampleWeight ? {} : closedIntervals(input, options, measured);
  const { intervals: resampled, undefinedMetrics } =
    options.resamples > 0 ? bootstrap(input, options, measured) : { intervals: {}, undefinedMetrics: [] };
  const warnings = undefinedMetrics
    .filter((metric) => closed[metric] === undefined)
    .map((metric) => ({ metric, message: `${metric} has no interval: too few resamples define it` }));
  const intervals: Record<string, Interval> = {};
  for (const [metric, value] of Object.entries(measured.metrics)) {
    const interval = closed[metric] ?? resampled[metric];
    if (!interval) continue;
    if (interval.method === 'bootstrap' && isPerfect(metric, value))
      warnings.push({ metric, message: `${metric} has no interval: resampling cannot vary a perfect value` });
    else intervals[metric] = interval;
  }
  return { intervals, warnings };
}

function isPerfect(metric: string, value: number): boolean {
  return metric === 'brier' || metric === 'logLoss' ? value < 1e-12 : value > 1 - 1e-12;
}

function closedIntervals(
  { yTrue }: EvaluationInput,
  { level }: Required<EvaluateOptions>,
  { metrics, perClass, positive, prepared }: Measured,
): Record<string, Interval> {
  const intervals: Record<string, Interval> = {};
  const add = (metric: string, interval: Interval | undefined) => {
    if (interval) intervals[metric] = interval;
  };
  const accuracy = wilsonInterval(Math.round(metrics['accuracy']! * yTrue.length), yTrue.length, level);
  for (const metric of EQUAL_TO_ACCURACY) add(metric, accuracy);
  if (metrics['accuracy'] === 1) for (const metric of NEAR_ACCURACY) add(metric, accuracy);
  if (positive !== undefined) {
    const of = perClass[positive]!.intervals;
    add('precisionBinary', of['precision']);
    add('recallBinary', of['recall']);
    add('f1Binary', of['f1']);
    if (prepared) add('rocAuc', delongInterval(prepared.rankings[0]!, level));
  }
  return intervals;
}

function bootstrap(
  { yTrue, yPred, classes, sampleWeight }: EvaluationInput,
  options: Required<EvaluateOptions>,
  { positive, prepared }: Measured,
): BootstrapResult {
  const n = yTrue.length;
  const weighted = sampleWeight ? new Float64Array(n) : undefined;
  const measure = (drawn: Uint32Array): Record<string, number> => {
    if (weighted) for (let i = 0; i < n; i++) weighted[i] = drawn[i]! * sampleWeight![i]!;
    const weights = weighted ?? drawn;
    const confusion = countConfusion(yTrue, yPred, classes.length, weights);
    const sums = classSums(confusion);
    const present = classes.map((_, c) => c).filter((c) => sums[c]!.actual > 0 || sums[c]!.predicted > 0);
    if (present.length === 0) return {};
    const labels = labelMetrics(confusion, present, options.zeroDivision, positive);
    const support = sums.map((s) => s.actual);
    return prepared ? { ...labels, ...scoreMetrics(prepared, weights, support) } : labels;
  };
  return bootstrapIntervals(measure, { ...options, nSamples: n });
}
