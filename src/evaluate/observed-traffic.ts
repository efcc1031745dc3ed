import { PhantomNetError } from '../core/index.js';

/** What the samples themselves say of how many come in a day. */
export interface ObservedTraffic {
  /** Share of positives. */
  readonly baseRate: number;
  /** From the first time to the last; null without times. */
  readonly days: number | null;
  /** Samples a day; null without times, or where they span less than a day. */
  readonly eventsADay: number | null;
}

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** Returns what `yTrue` and `times` (ms UTC, NaN where unknown) say of rate and volume. Throws BAD_DATA for another length. */
export function observedTraffic(
  yTrue: ArrayLike<number>,
  times: ArrayLike<number> | undefined,
): ObservedTraffic {
  let positives = 0;
  for (let i = 0; i < yTrue.length; i++) positives += yTrue[i]!;
  const baseRate = positives / yTrue.length;
  if (!times) return { baseRate, days: null, eventsADay: null };
  checkTimes(times, yTrue.length);
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  if (!Number.isFinite(last - first)) return { baseRate, days: null, eventsADay: null };
  const days = (last - first) / DAY_MS;
  return { baseRate, days, eventsADay: days >= 1 ? yTrue.length / days : null };
}

/** Throws BAD_DATA where there is not one time a sample. */
export function checkTimes(times: ArrayLike<number>, nSamples: number): void {
  if (times.length === nSamples) return;
  throw new PhantomNetError('BAD_DATA', `times must have ${nSamples} values, got ${times.length}`, {
    hint: 'give one time a sample in milliseconds UTC, NaN where it is unknown',
    details: { parameter: 'times', expected: nSamples, given: times.length },
  });
}
