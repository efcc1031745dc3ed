import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { describeHistoryFeatures, SESSION_FEATURES } from '#src/features/index.js';
import { build, column, commandAt, eventAt, featuresOf, loginAt } from './sample-events.js';

const ALONE = { unit: 'session', history: false } as const;
const LOGINS = { 'event.action': 'cowrie.login.*' };

/** A session of 2018-05-06 (a Sunday), 06:00 UTC, with everything in it once or twice. */
const BEGAN = Date.UTC(2018, 4, 6, 6) / 1000;
const credential = (hmac: string, length: number, digits: number, specials: number, isUser: number) => ({
  'credential.hmac': hmac,
  'credential.length': length,
  'credential.digits': digits,
  'credential.specials': specials,
  'credential.is_user': isUser,
});
const whole: readonly EventFields[] = [
  eventAt(BEGAN, {
    'source.port': 40_000,
    'destination.port': 2222,
    'network.transport': 'tcp',
    'network.protocol': 'ssh',
  }),
  eventAt(BEGAN + 0.5, {
    'event.action': 'cowrie.client.version',
    'ssh.client.version': 'SSH-2.0-Go',
    'ssh.client.hassh': 'abc',
  }),
  loginAt(BEGAN + 1, { 'user.name': 'root', ...credential('p1', 4, 1, 2, 0) }),
  loginAt(BEGAN + 2, { 'user.name': 'root', ...credential('p2', 6, 2, 0, 0) }),
  loginAt(BEGAN + 8, { 'user.name': 'pi', 'event.outcome': 'success', ...credential('p1', 2, 0, 0, 1) }),
  commandAt(BEGAN + 9, 'uname -a'),
  commandAt(BEGAN + 10, 'ls'),
  eventAt(BEGAN + 11, {
    'event.action': 'cowrie.direct-tcpip.request',
    'event.category': 'network',
    'destination.port': 80,
  }),
  eventAt(BEGAN + 11, {
    'event.action': 'cowrie.direct-tcpip.data',
    'event.category': 'network',
    'destination.port': 80,
    payload: 'GET /',
  }),
  eventAt(BEGAN + 12.5, { 'event.action': 'cowrie.session.file_download', 'url.original': 'http://a/b' }),
];

describe('features of a session', () => {
  it('are those that were counted by hand', () => {
    const { table } = build(ALONE, whole);
    expect(table.nRows).toBe(1);
    expect(column(table, '@timestamp')).toEqual([BEGAN * 1000]);
    expect(column(table, 'observer.name')).toEqual(['s1']);
    expect(column(table, 'source.ip')).toEqual(['192.0.2.1']);
    expect(featuresOf(table, 0)).toEqual({
      session_events: 10,
      session_seconds: 12.5,
      session_longest_gap: 6,
      session_actions: 8,
      session_logins: 3,
      session_failures: 2,
      session_successes: 1,
      session_failures_before_success: 2,
      session_users: 2,
      session_passwords: 2,
      session_password_length: 4,
      session_password_specials: 2 / 12,
      session_password_digits: 3 / 12,
      session_password_is_user: 1 / 3,
      session_commands: 2,
      session_command_length: 5,
      session_longest_command: 8,
      session_urls: 1,
      session_payloads: 1,
      session_payload_length: 5,
      session_targets: 1,
      source_port: 40_000,
      destination_port: 2222,
      transport: 'tcp',
      protocol: 'ssh',
      ssh_version: 'SSH-2.0-Go',
      ssh_hassh: 'abc',
      tls_ja3: null,
      http_method: null,
      user_agent: null,
      hour_sin: 1,
      hour_cos: Math.cos(Math.PI / 2),
      weekday: 0,
    });
    expect(SESSION_FEATURES).toHaveLength(33);
  });

  it('have no value where there is nothing to make it of', () => {
    const row = featuresOf(build(ALONE, [eventAt(0)]).table, 0);
    expect(row).toMatchObject({
      session_events: 1,
      session_seconds: 0,
      session_password_length: Number.NaN,
      session_password_digits: Number.NaN,
      session_command_length: Number.NaN,
      source_port: Number.NaN,
      ssh_version: null,
    });
  });

  it('count a try of a sensor that lets nobody in, and no key that is shown', () => {
    const bare = { 'event.category': 'authentication', 'event.action': 'dionaea.login' };
    const events = [eventAt(0, bare), eventAt(1, { ...bare, 'credential.length': 0, 'user.name': 'sa' })];
    expect(featuresOf(build(ALONE, events).table, 0)).toMatchObject({
      session_logins: 1,
      session_failures: 0,
      session_successes: 0,
      session_users: 1,
    });
  });

  it('tell at most 256 values of a session apart', () => {
    const events = Array.from({ length: 300 }, (_, i) => loginAt(i, { 'user.name': `u${i}` }));
    expect(featuresOf(build(ALONE, events).table, 0)).toMatchObject({
      session_users: 256,
      session_logins: 300,
    });
  });
});

