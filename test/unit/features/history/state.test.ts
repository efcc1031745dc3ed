import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '#src/core/index.js';
import { EventHistory, type HistoryEvent, LiveHistory } from '#src/features/index.js';
import { eventsInOrder } from './arbitrary.js';
import { manyEvents } from './many-events.js';

/** Digest of the rows and, in the end, state of a history that is saved and read again before the event of number `cut`. */
function runCut(events: readonly HistoryEvent[], cut: number, options = {}) {
  let history = new EventHistory(options);
  const rows = createHash('sha256');
  events.forEach((event, i) => {
    if (i === cut) history = EventHistory.fromBytes(history.toBytes());
    const row = new Float32Array(history.width);
    history.observe(event, row);
    rows.update(row);
  });
  // How the memory lies is no part of the state.
  const { heldBytes: _, ...counts } = history.counts();
  return { rows: rows.digest('hex'), bytes: sha256Hex(history.toBytes()), counts };
}

/** The bytes with a checksum that fits, as whoever forges them would leave them. */
function sealed(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.set(createHash('sha256').update(copy.subarray(48)).digest(), 16);
  return copy;
}

function withHeader(bytes: Uint8Array, change: (header: Record<string, unknown>) => void): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(48, 48 + length)));
  change(header);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const words = bytes.subarray(48 + Math.ceil(length / 8) * 8);
  const made = new Uint8Array(48 + Math.ceil(json.length / 8) * 8 + words.length);
  made.set(bytes.subarray(0, 48));
  new DataView(made.buffer).setUint32(12, json.length, true);
  made.set(json, 48);
  made.set(words, made.length - words.length);
  return sealed(made);
}

const state = (): Uint8Array => {
  const history = new EventHistory();
  const row = new Float32Array(history.width);
  for (const event of manyEvents(400, { sources: 3, users: 300, stepMs: 50, seed: 5 }))
    history.observe(event, row);
  return history.toBytes();
};

describe('a saved history', () => {
  it('goes on as if nothing had been, bit for bit, at any event', () => {
    fc.assert(
      fc.property(eventsInOrder(40), fc.nat(), (events, cut) => {
        expect(runCut(events, cut % events.length)).toEqual(runCut(events, -1));
      }),
    );
  });

  it('does so with levels, evictions and little memory', () => {
    const events = manyEvents(6000, { sources: 40, users: 3000, stepMs: 40_000, seed: 1 });
    const busy = manyEvents(6000, { sources: 2, users: 3000, stepMs: 100, seed: 2 });
    const small = { maxSources: 30, maxSessions: 20, maxMemoryBytes: 2 ** 20, randomState: 9 };
    for (const given of [events, busy])
      for (const cut of [100, 2999, 5000])
        expect(runCut(given, cut, small)).toEqual(runCut(given, -1, small));
  });

  it('has the same bytes when it is read and saved again', () => {
    const bytes = state();
    expect(EventHistory.fromBytes(bytes).toBytes()).toEqual(bytes);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(EventHistory.fromBytes(shifted.subarray(1)).toBytes()).toEqual(bytes);
    const empty = new EventHistory().toBytes();
    expect(EventHistory.fromBytes(empty).toBytes()).toEqual(empty);
  });
});

