import { invalidParameter, PhantomNetError } from '../core/index.js';
import { type BinaryPredictions, checkPredictions, checkShare } from './binary.js';
import { countOutcomes } from './count-outcomes.js';
import { checkTimes, DAY_MS } from './observed-traffic.js';
import { type CountedRates, withRates } from './rates.js';

/** How a model did in one day or week. */
export interface PeriodFigures extends CountedRates {
  /** Start of the period, milliseconds UTC; weeks start on Monday. */
  readonly start: number;
  /** Periods since the first one: a step of more than 1 is a gap without samples. */
  readonly index: number;
  /** Null without positives. */
  readonly f1: number | null;
}

/** One metric over all periods. */
export interface AreaUnderTime {
  /** From 0 to 1; null where fewer than two periods have the metric. */
  readonly aut: number | null;
  /** Periods that it rests on. */
  readonly periods: number;
}

/** How a model did from period to period. */
export interface Decay {
  readonly period: Period;
  /** Periods that have samples, in order of time; those without positives too. */
  readonly periods: readonly PeriodFigures[];
  readonly f1: AreaUnderTime;
  readonly recall: AreaUnderTime;
  readonly precision: AreaUnderTime;
  /** Periods without positives: listed, but no part of the areas. */
  readonly periodsWithoutPositives: number;
  /** Periods between the first and the last without any sample. */
  readonly emptyPeriods: number;
  /** Samples without a time: in no period. */
  readonly withoutTime: number;
}

/** How long a period is; days and weeks are of UTC. */
export type Period = 'day' | 'week';

/** How long a period is, and how sure. */
export interface DecayOptions {
  /** Default `'day'`. */
  readonly period?: Period | undefined;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number | undefined;
}

/** The first Monday after the epoch, which was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const PERIODS = {
  day: { lengthMs: DAY_MS, offsetMs: 0 },
  week: { lengthMs: 7 * DAY_MS, offsetMs: FIRST_MONDAY_MS },
};

/** The range of times that a Date can hold. */
const MAX_TIME_MS = 8.64e15;

/**
 * Returns recall, precision and F1 of each day or week, and the area under each over time (AUT): 1 is perfect in all
 * periods, and a model that ages loses area.
 *
 * The area is that of trapezoids between neighbouring periods, divided by the time from the first to the last; across a
 * period that lacks the metric it goes straight on. Source: Pendlebury et al. 2019 (TESSERACT), equation 4, for periods
 * that all have it. Throws BAD_DATA or INVALID_PARAMETER. Cost O(n + periods log periods).
 *
 * @example
 * ```ts
 * const day = 86_400_000;
 * const times = [0, 1, day, day + 1, 2 * day, 2 * day + 1];
 * const report = decay({ yTrue: [1, 1, 1, 1, 1, 1], yPred: [1, 1, 1, 0, 0, 0] }, times);
 * report.periods.map((period) => period.recall.value); // [1, 0.5, 0]
 * report.recall; // { aut: 0.5, periods: 3 }
 * ```
 */
export function decay(input: BinaryPredictions, times: ArrayLike<number>, options: DecayOptions = {}): Decay {
  const { period = 'day', level = 0.95 } = options;
  if (period !== 'day' && period !== 'week') invalidParameter('period', "'day' or 'week'", period);
  checkShare('level', level, 'without-ends');
  checkPredictions(input);
  checkTimes(times, input.yTrue.length);
  const { starts, codes, withoutTime } = periodsOf(times, period);
  const counts = countOutcomes(input, codes, starts.length + 1);
  const order = starts.map((_, p) => p).sort((a, b) => starts[a]! - starts[b]!);
  const first = starts[order[0] ?? 0] ?? 0;
  const periods = order.map((p): PeriodFigures => {
    const { truePositives, falsePositives, falseNegatives } = counts[p]!;
    const rates = withRates(counts[p]!, level);
    const f1 = (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
    const index = Math.round((starts[p]! - first) / PERIODS[period].lengthMs);
    return { start: starts[p]!, index, ...rates, f1: rates.positives > 0 ? f1 : null };
  });
  const usable = periods.filter((p) => p.positives > 0);
  return {
    period,
    periods,
    f1: areaUnderTime(usable, (p) => p.f1),
    recall: areaUnderTime(usable, (p) => p.recall?.value),
    precision: areaUnderTime(usable, (p) => p.precision?.value),
    periodsWithoutPositives: periods.length - usable.length,
    emptyPeriods: periods.length === 0 ? 0 : periods.at(-1)!.index + 1 - periods.length,
    withoutTime,
  };
}

/** The start of each period in order of appearance, and each sample's: the number of periods where it has no time. */
function periodsOf(times: ArrayLike<number>, period: Period) {
  const { lengthMs, offsetMs } = PERIODS[period];
  const codeOf = new Map<number, number>();
  const codes = new Int32Array(times.length);
  let withoutTime = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    codes[i] = -1;
    if (Number.isNaN(time)) withoutTime++;
    else {
      if (!(Math.abs(time) <= MAX_TIME_MS)) badTime(i, time);
      const start = Math.floor((time - offsetMs) / lengthMs) * lengthMs + offsetMs;
      const code = codeOf.get(start) ?? codeOf.size;
      codeOf.set(start, code);
      codes[i] = code;
    }
  }
  for (let i = 0; i < codes.length; i++) if (codes[i] === -1) codes[i] = codeOf.size;
  return { starts: [...codeOf.keys()], codes, withoutTime };
}

function badTime(sample: number, given: number): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `times of sample ${sample} must be milliseconds UTC or NaN, got ${given}`,
    { hint: 'give NaN where the time is unknown', details: { parameter: 'times', sample } },
  );
}

function areaUnderTime(
  periods: readonly PeriodFigures[],
  metric: (period: PeriodFigures) => number | null | undefined,
): AreaUnderTime {
  const points = periods.flatMap((p) => {
    const value = metric(p);
    return value == null ? [] : [{ index: p.index, value }];
  });
  if (points.length < 2) return { aut: null, periods: points.length };
  let area = 0;
  for (let k = 1; k < points.length; k++) {
    const [before, after] = [points[k - 1]!, points[k]!];
    area += ((before.value + after.value) / 2) * (after.index - before.index);
  }
  return { aut: area / (points.at(-1)!.index - points[0]!.index), periods: points.length };
}