describe('the window of a session', () => {
  const seen = (spec: object, events: readonly EventFields[] = whole) =>
    column(build({ ...ALONE, ...spec }, events).table, 'session_events');

  it('ends before the first event that closes it, and never opens again', () => {
    expect(seen({ until: LOGINS })).toEqual([2]);
    expect(seen({ until: { 'event.action': 'cowrie.session.connect' } })).toEqual([0]);
    expect(seen({ until: [LOGINS, { 'ssh.client.version': '*' }] })).toEqual([1]);
    expect(seen({ until: { 'event.action': 'never' } })).toEqual([10]);
  });

  it('ends after so many seconds, the last of them included', () => {
    expect(seen({ maxSeconds: 1 })).toEqual([3]);
    expect(seen({ maxSeconds: 0.999 })).toEqual([2]);
    expect(seen({ maxSeconds: 11 })).toEqual([9]);
    expect(seen({ maxSeconds: 9, until: LOGINS })).toEqual([2]);
  });

  it('holds the events that count alone', () => {
    expect(seen({ where: { 'event.category': 'authentication' } })).toEqual([3]);
  });

  it('is told to hold the event that gives the label, or not to', () => {
    const rule = { when: LOGINS };
    expect(build({ ...ALONE, until: LOGINS }, whole, rule)).toMatchObject({ labelInWindow: 0, ambiguous: 0 });
    expect(build({ ...ALONE, maxSeconds: 0.9 }, whole, rule).labelInWindow).toBe(0);
    expect(build({ ...ALONE, maxSeconds: 1 }, whole, rule).labelInWindow).toBe(1);
    expect(build(ALONE, whole, rule).labelInWindow).toBe(1);
    // A session without a log-in has the label 0, which no event gave.
    expect(build(ALONE, [eventAt(0)], rule).labelInWindow).toBe(0);
    const out = build(ALONE, whole, { field: 'url.original', classes: { x: 'x' } });
    expect(out).toMatchObject({ labelInWindow: 0, unlabelled: 1 });
  });

  it('does not hold an alert of another log, but for one from before the session that its history knows', () => {
    const alert = (seconds: number, session: string | null) =>
      eventAt(seconds, { session, 'event.action': 'alert', 'rule.name': 'scan' });
    const join = { events: { 'event.action': 'alert' }, on: ['source.ip'], take: 'rule.name' };
    const count = (spec: object, alerted: EventFields) =>
      build({ unit: 'session', ...spec }, [alerted, ...whole].sort(byTime), { join }).labelInWindow;
    expect(count({}, alert(BEGAN + 3, null))).toBe(0);
    expect(count({}, alert(BEGAN - 3, null))).toBe(1);
    expect(count({ history: false }, alert(BEGAN - 3, null))).toBe(0);
    expect(count({ where: { 'event.action': 'cowrie.*' } }, alert(BEGAN - 3, null))).toBe(0);
    expect(count({ until: LOGINS }, alert(BEGAN + 0.7, 'a'))).toBe(1);
    expect(count({ until: LOGINS }, alert(BEGAN + 3, 'a'))).toBe(0);
  });
});

const byTime = (a: EventFields, b: EventFields) => Number(a['@timestamp']) - Number(b['@timestamp']);

