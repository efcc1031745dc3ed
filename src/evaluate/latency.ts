import { invalidParameter } from '../core/index.js';
import { describeMachine, type Machine } from './machine.js';
import { quantileOfSorted } from './quantile.js';

/** What to time. Both callbacks score at once and return when done. */
export interface LatencyTarget {
  /** Scores the event at `index`, from 0 to nEvents - 1. */
  readonly predictOne: (index: number) => unknown;
  /** Scores all events in one call. */
  readonly predictBatch: () => unknown;
  readonly nEvents: number;
}

/** How often to call, and which clock to read. */
export interface LatencyOptions {
  /** Timed calls of each kind, default 100; of the whole set as many as fit into `wholeMs`. */
  readonly repeat?: number;
  /**
   * Time after which no further call of the whole set is begun, warm-up and timed calls apart, default 2000: on a large set
   * there are then fewer than `repeat`, and at least 3 timed ones where so many were asked for.
   */
  readonly wholeMs?: number;
  /** Untimed calls of each kind between the cold call and the timed ones, default 10. */
  readonly warmup?: number;
  /** Returns the time in milliseconds from any origin; default `performance.now`. */
  readonly nowMs?: () => number;
}

/**
 * How long the timed calls of one kind took. The quantiles interpolate linearly between the two nearest calls (NumPy's
 * default); with 100 calls p99 lies between the two slowest.
 */
export interface LatencyStatistics {
  readonly calls: number;
  readonly eventsPerCall: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Events over the summed time of the timed calls; 0 when the clock saw no time pass. */
  readonly eventsPerSecond: number;
}

/** A latency benchmark: plain values, ready to log. */
export interface LatencyReport {
  /** The first call of all, of one event: what a process pays once. */
  readonly coldMs: number;
  /** Calls of one event each, going round the events. */
  readonly single: LatencyStatistics;
  /** Calls of the whole set each. */
  readonly whole: LatencyStatistics;
  readonly machine: Machine;
}

/**
 * Returns how long scoring takes: the cold first call, then single events, then the whole set.
 * The scorer must be cold, that is, not called before. Throws INVALID_PARAMETER for counts out of range; what the
 * callbacks throw passes through. Not deterministic: it reads a clock.
 *
 * @example
 * ```ts
 * const report = benchmarkLatency({ predictOne: (i) => i, predictBatch: () => 0, nEvents: 44 }, { repeat: 20 });
 * report.single.calls; // 20
 * ```
 */
export function benchmarkLatency(target: LatencyTarget, options: LatencyOptions = {}): LatencyReport {
  const { repeat = 100, warmup = 10, wholeMs = 2000, nowMs = () => performance.now() } = options;
  checkCount('repeat', repeat, 1);
  checkCount('warmup', warmup, 0);
  checkCount('nEvents', target.nEvents, 1);
  if (!(wholeMs >= 0)) invalidParameter('wholeMs', 'a number of milliseconds from 0', wholeMs);
  const one = (call: number) => target.predictOne(call % target.nEvents);
  const coldMs = timeCalls(one, { repeat: 1, nowMs })[0]!;
  for (let call = 0; call < warmup; call++) one(call);
  const single = describe(timeCalls(one, { repeat, nowMs }), 1);
  timeCalls(target.predictBatch, { repeat: warmup, nowMs, least: 1, limitMs: wholeMs });
  const timed = timeCalls(target.predictBatch, { repeat, nowMs, least: 3, limitMs: wholeMs });
  const whole = describe(timed, target.nEvents);
  return { coldMs, single, whole, machine: describeMachine() };
}

function checkCount(name: string, count: number, least: number): void {
  if (!Number.isInteger(count) || count < least || count > 10_000_000)
    invalidParameter(name, `a whole number from ${least} to 10000000`, count);
}

/** Times up to `repeat` calls; beyond `limitMs` in all no further one is begun, once there were `least`. */
function timeCalls(
  call: (index: number) => unknown,
  {
    repeat,
    nowMs,
    least = repeat,
    limitMs = Number.POSITIVE_INFINITY,
  }: {
    readonly repeat: number;
    readonly nowMs: () => number;
    readonly least?: number;
    readonly limitMs?: number;
  },
): Float64Array {
  const times = new Float64Array(repeat);
  let spentMs = 0;
  for (let i = 0; i < repeat; i++) {
    if (i >= least && spentMs >= limitMs) return times.subarray(0, i);
    const start = nowMs();
    call(i);
    times[i] = nowMs() - start;
    spentMs += times[i]!;
  }
  return times;
}

function describe(times: Float64Array, eventsPerCall: number): LatencyStatistics {
  const sorted = Float64Array.from(times).sort();
  const totalMs = sorted.reduce((a, b) => a + b, 0);
  return {
    calls: sorted.length,
    eventsPerCall,
    meanMs: totalMs / sorted.length,
    minMs: sorted[0]!,
    maxMs: sorted.at(-1)!,
    p50Ms: quantileOfSorted(sorted, 0.5),
    p95Ms: quantileOfSorted(sorted, 0.95),
    p99Ms: quantileOfSorted(sorted, 0.99),
    eventsPerSecond: totalMs > 0 ? (eventsPerCall * sorted.length * 1000) / totalMs : 0,
  };
}
