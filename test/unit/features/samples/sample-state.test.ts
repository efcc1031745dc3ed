import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { packState, unpackState } from '#src/features/history/state-bytes.js';
import {
  type BuiltSamples,
  createSampleBuilder,
  EventHistory,
  LiveHistory,
  type SampleSpec,
  SampleState,
} from '#src/features/index.js';
import { build, column, eventAt, featuresOf, loginAt } from './sample-events.js';

const SESSIONS: SampleSpec = { unit: 'session', until: { 'event.outcome': 'success' }, maxSeconds: 90 };
const SPECS: readonly SampleSpec[] = [{ unit: 'event' }, { unit: 'session' }, SESSIONS];

/** Builds the samples of one file, which go on from the bytes that the file before left. */
function goOn(sample: SampleSpec, events: readonly EventFields[], before?: Uint8Array): BuiltSamples {
  const state = before === undefined ? SampleState.empty(sample) : SampleState.fromBytes(before, sample);
  const builder = createSampleBuilder(sample, undefined, state);
  for (const event of events) builder.see(event);
  return builder.finish('events.parquet');
}

/** The features of each sample by the line of its first event. */
function byLine({ table }: BuiltSamples): Map<number, unknown> {
  return new Map([...table.lines].map((line, row) => [line, featuresOf(table, row)]));
}

const order = (a: EventFields, b: EventFields): number =>
  Number(a['@timestamp']) - Number(b['@timestamp']) ||
  (a['observer.name']! < b['observer.name']! ? -1 : a['observer.name']! > b['observer.name']! ? 1 : 0);

const drawn = fc.array(
  fc.record({
    pause: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 0, 3600, 86_400, 100_000)),
    sensor: fc.constantFrom('a', 'b'),
    session: fc.constantFrom(null, 'x', 'y', 'z'),
    source: fc.constantFrom('192.0.2.1', '192.0.2.2'),
    outcome: fc.constantFrom('failure', 'success'),
    second: fc.boolean(),
  }),
  { minLength: 2, maxLength: 40 },
);

/** Two files whose events, each in order, overlap by at most the lateness that is allowed; and both in one. */
const twoFiles = fc.tuple(drawn, fc.nat()).map(([drafts, at]) => {
  let seconds = 0;
  const events = drafts.map(({ pause, sensor, session, source, outcome, second }) => {
    seconds += pause;
    const given = { 'observer.name': sensor, session, 'source.ip': source, 'event.outcome': outcome };
    return { seconds, second, event: loginAt(seconds, given) };
  });
  const newest = events[at % events.length]!.seconds;
  const isSecond = (event: (typeof events)[number]) =>
    event.seconds > newest || (event.second && event.seconds >= newest - 60);
  const files = [false, true].map((wanted) =>
    events
      .filter((event) => isSecond(event) === wanted)
      .map(({ event }) => event)
      .sort(order),
  );
  // Lines in the order of the input, so that one sorts the same as two.
  const numbered = files.flat().map((event, i) => ({ ...event, 'log.line': i + 1 }));
  const first = numbered.slice(0, files[0]!.length);
  return { first, second: numbered.slice(first.length), both: numbered.toSorted(order) };
});

/** Whether an event is of a session that was idle for a day, and is another one when it comes back. */
function isForgotten(first: readonly EventFields[], event: EventFields): boolean {
  const own = first.filter((other) => sessionOf(other) === sessionOf(event));
  const lastMs = (events: readonly EventFields[]) => Math.max(...events.map((e) => Number(e['@timestamp'])));
  return own.length > 0 && lastMs(own) < lastMs(first) - 86_400_000;
}

const sessionOf = (event: EventFields) => `${event['observer.name']} ${event.session}`;

describe('samples of two files, with the state of the first', () => {
  it.each(SPECS)('are those of one file, bit for bit: %j', (sample) => {
    fc.assert(
      fc.property(twoFiles, ({ first, second, both }) => {
        const whole = byLine(build(sample, both));
        const before = goOn(sample, first);
        const after = goOn(sample, second, before.state);
        const begun = new Set(first.map(sessionOf));
        const own = sample.unit === 'event' ? second : second.filter((event) => !begun.has(sessionOf(event)));
        const expected = [...whole].filter(([line]) => own.some((event) => event['log.line'] === line));
        const rows = [...byLine(after)].filter(
          ([line]) => sample.unit === 'event' || !isForgotten(first, second[line - first.length - 1]!),
        );
        expect(new Map(rows)).toEqual(new Map(expected));
        expect([before.late.size, after.late.size]).toEqual([0, 0]);
      }),
      { numRuns: 150 },
    );
  });

  it('all have their sample in the first file, as if nothing came after it', () => {
    for (const sample of SPECS)
      fc.assert(
        fc.property(twoFiles, ({ first }) => {
          expect(byLine(goOn(sample, first))).toEqual(byLine(build(sample, first)));
        }),
        { numRuns: 50 },
      );
  });
});

