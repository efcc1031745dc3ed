import { describe, expect, it } from 'vitest';
import { describeHistoryFeatures, EventHistory, type HistoryEvent } from '#src/features/index.js';
import { manyEvents } from './many-events.js';

const INDEX = describeHistoryFeatures().findIndex(({ name }) => name === 'source_index');
const SESSION_INDEX = describeHistoryFeatures().findIndex(({ name }) => name === 'session_index');
const DAY_MS = 86_400_000;

function player(options: ConstructorParameters<typeof EventHistory>[0] = {}) {
  const history = new EventHistory(options);
  const row = new Float32Array(history.width);
  let position = 0;
  const seen = (timeMs: number, source: string, session: string | null = null): number => {
    position += 1;
    const event: HistoryEvent = {
      timeMs,
      sensor: 'a',
      position,
      source,
      session,
      destinationPort: 22,
      user: null,
      action: null,
      outcome: null,
    };
    history.observe(event, row);
    return row[session === null ? INDEX : SESSION_INDEX]!;
  };
  return { history, seen };
}

describe('what a history forgets', () => {
  it('is, by time, whoever was idle for the longest window', () => {
    const { history, seen } = player();
    seen(0, 'A', 's');
    seen(5, 'B');
    expect(seen(DAY_MS - 1, 'A')).toBe(1);
    expect(history.counts()).toMatchObject({ sources: 2, sessions: 1, idleSources: 0, idleSessions: 0 });
    expect(seen(DAY_MS + 5, 'B')).toBe(0);
    expect(history.counts()).toMatchObject({ sources: 2, sessions: 0, idleSources: 1, idleSessions: 1 });
    seen(10 * DAY_MS, 'C');
    expect(history.counts()).toMatchObject({ sources: 1, idleSources: 3, evictedSources: 0 });
  });

  it('is, beyond maxSources, the source least recently seen', () => {
    const { history, seen } = player({ maxSources: 3 });
    for (const [i, source] of ['A', 'B', 'C', 'A', 'D'].entries()) seen(i, source);
    expect(history.counts()).toMatchObject({ sources: 3, evictedSources: 1 });
    expect(seen(10, 'A')).toBe(2);
    expect(seen(11, 'C')).toBe(1);
    expect(seen(12, 'B')).toBe(0);
    expect(seen(13, 'D')).toBe(0);
    expect(history.counts()).toMatchObject({ sources: 3, evictedSources: 3, evictedSessions: 0 });
  });

  it('is, beyond maxSessions, the session least recently seen', () => {
    const { history, seen } = player({ maxSessions: 2 });
    for (const [i, session] of ['s', 't', 's', 'u'].entries()) seen(i, 'A', session);
    expect(seen(10, 'A', 's')).toBe(2);
    expect(seen(11, 'A', 't')).toBe(0);
    expect(history.counts()).toMatchObject({
      sources: 1,
      sessions: 2,
      evictedSessions: 2,
      evictedSources: 0,
    });
  });

  it('is, beyond maxMemoryBytes, who was not seen for longest, and memory stays below it', () => {
    const history = new EventHistory({ maxMemoryBytes: 2 ** 20 });
    const row = new Float32Array(history.width);
    const events = manyEvents(20_000, { sources: 250, users: 100_000, stepMs: 50, seed: 4 });
    for (const event of events) {
      history.observe(event, row);
      expect(history.counts().memoryBytes).toBeLessThanOrEqual(2 ** 20);
    }
    expect(history.counts().evictedSources + history.counts().evictedSessions).toBeGreaterThan(100);
  });

  it('gives its memory back, all of it', () => {
    const history = new EventHistory();
    const row = new Float32Array(history.width);
    const events = manyEvents(5000, { sources: 20, users: 2000, stepMs: 100, seed: 6 });
    for (const event of events) history.observe(event, row);
    const last = { ...events[0]!, timeMs: 2e12, session: null };
    const one = new EventHistory();
    one.observe(last, row);
    history.observe(last, row);
    expect(history.counts().memoryBytes).toBe(one.counts().memoryBytes);
  });

  it('leaves no gaps that memory is lost in when the kind of traffic changes', () => {
    const history = new EventHistory({ maxMemoryBytes: 2 ** 20 });
    const row = new Float32Array(history.width);
    const kinds = [
      { sources: 100_000, users: 1 },
      { sources: 1500, users: 6 },
      { sources: 400, users: 30 },
      { sources: 60, users: 400 },
      { sources: 100_000, users: 1 },
    ];
    let heldBytes = 0;
    for (const [seed, kind] of kinds.entries()) {
      const drawn = manyEvents(15_000, { ...kind, stepMs: 2, seed, startMs: 1.7e12 + seed * 40_000 });
      for (const event of drawn) history.observe(event, row);
      heldBytes = Math.max(heldBytes, history.counts().heldBytes);
      // One that was saved lies in memory without a gap, and must go on alike.
      const compact = EventHistory.fromBytes(history.toBytes());
      const other = new Float32Array(history.width);
      for (const event of drawn.slice(-300)) {
        history.observe({ ...event, timeMs: event.timeMs + 30_000 }, row);
        compact.observe({ ...event, timeMs: event.timeMs + 30_000 }, other);
        expect(Buffer.from(row.buffer).equals(Buffer.from(other.buffer))).toBe(true);
      }
      expect(Buffer.from(compact.toBytes()).equals(history.toBytes())).toBe(true);
    }
    expect(heldBytes).toBeLessThan(1.6 * 2 ** 20);
  });

  it('finds all others still, however many come and go', () => {
    const { history, seen } = player({ maxSources: 1500 });
    const counts = new Map<string, number>();
    const order: string[] = [];
    manyEvents(30_000, { sources: 2, users: 2500, stepMs: 2, seed: 8 }).forEach(({ user, timeMs }) => {
      const known = order.indexOf(user!);
      if (known >= 0) order.splice(known, 1);
      else if (order.length === 1500) counts.delete(order.shift()!);
      order.push(user!);
      expect(seen(timeMs, user!)).toBe(counts.get(user!) ?? 0);
      counts.set(user!, (counts.get(user!) ?? 0) + 1);
    });
    expect(history.counts().evictedSources).toBeGreaterThan(1000);
  });

  it.each([
    ['randomState', -1],
    ['randomState', 2 ** 32],
    ['maxSources', 0],
    ['maxSessions', 1.5],
    ['maxMemoryBytes', 1000],
  ])('is not set by %s: %d', (name, value) => {
    expect(() => new EventHistory({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        message: expect.stringMatching(`^${name} must be a whole number from`),
      }),
    );
  });
});