describe('sessions', () => {
  it('are told apart by sensor and name, in the order they began', () => {
    const events = [
      ...[eventAt(0, { session: 'b' }), eventAt(1), eventAt(2, { 'observer.name': 's2' })],
      ...[eventAt(3, { session: 'b' }), eventAt(4, { 'observer.name': 's2', 'source.ip': '192.0.2.9' })],
    ];
    const { table } = build(ALONE, events);
    expect(column(table, 'session')).toEqual(['b', 'a', 'a']);
    expect(column(table, 'observer.name')).toEqual(['s1', 's1', 's2']);
    expect(column(table, 'session_events')).toEqual([2, 1, 2]);
    expect(column(table, 'source.ip')).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.1']);
    expect([...table.positions]).toEqual([0, 1, 2]);
  });

  it('leave out events that belong to none, and count them', () => {
    const { session: _, ...none } = eventAt(1);
    const { table, withoutSession } = build(ALONE, [eventAt(0), none, { ...none, session: null }]);
    expect([table.nRows, withoutSession]).toEqual([1, 2]);
  });

  it('know what came from their source before, in sessions or not', () => {
    const { session: _, ...none } = eventAt(1);
    const events = [eventAt(0), none, eventAt(2, { session: 'b' }), eventAt(3), eventAt(4, { session: 'c' })];
    const { table } = build({ unit: 'session' }, events);
    expect(column(table, 'source_events_1m')).toEqual([0, 2, 4]);
    expect(column(table, 'source_sessions_1m')).toEqual([0, 1, 2]);
  });

  it('have the features of the source, and none of a session that is themselves', () => {
    const { source } = build({ unit: 'session' }, whole).table;
    const names = source.columns.map(({ name }) => name);
    const history = describeHistoryFeatures().filter(({ scope }) => scope === 'source');
    expect(names.slice(4 + SESSION_FEATURES.length)).toEqual(history.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

const arbitraryEvent = fc.record({
  seconds: fc.integer({ min: 0, max: 30 }),
  session: fc.constantFrom('a', 'b', 'c', null),
  source: fc.constantFrom('192.0.2.1', '192.0.2.2'),
  kind: fc.constantFrom('connect', 'login', 'command', 'closed'),
  text: fc.constantFrom('ls', 'uname -a', 'root', 'admin'),
});
const eventsOf = (drawn: readonly (typeof arbitraryEvent extends fc.Arbitrary<infer T> ? T : never)[]) =>
  drawn
    .toSorted((a, b) => a.seconds - b.seconds)
    .map(({ seconds, session, source, kind, text }): EventFields => {
      const given = { session, 'source.ip': source };
      if (kind === 'login') return loginAt(seconds, { ...given, 'user.name': text });
      if (kind === 'command') return commandAt(seconds, text, given);
      return eventAt(seconds, { ...given, 'event.action': `cowrie.session.${kind}` });
    });

describe('causality', () => {
  it('holds: a session whose window has closed keeps its features, whatever comes after', () => {
    const spec = { unit: 'session', until: LOGINS, maxSeconds: 10 } as const;
    fc.assert(
      fc.property(
        fc.array(arbitraryEvent, { maxLength: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (drawn, cut) => {
          const events = eventsOf(drawn);
          const early = build(spec, events.slice(0, cut)).table;
          const late = build(spec, events).table;
          for (let row = 0; row < early.nRows; row++) {
            const of = events.slice(0, cut).filter(isOf(String(early.values.get('session')![row])));
            const startMs = Number(early.values.get('@timestamp')![row]);
            const rest = events.slice(cut).filter(isOf(String(early.values.get('session')![row])));
            const isClosed =
              of.some((event) => event['event.category'] === 'authentication') ||
              rest.every((event) => Number(event['@timestamp']) - startMs > 10_000);
            if (isClosed) expect(featuresOf(late, row)).toEqual(featuresOf(early, row));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

const isOf = (session: string) => (event: EventFields) => event.session === session;

describe('memory', () => {
  it('is not held for what closed windows saw: many sessions with many values are built', () => {
    const until = { 'event.action': 'cowrie.session.closed' };
    const events = Array.from({ length: 60_000 }, (_, i) => {
      const session = `s${Math.floor(i / 6)}`;
      if (i % 6 === 5) return eventAt(i, { session, 'event.action': 'cowrie.session.closed' });
      return loginAt(i, { session, 'user.name': `user-${i}` });
    });
    const { table } = build({ ...ALONE, until }, events);
    expect(table.nRows).toBe(10_000);
    expect(new Set(column(table, 'session_users'))).toEqual(new Set([5]));
  });
});
