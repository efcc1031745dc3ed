import { invalidParameter } from '../core/index.js';
import { alertsAbove, type BinaryCounts, type BinaryScores, checkScores, checkShare } from './binary.js';
import { checkResampling } from './check-input.js';
import { countOutcomes } from './count-outcomes.js';
import type { Estimate, Interval } from './evaluation.js';
import { codeGroups, type Groups } from './groups.js';
import { type ObservedTraffic, observedTraffic } from './observed-traffic.js';
import {
  type FigureName,
  type Figures,
  figuresOf,
  groupFigures,
  type Stated,
  wilsonFigures,
} from './operating-figures.js';

/** Truth and scores, with when each sample was seen and what it belongs to, where that is known. */
export interface OperatingPointInput extends BinaryScores {
  /** Milliseconds UTC, NaN where unknown. */
  readonly times?: ArrayLike<number> | undefined;
  /** What each sample belongs to; intervals then come from resampling whole groups. */
  readonly groups?: Groups | undefined;
}

/** What the operator knows of the traffic, and how sure to be. */
export interface OperatingPointOptions {
  /** Share of positives (attacks) in the traffic where the model will run, from 0 to 1. */
  readonly baseRate?: number | undefined;
  /** Events a day where the model will run. */
  readonly eventsADay?: number | undefined;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number | undefined;
  /** Resamples of the groups; default 1000. */
  readonly resamples?: number | undefined;
  /** Seed of the resampling; default 0. */
  readonly randomState?: number | undefined;
}

/** What a model does at one threshold. */
export interface OperatingPoint {
  /** A score above it alerts; Infinity alerts on nothing. */
  readonly threshold: number;
  readonly confusion: BinaryCounts;
  /** Null without positives. */
  readonly recall: Estimate | null;
  /** Null without negatives. */
  readonly falsePositiveRate: Estimate | null;
  /** On these samples, with the share of positives they happen to have; null without alerts. */
  readonly precision: Estimate | null;
  /** What it comes to in the traffic as stated; null where that was not stated, or the samples lack a class. */
  readonly stated: Stated & {
    readonly precision: Estimate | null;
    readonly alertsADay: Estimate | null;
    readonly falseAlertsADay: Estimate | null;
  };
  /** The same as the samples themselves show it, to hold beside what was stated. */
  readonly observed: ObservedTraffic & {
    /** Null where `eventsADay` is. */
    readonly alertsADay: number | null;
  };
}

/**
 * Returns what alerting on every score above `threshold` finds, misses and costs, with intervals.
 *
 * Precision at the stated base rate and alerts a day follow from recall and false-positive rate by Bayes' rule; without
 * `baseRate` (and for alerts `eventsADay`) they are null, never guessed from the samples. Their intervals carry the
 * uncertainty of both rates along (method `wilsonCorners`, at least as wide as `level` asks for); the stated base rate and
 * volume count as exact. With `groups`, all intervals come from resampling whole groups, and of a single group there is none.
 * Throws BAD_DATA or INVALID_PARAMETER. Deterministic given `randomState`. Cost O(n + resamples × groups).
 *
 * @example
 * ```ts
 * const scores = [0.1, 0.2, 0.3, 0.6, 0.7, 0.9];
 * const point = operatingPoint({ yTrue: [0, 0, 0, 0, 1, 1], scores }, 0.5, { baseRate: 0.01, eventsADay: 1000 });
 * point.precision.value; // ≈ 0.667
 * point.stated.precision.value; // ≈ 0.039
 * point.stated.alertsADay.value; // 257.5
 * ```
 */
export function operatingPoint(
  input: OperatingPointInput,
  threshold: number,
  options: OperatingPointOptions = {},
): OperatingPoint {
  checkScores(input);
  const stated = checkStated(threshold, options);
  const { yTrue, scores, times } = input;
  const yPred = alertsAbove(scores, threshold);
  const confusion = countOutcomes({ yTrue, yPred }, undefined, 1)[0]!;
  const figures = figuresOf(confusion, stated);
  const estimate = estimator(figures, intervalsOf(input, yPred, { confusion, stated }, options));
  const traffic = observedTraffic(yTrue, times);
  const alertShare = (confusion.truePositives + confusion.falsePositives) / yTrue.length;
  return {
    threshold,
    confusion,
    recall: estimate('recall'),
    falsePositiveRate: estimate('falsePositiveRate'),
    precision: estimate('precision'),
    stated: {
      ...stated,
      precision: estimate('precisionAtBaseRate'),
      alertsADay: estimate('alertsADay'),
      falseAlertsADay: estimate('falseAlertsADay'),
    },
    observed: {
      ...traffic,
      alertsADay: traffic.eventsADay === null ? null : traffic.eventsADay * alertShare,
    },
  };
}

function checkStated(threshold: number, options: OperatingPointOptions): Stated {
  const { baseRate, eventsADay, level = 0.95, resamples = 1000, randomState = 0 } = options;
  if (Number.isNaN(threshold) || typeof threshold !== 'number')
    invalidParameter('threshold', 'a number, or Infinity for no alerts', threshold);
  if (baseRate !== undefined) checkShare('baseRate', baseRate, 'with-ends');
  if (eventsADay !== undefined && !(eventsADay > 0 && Number.isFinite(eventsADay)))
    invalidParameter('eventsADay', 'a finite number above 0', eventsADay);
  checkResampling({ level, resamples, randomState });
  return { baseRate: baseRate ?? null, eventsADay: eventsADay ?? null };
}

function intervalsOf(
  { yTrue, groups }: OperatingPointInput,
  yPred: Uint8Array,
  { confusion, stated }: { confusion: BinaryCounts; stated: Stated },
  { level = 0.95, resamples = 1000, randomState = 0 }: OperatingPointOptions,
): Record<string, Interval> {
  if (!groups) return wilsonFigures(confusion, stated, level);
  const { codes, values } = codeGroups('groups', groups, yTrue.length);
  if (values.length === 1 || resamples === 0) return {};
  const counts = countOutcomes({ yTrue, yPred }, codes, values.length);
  return groupFigures(counts, stated, { level, resamples, randomState });
}

function estimator(figures: Figures, intervals: Record<string, Interval>) {
  return (name: FigureName): Estimate | null => {
    const value = figures[name];
    return value === undefined ? null : { value, interval: intervals[name] ?? null };
  };
}
