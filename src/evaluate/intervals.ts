import { type BootstrapResult, bootstrapIntervals } from './bootstrap.js';
import { delongInterval, wilsonInterval } from './closed-intervals.js';
import type {
  ClassMetrics,
  EvaluateOptions,
  EvaluationInput,
  Interval,
  MetricIntervals,
} from './evaluation.js';
import { groupIntervals } from './group-intervals.js';
import { noInterval, rarelyDefined } from './no-interval.js';
import { remeasurer } from './remeasure.js';
import type { PreparedScores } from './score-metrics.js';

/** What `evaluate` has worked out by the time it asks for intervals. */
interface Measured {
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
 * The bootstrap cannot vary a perfect value, whatever the sample's size, nor some others, such as that of rows that are all
 * wrong: a perfect precision and f1 take the accuracy's interval, and the others have none and a warning. With groups, all come from resampling whole groups.
 */
export function evaluationIntervals(
  input: EvaluationInput,
  options: Required<EvaluateOptions>,
  measured: Measured,
): MetricIntervals {
  if (input.groups) return groupIntervals({ ...input, groups: input.groups }, options, measured);
  const closed = input.sampleWeight ? {} : closedIntervals(input, options, measured);
  const { intervals: resampled, undefinedMetrics } =
    options.resamples > 0 ? bootstrap(input, options, measured) : { intervals: {}, undefinedMetrics: [] };
  const intervals: Record<string, Interval> = {};
  const [perfect, fixed]: [string[], string[]] = [[], []];
  for (const [metric, value] of Object.entries(measured.metrics)) {
    const interval = closed[metric] ?? resampled[metric];
    if (!interval) continue;
    if (interval.method === 'bootstrap' && isPerfect(metric, value)) perfect.push(metric);
    else if (interval.method === 'bootstrap' && isFixed(interval)) fixed.push(metric);
    else intervals[metric] = interval;
  }
  const rare = undefinedMetrics.filter((metric) => closed[metric] === undefined);
  return {
    intervals,
    warnings: [
      ...rarelyDefined(rare),
      ...noInterval(perfect, 'resampling cannot vary a perfect value'),
      ...noInterval(fixed, 'every resample gives the same value'),
    ],
  };
}

/** Whether the resamples are all alike, as those of rows that are all wrong. */
function isFixed({ low, high }: Interval): boolean {
  return high - low < 1e-12;
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
  input: EvaluationInput,
  options: Required<EvaluateOptions>,
  measured: Measured,
): BootstrapResult {
  const remeasure = remeasurer(input, options, measured);
  return bootstrapIntervals((drawn) => remeasure(drawn).metrics, {
    ...options,
    nSamples: input.yTrue.length,
    method: 'bootstrap',
  });
}