/** Returns a state with this header, which need not be one that a history can have, and a checksum that fits. */
function stateOf(json: string, words: Uint32Array): Uint8Array {
  const header = new TextEncoder().encode(json);
  const from = 48 + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(from + words.length * 4);
  bytes.set(packState({}, 0, () => 0).subarray(0, 16));
  new DataView(bytes.buffer).setUint32(12, header.length, true);
  bytes.set(header, 48);
  bytes.set(new Uint8Array(words.buffer, words.byteOffset, words.length * 4), from);
  bytes.set(createHash('sha256').update(bytes.subarray(48)).digest(), 16);
  return bytes;
}

describe('a state', () => {
  const day = [eventAt(0), loginAt(100), loginAt(200), eventAt(201, { session: 'b' })];

  it('marks what comes too late to be put in order, and scores it on the history as it is', () => {
    const { state } = goOn({ unit: 'event' }, day);
    const next = goOn({ unit: 'event' }, [loginAt(50), loginAt(150), eventAt(300)], state);
    // The event of 100 s is the last that nothing can come before; that of 150 s still goes before that of 200 s.
    expect([...next.late]).toEqual([0]);
    expect(column(next.table, 'source_index')).toEqual([2, 3, 6]);
    expect(column(next.table, 'source_gap')).toEqual([0, 50, 99]);
    // Of two events of one time and sensor the one that comes later is behind, so it is not late.
    expect([...goOn({ unit: 'event' }, day, next.state).late]).toEqual([0, 1, 2]);
  });

  it('of sessions has one sample for each: in the file where it began', () => {
    const sample = { unit: 'session' } as const;
    const first = goOn(sample, day);
    expect(column(first.table, 'session')).toEqual(['a', 'b']);
    const second = goOn(sample, [loginAt(260), eventAt(261, { session: 'c' })], first.state);
    expect(column(second.table, 'session')).toEqual(['c']);
    expect(second.continued).toBe(1);
    // Neither is a session of the same name at another sensor, nor one that was idle for more than a day.
    const other = goOn(sample, [loginAt(260, { 'observer.name': 's2' })], first.state);
    expect([other.table.nRows, other.continued]).toEqual([1, 0]);
    const later = goOn(sample, [eventAt(86_500, { session: 'd' }), eventAt(86_700)], second.state);
    const idle = goOn(sample, [eventAt(86_800), eventAt(86_800, { session: 'd' })], later.state);
    expect([idle.table.nRows, idle.continued]).toEqual([0, 2]);
  });

  it('survives an event of a time far ahead: it waits until its time has come', () => {
    const { state } = goOn({ unit: 'event' }, [...day, loginAt(4e9)]);
    const next = goOn({ unit: 'event' }, [loginAt(300), loginAt(301)], state);
    expect(next.late.size).toBe(0);
    expect(column(next.table, 'source_index')).toEqual([4, 5]);
  });

  it('is refused by samples that are made otherwise, with the option and both values', () => {
    const { state } = goOn(SESSIONS, day);
    const refused = (sample: SampleSpec, message: string) =>
      expect(() => SampleState.fromBytes(state!, sample)).toThrow(
        expect.objectContaining({ code: 'CONFLICT', message: expect.stringContaining(message) }),
      );
    refused({ unit: 'event' }, 'sample.unit is "session" there, "event" of the model');
    refused({ ...SESSIONS, maxSeconds: 60 }, 'sample.maxSeconds is 90 there, 60 of the model');
    refused(
      { ...SESSIONS, where: { 'source.ip': '192.0.2.1' } },
      'sample.where is null there, {"source.ip":"192.0.2.1"} of the model',
    );
    expect(SampleState.fromBytes(state!, { ...SESSIONS, history: true }).settle().bytes).toEqual(state);
  });

  it('of other windows or options of the history is refused, and so is one that says nothing', () => {
    const change = (about: (of: Record<string, unknown>) => unknown): Uint8Array => {
      const live = LiveHistory.fromBytes(goOn({ unit: 'event' }, day).state!);
      live.about = about((live.about as { of: Record<string, unknown> }).of);
      return live.toBytes();
    };
    const refused = (bytes: Uint8Array, code: string, message: string) =>
      expect(() => SampleState.fromBytes(bytes, { unit: 'event' })).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(message) }),
      );
    refused(
      change((of) => ({ of: { ...of, 'history windows': ['1m', '1h'] }, sessions: [] })),
      'CONFLICT',
      'history windows is ["1m","1h"] there, ["10s","1m","10m","1h","1d"] of the model',
    );
    refused(
      change((of) => ({
        of: { ...of, 'history options': { ...(of['history options'] as object), randomState: 7 } },
        sessions: [],
      })),
      'CONFLICT',
      'history options is {',
    );
    refused(
      change(() => ({ of: {}, sessions: [] })),
      'CONFLICT',
      'sample.unit is undefined there',
    );
    const { header, words } = unpackState(change((of) => ({ of, sessions: [] })));
    const text = JSON.stringify(header);
    const deep = `"sample.where":${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const bytes = stateOf(text.replace('"sample.where":null', deep), words);
    refused(bytes, 'INTEGRITY', 'an option of its samples is nested too deep');
    const unnamed = 'it does not say which samples it is of';
    refused(new LiveHistory(new EventHistory()).toBytes(), 'INTEGRITY', unnamed);
    for (const about of [null, 3, { of: {}, sessions: [['x', 1]] }, { of: [], sessions: [] }])
      refused(
        change(() => about),
        'INTEGRITY',
        unnamed,
      );
  });
});
