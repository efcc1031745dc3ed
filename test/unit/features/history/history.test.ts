import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeHistoryFeatures,
  EventHistory,
  type HistoryEvent,
  replayHistory,
} from '#src/features/index.js';
import { eventsInOrder } from './arbitrary.js';
import { named, referenceRow } from './reference.js';

const FEATURES = describeHistoryFeatures();
const event: HistoryEvent = {
  timeMs: 0,
  sensor: 'ssh',
  position: 0,
  source: '192.0.2.1',
  session: 's1',
  destinationPort: 22,
  user: 'root',
  action: 'login',
  outcome: 'failure',
  bytes: 100,
};

function rowsOf(events: readonly HistoryEvent[], history = new EventHistory()): Float32Array[] {
  return events.map((e) => {
    const row = new Float32Array(history.width);
    history.observe(e, row);
    return row;
  });
}

describe('features of the history', () => {
  it('tell what came before the event, and nothing of the event itself', () => {
    const rows = rowsOf([
      event,
      { ...event, timeMs: 400, position: 1, user: 'admin' },
      { ...event, timeMs: 1000, position: 2, outcome: 'success' },
      { ...event, timeMs: 61_000, position: 3, session: 's2', destinationPort: 23 },
    ]);
    expect(named(rows[0]!)).toMatchObject({
      source_events_1d: 0,
      source_gap: NaN,
      source_index: 0,
      session_age: 0,
    });
    expect(named(rows[2]!)).toMatchObject({
      source_events_10s: 2,
      source_rate_10s: 2,
      source_failures_10s: 2,
      source_users_10s: 2,
      source_gap: Math.fround(0.6),
      source_gap_mean: Math.fround(0.4),
      source_gap_variance: 0,
      session_burst_length: 2,
      session_bursts: 0,
      session_index: 2,
    });
    expect(named(rows[3]!)).toMatchObject({
      source_events_1m: 0,
      source_events_10m: 3,
      source_rate_10m: Math.fround(3 / 61),
      source_sessions_10m: 1,
      source_ports_10m: 1,
      source_gap: 60,
      source_bursts: 1,
      source_longest_burst: 3,
      source_burst_length: 0,
      source_successes: 1,
      source_failures_before_success: 2,
      source_success_after_failure: 1,
      source_bytes: 300,
      session_index: 0,
      session_events_1d: 0,
    });
  });

  it('are missing for the session of an event that has none', () => {
    const [row] = rowsOf([{ ...event, session: null }]);
    for (const { name, scope } of FEATURES) if (scope === 'session') expect(named(row!)[name]).toBeNaN();
  });

  it('keep sessions of one id apart where their sources differ', () => {
    const rows = rowsOf([event, { ...event, timeMs: 1, source: '192.0.2.2' }]);
    expect(named(rows[1]!)['session_index']).toBe(0);
  });

  it('are those of the slow reference', () => {
    fc.assert(
      fc.property(eventsInOrder(50), (events) => {
        rowsOf(events).forEach((row, i) => {
          const wanted = referenceRow(events.slice(0, i + 1));
          const values = named(row);
          for (const { name, scope } of FEATURES) {
            const value = values[name]!;
            const expected = scope === 'session' && events[i]!.session === null ? Number.NaN : wanted[name]!;
            // Mean and variance are summed in another order.
            if (/gap_(mean|variance)/.test(name) && !Number.isNaN(expected))
              expect(Math.abs(value - expected), name).toBeLessThanOrEqual(1e-6 * (1 + expected));
            else expect(value, name).toBe(Math.fround(expected));
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  it('have the unit, wholeness and missing values that their descriptions say', () => {
    expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURES.length);
    fc.assert(
      fc.property(eventsInOrder(20), (events) => {
        for (const row of rowsOf(events))
          FEATURES.forEach(({ isInteger, mayBeMissing, name }, i) => {
            if (Number.isNaN(row[i])) expect(mayBeMissing, name).toBe(true);
            else if (isInteger) expect(Number.isInteger(row[i]), name).toBe(true);
          });
      }),
    );
  });

  it('are the same whatever comes later', () => {
    fc.assert(
      fc.property(eventsInOrder(40), fc.nat(), (events, cut) => {
        const length = 1 + (cut % events.length);
        const width = FEATURES.length;
        const whole = replayHistory(events, new EventHistory());
        const prefix = replayHistory(events.slice(0, length), new EventHistory());
        expect(prefix).toEqual(whole.slice(0, length * width));
      }),
    );
  });

  it('of a replay are in the order the events are given in', () => {
    fc.assert(
      fc.property(eventsInOrder(30), fc.integer(), (events, seed) => {
        const shuffled = fc.sample(fc.shuffledSubarray([...events], { minLength: events.length }), {
          numRuns: 1,
          seed,
        })[0]!;
        const width = FEATURES.length;
        const wanted = replayHistory(events, new EventHistory());
        const rows = replayHistory(shuffled, new EventHistory());
        shuffled.forEach((e, i) => {
          const at = events.indexOf(e);
          expect(rows.slice(i * width, (i + 1) * width)).toEqual(wanted.slice(at * width, (at + 1) * width));
        });
      }),
    );
  });
});

describe('late events', () => {
  it('count as ones of the latest time, and are marked and counted', () => {
    const history = new EventHistory();
    const row = new Float32Array(history.width);
    expect(history.observe({ ...event, timeMs: 5000 }, row)).toBe(false);
    expect(history.observe({ ...event, timeMs: 1000, position: 1 }, row)).toBe(true);
    expect(named(row)).toMatchObject({ source_gap: 0, source_events_10s: 1 });
    expect(history.observe({ ...event, timeMs: 5000, sensor: 'a' }, row)).toBe(true);
    expect(history.observe({ ...event, timeMs: 6000, position: 2 }, row)).toBe(false);
    expect(named(row)).toMatchObject({ source_gap: 1, source_events_10s: 3 });
    expect(history.counts()).toMatchObject({ events: 4, late: 2 });
  });

  it('are no excuse: what has no place in the order or no room in the row is refused', () => {
    const history = new EventHistory();
    const row = new Float32Array(history.width);
    for (const timeMs of [Number.NaN, 9e15, Number.NEGATIVE_INFINITY])
      expect(() => history.observe({ ...event, timeMs }, row)).toThrow(
        /^timeMs of an event must be milliseconds/,
      );
    expect(() => history.observe({ ...event, position: Number.NaN }, row)).toThrow(
      'position of an event must be a finite number, got NaN',
    );
    expect(() => history.observe(event, row, 1)).toThrow('row must be of at least 95 numbers, got 94');
    expect(history.counts().events).toBe(0);
  });
});

describe('what is no number of bytes or port', () => {
  it('counts as none', () => {
    const odd = [Number.NaN, -5, Number.POSITIVE_INFINITY, 1e300, undefined];
    const rows = rowsOf([
      ...odd.map((bytes, i) => ({ ...event, timeMs: i, ...(bytes === undefined ? {} : { bytes }) })),
      { ...event, timeMs: 10, destinationPort: Number.NaN },
      { ...event, timeMs: 11 },
    ]);
    expect(named(rows[5]!)['source_bytes']).toBe(100);
    expect(named(rows[6]!)['source_ports_10s']).toBe(1);
  });
});
