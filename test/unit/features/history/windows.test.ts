import { describe, expect, it } from 'vitest';
import { describeHistoryFeatures, EventHistory, type HistoryEvent } from '#src/features/index.js';
import { manyEvents } from './many-events.js';

const NAMES = describeHistoryFeatures().map(({ name }) => name);
const WINDOWS: readonly [string, number][] = [
  ['10s', 10_000],
  ['1m', 60_000],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
];
const EXACT = 128;

/** Counted and true numbers of each window at every `every`-th event. */
function compare(
  events: readonly HistoryEvent[],
  name: string,
  count: (within: readonly HistoryEvent[]) => number,
  randomState = 0,
) {
  const history = new EventHistory({ randomState });
  const row = new Float32Array(history.width);
  return events.flatMap((event, i) => {
    history.observe(event, row);
    if (i % 97 !== 0) return [];
    return WINDOWS.map(([window, ms]) => ({
      counted: row[NAMES.indexOf(`source_${name}_${window}`)]!,
      truth: count(events.slice(0, i).filter(({ timeMs }) => timeMs > event.timeMs - ms)),
    }));
  });
}

const oneSource = (count: number, stepMs: number, users: number, seed = 3) =>
  manyEvents(count, { sources: 1, users, stepMs, seed });
const users = (within: readonly HistoryEvent[]): number => new Set(within.map(({ user }) => user)).size;

describe('counts in windows', () => {
  it.each([100, 2000, 30_000])(
    'of events are exact to 128, and within 1/128 above, with %i ms between them',
    (stepMs) => {
      const pairs = compare(oneSource(20_000, stepMs, 5), 'events', (within) => within.length);
      for (const { counted, truth } of pairs) {
        if (truth <= EXACT) expect(counted).toBe(truth);
        else expect(Math.abs(counted - truth) / truth).toBeLessThanOrEqual(1 / EXACT);
      }
      expect(Math.max(...pairs.map(({ truth }) => truth))).toBeGreaterThan(EXACT);
      expect(pairs.some(({ truth }) => truth > 0 && truth <= EXACT)).toBe(true);
    },
  );

  it('of values are exact to 128', () => {
    for (const pool of [20, EXACT]) {
      for (const { counted, truth } of compare(oneSource(6000, 3000, pool), 'users', users))
        expect(counted).toBe(truth);
    }
    for (const { counted, truth } of compare(oneSource(6000, 3000, 100_000), 'users', users))
      if (truth <= EXACT) expect(counted).toBe(truth);
  });

  it('of exactly 128 are exact, also when the one before them left the window just now', () => {
    const base = oneSource(1, 1, 1)[0]!;
    const history = new EventHistory();
    const row = new Float32Array(history.width);
    const at = (offsetMs: number, user: string) =>
      history.observe({ ...base, user, timeMs: base.timeMs + offsetMs, position: offsetMs }, row);
    at(0, 'first');
    for (let i = 1; i <= EXACT; i++) at(i, `user-${i}`);
    at(10_000, 'later');
    expect(row[NAMES.indexOf('source_users_10s')]).toBe(EXACT);
    expect(row[NAMES.indexOf('source_events_10s')]).toBe(EXACT);
    // One more is above: 129 events, counted from every second one on.
    expect(row[NAMES.indexOf('source_events_1m')]).toBe(EXACT + 1);
  });

  it('of values above have a standard error of at most an eighth', () => {
    const errors = Array.from({ length: 25 }, (_, seed) =>
      compare(oneSource(5000, 200, 4000, seed), 'users', users, seed)
        .filter(({ truth }) => truth > EXACT)
        .map(({ counted, truth }) => counted / truth - 1),
    ).flat();
    expect(errors.length).toBeGreaterThan(2000);
    const squares = errors.map((error) => error ** 2).reduce((sum, square) => sum + square, 0);
    expect(Math.sqrt(squares / errors.length)).toBeLessThan(0.125);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.6);
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(0.03);
  });

  it('do not come round after the 49 days that 32 bits of milliseconds hold', () => {
    const base = oneSource(1, 1, 1)[0]!;
    const history = new EventHistory();
    const row = new Float32Array(history.width);
    // One event of user u, then one of user v every 20 hours for 200 days: u must never be counted again.
    history.observe({ ...base, user: 'u' }, row);
    for (let i = 1; i <= 240; i++) {
      history.observe({ ...base, user: 'v', timeMs: base.timeMs + i * 72_000_000, position: i }, row);
      expect(row[NAMES.indexOf('source_users_1d')]).toBe(1);
      expect(row[NAMES.indexOf('source_events_1d')]).toBe(1);
      expect(row[NAMES.indexOf('source_index')]).toBe(i);
    }
  });
});