describe('bytes that are no state', () => {
  const refused = (bytes: Uint8Array, message: RegExp, code = 'INTEGRITY') =>
    expect(() => EventHistory.fromBytes(bytes)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );

  it('are refused by their frame', () => {
    const bytes = state();
    refused(new Uint8Array(10), /it has 10 bytes/);
    refused(
      bytes.map((byte, i) => (i === 0 ? 1 : byte)),
      /does not start as a state/,
    );
    refused(
      bytes.map((byte, i) => (i === 8 ? 2 : byte)),
      /has version 2, this PhantomNet reads 1/,
      'UNSUPPORTED',
    );
    refused(
      bytes.map((byte, i) => (i === 15 ? 255 : byte)),
      /do not fit a header of/,
    );
    refused(
      bytes.map((byte, i) => (i === 300 ? byte ^ 1 : byte)),
      /its checksum does not match/,
    );
    refused(sealed(bytes.map((byte, i) => (i === 48 ? 0xff : byte))), /its header is not JSON in UTF-8/);
    refused(sealed(bytes.subarray(0, bytes.length - 4)), /it ends inside a record/);
    const longer = new Uint8Array(bytes.length + 8);
    longer.set(bytes);
    refused(sealed(longer), /2 words follow the last record/);
  });

  it('are refused by their header', () => {
    const bytes = state();
    const records = (count: number) => ({ records: count, idle: 0, evicted: 0 });
    refused(
      withHeader(bytes, (h) => {
        h['extra'] = 1;
      }),
      /at the top level: Unrecognized key/,
    );
    refused(
      withHeader(bytes, (h) => {
        h['late'] = -1;
      }),
      /in its header at late/,
    );
    refused(
      withHeader(bytes, (h) => {
        h['sources'] = records(2 ** 40);
      }),
      /more records than its options allow/,
    );
    refused(
      withHeader(bytes, (h) => {
        h['last'] = null;
      }),
      /not in the order of time/,
    );
    refused(
      withHeader(bytes, (h) => {
        h['options'] = { ...(h['options'] as object), maxSources: 0 };
      }),
      /its options are out of range: maxSources must be/,
    );
    refused(new LiveHistory(new EventHistory()).toBytes(), /it is that of a live history/);
    expect(() => LiveHistory.fromBytes(bytes)).toThrow(/it is that of a history alone/);
  });

  it('are refused by their records', () => {
    const login = { ...manyEvents(1, { sources: 1, users: 1, stepMs: 1, seed: 1 })[0]!, session: null };
    const saved = (count: number, change: (i: number) => Partial<HistoryEvent>): Uint8Array => {
      const history = new EventHistory();
      const row = new Float32Array(history.width);
      for (let i = 0; i < count; i++)
        history.observe({ ...login, outcome: 'failure', position: i, ...change(i) }, row);
      return history.toBytes();
    };
    const edited = (bytes: Uint8Array, edit: (words: Uint32Array) => void): Uint8Array => {
      const from = 48 + Math.ceil(new DataView(bytes.buffer).getUint32(12, true) / 8) * 8;
      const copy = bytes.slice();
      edit(new Uint32Array(copy.buffer, from));
      return sealed(copy);
    };
    // A record of one event: two words of key, 17 of numbers, and from the 19th on trails of three words, the last empty.
    const EVENTS = 12;
    const TRAIL = 19;
    const two = saved(2, (i) => ({ source: `192.0.2.${i}` }));
    refused(
      edited(two, (w) => w.copyWithin(38, 0, 2)),
      /two records have one key/,
    );
    const forge = (edit: (words: Uint32Array) => void) => edited(two, edit);
    refused(
      forge((w) => w.set([0], EVENTS)),
      /the numbers of a record contradict each other/,
    );
    refused(
      forge((w) => w.set([100], TRAIL)),
      /a trail has 99 levels, at most 25 are possible/,
    );
    refused(
      forge((w) => w.set([2, 500], TRAIL)),
      /a level has 500 entries, at most 128 are possible/,
    );
    refused(
      forge((w) => w.set([2, 0], TRAIL)),
      /a trail has no entries/,
    );
    refused(
      forge((w) => w.set([w[TRAIL + 2]! + 1], TRAIL + 2)),
      /entries of a trail are not in the order of time/,
    );
    refused(
      forge((w) => w.set([3, 0, 0, 0, 0], TRAIL)),
      /a level that is not full has one below it/,
    );
    const busy = saved(200, (i) => ({ timeMs: login.timeMs + i }));
    const below = TRAIL + 3 + 256;
    refused(
      edited(busy, (w) => w.set([2], below + 2 + 2 * (w[below]! - 1))),
      /the levels of a trail contradict each other/,
    );
    const large = saved(7000, (i) => ({ source: `source-${i}` }));
    refused(
      withHeader(large, (h) => {
        h['options'] = { ...(h['options'] as object), maxMemoryBytes: 2 ** 20 };
      }),
      /it takes more memory than its options allow/,
    );
  });

  it('with any words changed are refused, or a history that goes on', () => {
    const bytes = state();
    const from = bytes.length - Math.floor((bytes.length - 700) / 4) * 4;
    const events = manyEvents(60, {
      sources: 3,
      users: 5,
      stepMs: 20_000_000,
      seed: 5,
      startMs: 1_800_000_000_000,
    });
    const word = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    const changes = fc.array(fc.tuple(fc.nat({ max: (bytes.length - from) / 4 - 1 }), word), {
      minLength: 1,
      maxLength: 4,
    });
    let accepted = 0;
    fc.assert(
      fc.property(changes, (edits) => {
        const forged = bytes.slice();
        const view = new DataView(forged.buffer);
        for (const [at, value] of edits) view.setUint32(from + 4 * at, value, true);
        let history: EventHistory;
        try {
          history = EventHistory.fromBytes(sealed(forged));
        } catch (error) {
          expect(error).toMatchObject({ code: 'INTEGRITY' });
          return;
        }
        accepted += 1;
        const row = new Float32Array(history.width);
        for (const event of events) history.observe(event, row);
        history.toBytes();
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
