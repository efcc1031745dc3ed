import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareEvents,
  EventHistory,
  type HistoryEvent,
  LiveHistory,
  type ObservedEvent,
  replayHistory,
} from '#src/features/index.js';
import { eventsInOrder } from './arbitrary.js';

const LATENESS_MS = 5000;

/** Events with a delay each, of less than the allowed lateness, in the order they arrive. */
const arrivals = fc
  .tuple(eventsInOrder(40), fc.array(fc.nat({ max: LATENESS_MS - 1 }), { minLength: 40, maxLength: 40 }))
  .map(([events, delays]) => {
    const at = new Map(events.map((event, i) => [event, event.timeMs + delays[i]!]));
    return { events, arriving: [...events].sort((a, b) => at.get(a)! - at.get(b)!) };
  });

const event: HistoryEvent = {
  timeMs: 0,
  sensor: 'b',
  position: 0,
  source: '192.0.2.1',
  session: null,
  destinationPort: null,
  user: null,
  action: null,
  outcome: null,
};
const at = (timeMs: number, position: number, sensor = 'b'): HistoryEvent => ({
  ...event,
  timeMs,
  position,
  sensor,
});
const times = (observed: readonly ObservedEvent[]): string[] =>
  observed.map(({ event: e, late }) => `${e.timeMs}${e.sensor}${e.position}${late ? ' late' : ''}`);

describe('a live history', () => {
  it('gives the rows of a replay, bit for bit, for what is less late than allowed', () => {
    fc.assert(
      fc.property(arrivals, ({ events, arriving }) => {
        const live = new LiveHistory(new EventHistory(), { allowedLatenessMs: LATENESS_MS });
        const observed = [...arriving.flatMap((e) => live.push(e)), ...live.flush()];
        const replayed = new EventHistory();
        const rows = replayHistory(events, replayed);
        expect(observed.map((o) => o.event)).toEqual(events);
        expect(observed.every(({ late }) => !late)).toBe(true);
        observed.forEach(({ row }, i) => {
          expect(row).toEqual(rows.slice(i * replayed.width, (i + 1) * replayed.width));
        });
        expect(live.history.toBytes()).toEqual(replayed.toBytes());
      }),
    );
  });

  it('goes on as if nothing had been when it is saved and read again, with what waits', () => {
    fc.assert(
      fc.property(arrivals, fc.nat({ max: 40 }), ({ arriving }, cut) => {
        const run = (cutAt: number) => {
          let live = new LiveHistory(new EventHistory(), { allowedLatenessMs: LATENESS_MS, maxPending: 4 });
          const observed = arriving.flatMap((e, i) => {
            if (i === cutAt) live = LiveHistory.fromBytes(live.toBytes());
            return live.push(e).map(({ event: { position }, row, late }) => ({ position, row, late }));
          });
          const { heldBytes: _, ...counts } = live.counts();
          return { observed, counts, bytes: live.toBytes() };
        };
        expect(run(cut)).toEqual(run(-1));
      }),
    );
  });

  it('lets events go when nothing allowed can come before them', () => {
    const live = new LiveHistory(new EventHistory());
    expect(live.push(at(100_000, 0))).toEqual([]);
    expect(live.push(at(160_000, 1))).toEqual([]);
    expect(live.push(at(100_000, 0, 'a'))).toEqual([]);
    expect(times(live.push(at(160_001, 2)))).toEqual(['100000a0', '100000b0']);
    expect(live.counts().pending).toBe(2);
  });

  it('lets events that nothing orders go as they came, also when saved in between', () => {
    const users = ['u0', 'u1', 'u2', 'u3', 'u4'];
    let live = new LiveHistory(new EventHistory());
    for (const user of users.slice(0, 3)) live.push({ ...event, user });
    live = LiveHistory.fromBytes(live.toBytes());
    for (const user of users.slice(3)) live.push({ ...event, user });
    expect(live.flush().map((o) => o.event.user)).toEqual(users);
  });

  it('scores what comes too late at once, marks and counts it', () => {
    const live = new LiveHistory(new EventHistory(), { allowedLatenessMs: 1000 });
    live.push(at(5000, 0));
    expect(times(live.push(at(7000, 1)))).toEqual(['5000b0']);
    expect(times(live.push(at(4000, 2)))).toEqual(['4000b2 late']);
    expect(times(live.push(at(5500, 3)))).toEqual(['5500b3']);
    expect(times(live.flush())).toEqual(['7000b1']);
    expect(live.flush()).toEqual([]);
    expect(times(live.push(at(6999, 4)))).toEqual(['6999b4 late']);
    expect(live.counts()).toMatchObject({ events: 5, late: 2, pending: 0, releasedEarly: 0 });
  });

  it('lets the first go early when too many wait, and counts it', () => {
    const live = new LiveHistory(new EventHistory(), { maxPending: 2 });
    expect(live.push(at(3, 0))).toEqual([]);
    expect(live.push(at(2, 1))).toEqual([]);
    expect(times(live.push(at(1, 2)))).toEqual(['1b2']);
    expect(live.counts()).toMatchObject({ pending: 2, releasedEarly: 1 });
  });

  it('refuses options out of range', () => {
    const history = new EventHistory();
    expect(() => new LiveHistory(history, { allowedLatenessMs: -1 })).toThrow(
      /^allowedLatenessMs must be a number of milliseconds of 0 or more/,
    );
    expect(() => new LiveHistory(history, { maxPending: 0 })).toThrow(
      /^maxPending must be a whole number of 1 or more/,
    );
    expect(() => live0().push({ ...event, timeMs: Number.NaN })).toThrow(/^timeMs of an event/);
  });
});

function live0(): LiveHistory {
  return new LiveHistory(new EventHistory(), { allowedLatenessMs: 0 });
}

describe('the order of events', () => {
  it('is by whole milliseconds, sensor, position', () => {
    expect(compareEvents(at(1, 0), at(2, 0))).toBeLessThan(0);
    expect(compareEvents(at(1.9, 0), at(1.1, 1))).toBeLessThan(0);
    expect(compareEvents(at(1, 5, 'a'), at(1, 0, 'b'))).toBeLessThan(0);
    expect(compareEvents(at(1, 1), at(1, 0))).toBeGreaterThan(0);
    expect(compareEvents(at(1, 1), at(1, 1))).toBe(0);
  });
});
