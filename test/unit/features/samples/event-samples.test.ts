import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventFields, tablePlace } from '#src/data/index.js';
import { expectThrown } from '../../../support/expect-thrown.js';
import { build, column, commandAt, eventAt, featuresOf, loginAt } from './sample-events.js';

const ALONE = { unit: 'event', history: false } as const;

describe('samples of events', () => {
  it('have the fields of the event, with their roles, and what is made of them', () => {
    const events = [
      loginAt(1, {
        'destination.port': 22,
        'user.name': 'root',
        'log.line': 7,
        'log.file.path': 'ssh.json',
        'source.bytes': 3,
      }),
      eventAt(2, {
        'url.original': '/a?b=1',
        'http.request.method': 'GET',
        'log.line': 9,
        'log.file.path': 'web.json',
      }),
    ];
    const { table } = build(ALONE, events);
    expect(column(table, '@timestamp')).toEqual([1000, 2000]);
    expect(column(table, 'destination.port')).toEqual([22, Number.NaN]);
    expect(column(table, 'user.name')).toEqual(['root', null]);
    expect(column(table, 'path_length')).toEqual([0, 6]);
    expect([0, 1].map((row) => tablePlace(table, row))).toEqual([
      { file: 'ssh.json', line: 7 },
      { file: 'web.json', line: 9 },
    ]);
    const roles = new Map(table.source.columns.map(({ name, role }) => [name, role]));
    expect(roles.get('event.action')).toBe('label-defining');
    expect(roles.get('event.outcome')).toBe('outcome');
    expect(roles.get('source.bytes')).toBe('outcome');
    expect(roles.get('source.ip')).toBe('identifier');
    expect(roles.get('user.name')).toBe('feature');
    expect(roles.has('process.command_line')).toBe(false);
    expect(roles.size).toBe(table.source.columns.length);
  });

  it('are those that count, in the order of time, and know nothing of the others', () => {
    const events = [eventAt(0), loginAt(1), loginAt(2), eventAt(3), loginAt(4)];
    const spec = { unit: 'event', where: { 'event.action': 'cowrie.login.*' } } as const;
    const { table } = build(spec, events);
    expect(column(table, '@timestamp')).toEqual([1000, 2000, 4000]);
    expect([...table.positions]).toEqual([1, 2, 4]);
    expect(column(table, 'source_events_1m')).toEqual([0, 1, 2]);
    expect(column(table, 'session_failures_1m')).toEqual([0, 1, 2]);
  });

  it('make no feature of the field that their label is read from', () => {
    const events = [eventAt(0, { 'url.original': '/a', 'network.protocol': 'http' })];
    const named = (field: string) => {
      const { columns } = build(ALONE, events, { field }).table.source;
      return columns.filter(({ role, reason }) => role === 'label-defining' && reason.includes(field));
    };
    expect(named('network.protocol').map(({ name }) => name)).toContain('network.protocol');
    expect(named('url.original').map(({ name }) => name)).toContain('path_length');
    const features = featuresOf(build(ALONE, events, { field: 'url.original' }).table, 0);
    expect(features).not.toHaveProperty('path_length');
    expect(features).toHaveProperty('network.protocol', 'http');
  });

  it('have no window', () => {
    for (const key of ['until', 'maxSeconds'] as const) {
      const spec = { ...ALONE, ...(key === 'until' ? { until: { session: 'a' } } : { maxSeconds: 1 }) };
      const error = expectThrown(() => build(spec, []), 'INVALID_CONFIG');
      expect(error.message).toBe(`sample.${key}: an event has no window`);
      expect(error.details).toEqual({ key: `sample.${key}` });
    }
  });

  it('keep the order of events of one time', () => {
    const events = ['c', 'a', 'b'].map((session) => eventAt(5, { session }));
    expect(column(build(ALONE, events).table, 'session')).toEqual(['c', 'a', 'b']);
  });
});

describe('causality', () => {
  const arbitrary = fc.record({
    seconds: fc.integer({ min: 0, max: 30 }),
    session: fc.constantFrom('a', 'b', null),
    source: fc.constantFrom('192.0.2.1', '192.0.2.2'),
    line: fc.constantFrom('ls', 'uname -a', null),
  });

  it('holds: no later event changes the features of a sample', () => {
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 40 }), fc.nat(40), (drawn, cut) => {
        const events = drawn
          .toSorted((a, b) => a.seconds - b.seconds)
          .map(({ seconds, session, source, line }): EventFields => {
            const given = { session, 'source.ip': source };
            return line === null ? loginAt(seconds, given) : commandAt(seconds, line, given);
          });
        const early = build({ unit: 'event' }, events.slice(0, cut)).table;
        const late = build({ unit: 'event' }, events).table;
        for (let row = 0; row < early.nRows; row++)
          expect(featuresOf(late, row)).toEqual(featuresOf(early, row));
      }),
      { numRuns: 200 },
    );
  });
});
