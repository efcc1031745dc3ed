import { wilsonF1Interval, wilsonInterval } from './closed-intervals.js';
import type { ClassMetrics, EvaluateOptions, Interval } from './evaluation.js';
import { classSums, precisionRecallF1 } from './label-metrics.js';

/** Returns the measures of each class, in the order of `classes`; with Wilson intervals when `counted` says that the confusion holds whole samples, each telling something of its own. */
export function classMetrics(
  confusion: Float64Array,
  classes: readonly (number | string)[],
  options: Required<EvaluateOptions>,
  counted: boolean,
): ClassMetrics[] {
  return classSums(confusion).map((sums, c) => ({
    label: classes[c]!,
    ...precisionRecallF1(sums, options.zeroDivision),
    support: sums.actual,
    predicted: sums.predicted,
    intervals: counted ? wilsonIntervals(sums, options.level) : {},
  }));
}

function wilsonIntervals(
  { correct, predicted, actual }: { correct: number; predicted: number; actual: number },
  level: number,
): Record<string, Interval> {
  const intervals: Record<string, Interval> = {};
  const precision = wilsonInterval(correct, predicted, level);
  const recall = wilsonInterval(correct, actual, level);
  const f1 = wilsonF1Interval(correct, predicted + actual - 2 * correct, level);
  if (precision) intervals['precision'] = precision;
  if (recall) intervals['recall'] = recall;
  if (f1) intervals['f1'] = f1;
  return intervals;
}
