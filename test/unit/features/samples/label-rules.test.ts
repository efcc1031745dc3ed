import { describe, expect, it } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { createLabelSource, type LabelRule } from '#src/features/index.js';
import { expectThrown } from '../../../support/expect-thrown.js';
import { build, column, eventAt, loginAt } from './sample-events.js';

const EVENT = { unit: 'event', history: false } as const;
const SESSION = { unit: 'session', history: false } as const;
const flow = (seconds: number, session: string, given: EventFields = {}) =>
  eventAt(seconds, { session, 'event.action': 'flow', 'event.dataset': 'suricata.flow', ...given });
const alert = (seconds: number, session: string, category: string | null, given: EventFields = {}) =>
  flow(seconds, session, { 'event.dataset': 'suricata.alert', 'rule.category': category, ...given });
const join = {
  events: { 'event.dataset': 'suricata.alert' },
  on: ['session'],
  take: 'rule.category',
} as const;

describe('label.when', () => {
  it('is 1 for the events that fulfil it, else 0', () => {
    const { table, unlabelled } = build(EVENT, [eventAt(0), loginAt(1), eventAt(2)], {
      when: { 'event.action': 'cowrie.login.*' },
    });
    expect(column(table, 'y')).toEqual([0, 1, 0]);
    expect(unlabelled).toBe(0);
    expect(table.source.columns.at(-1)).toEqual({
      ...{ name: 'y', role: 'label-defining', type: 'numeric', isInteger: true, reason: 'it is the label' },
    });
  });

  it('is 1 for the sessions of which any event does', () => {
    const events = [eventAt(0), eventAt(1, { session: 'b' }), loginAt(2), eventAt(3)];
    const { table } = build(SESSION, events, { when: { 'event.action': 'cowrie.login.*' } });
    expect(column(table, 'session')).toEqual(['a', 'b']);
    expect(column(table, 'y')).toEqual([1, 0]);
  });
});

describe('label.field', () => {
  it('is the text of the field; samples without one are left out and counted', () => {
    const events = [eventAt(0, { label: 'Malicious' }), eventAt(1), eventAt(2, { label: 'Benign' })];
    const { table, unlabelled } = build(EVENT, events, { field: 'label' });
    expect(column(table, 'y')).toEqual(['Malicious', 'Benign']);
    expect(unlabelled).toBe(1);
  });

  it('is the class of its text, where classes are given: all other texts are left out', () => {
    const events = ['ok', 'bad', 'worse', 'toString'].map((label, i) => eventAt(i, { label }));
    const classes = { ok: 'benign', bad: 'attack', worse: 'attack' };
    const { table, unlabelled, unseenClasses } = build(EVENT, events, { field: 'label', classes });
    expect(column(table, 'y')).toEqual(['benign', 'attack', 'attack']);
    expect([unlabelled, unseenClasses]).toEqual([1, []]);
    const misspelt = { ok: 'benign', bda: 'attack', worse: 'attack', Worse: 'attack' };
    for (const spec of [EVENT, SESSION])
      expect(build(spec, events, { field: 'label', classes: misspelt }).unseenClasses).toEqual([
        'bda',
        'Worse',
      ]);
  });

  it('is that of the first event of a session that has one; another is counted', () => {
    const events = [
      ...[eventAt(0), eventAt(1, { label: 'x' }), eventAt(2, { label: 'x' }), eventAt(3, { label: 'z' })],
      eventAt(4, { session: 'b', label: 'y' }),
    ];
    const { table, ambiguous } = build(SESSION, events, { field: 'label' });
    expect(column(table, 'y')).toEqual(['x', 'y']);
    expect(ambiguous).toBe(1);
  });

  it('is inside the window of a session, but for a label that somebody gave the record', () => {
    const events = [eventAt(0, { label: 'x', 'label.detail': 'xx', 'rule.name': 'r' })];
    const count = (field: string) => build(SESSION, events, { field }).labelInWindow;
    expect(['label', 'label.detail', 'rule.name'].map(count)).toEqual([0, 0, 1]);
  });
});

describe('label.join', () => {
  it('takes the label of an alert of the same flow, whichever comes first; alerts are no samples', () => {
    const events = [
      ...[alert(0, 'a', 'scan'), flow(1, 'a'), flow(2, 'b'), flow(3, 'c'), alert(9, 'b', 'trojan')],
    ];
    const { table, unlabelled, unmatched } = build(EVENT, events, { join });
    expect(column(table, 'session')).toEqual(['a', 'b']);
    expect(column(table, 'y')).toEqual(['scan', 'trojan']);
    expect(unlabelled).toBe(1);
    expect(unmatched).toBe(0);
  });

  it('gives all others the label otherwise, where there is one', () => {
    const events = [flow(0, 'a'), alert(1, 'a', 'scan'), flow(2, 'b')];
    const { table, unlabelled } = build(EVENT, events, { join: { ...join, otherwise: 'none' } });
    expect(column(table, 'y')).toEqual(['scan', 'none']);
    expect(unlabelled).toBe(0);
    const classes = { scna: 'attack', none: 'benign' };
    const rule = { join: { ...join, otherwise: 'none' }, classes };
    expect(build(EVENT, events, rule).unseenClasses).toEqual(['scna']);
  });

  it('gives otherwise the class that it is, and keeps one that is none of the classes', () => {
    const events = [flow(0, 'a'), alert(1, 'a', 'scan'), flow(2, 'b')];
    const labels = (classes: Record<string, string>) =>
      column(build(EVENT, events, { join: { ...join, otherwise: 'none' }, classes }).table, 'y');
    expect(labels({ none: 'benign', scan: 'malicious' })).toEqual(['malicious', 'benign']);
    expect(labels({ scan: 'malicious' })).toEqual(['malicious', 'none']);
  });

  it('leaves out what is held for by a class that is left out, and does not take it for one without', () => {
    const events = [
      ...[flow(0, 'a'), alert(1, 'a', 'scan'), flow(2, 'b'), alert(3, 'b', 'trojan'), flow(4, 'c')],
      ...[alert(5, 'c', 'scan'), alert(6, 'c', 'trojan'), flow(7, 'd'), flow(8, 'b')],
    ];
    const rule = { join: { ...join, otherwise: 'none' }, classes: { scan: 'recon', none: 'quiet' } };
    const ofEvents = build(EVENT, events, rule);
    expect(column(ofEvents.table, 'session')).toEqual(['a', 'c', 'd']);
    expect(column(ofEvents.table, 'y')).toEqual(['recon', 'recon', 'quiet']);
    expect(ofEvents.unlabelled).toBe(2);
    const ofSessions = build(SESSION, events, rule);
    expect(column(ofSessions.table, 'session')).toEqual(['a', 'c', 'd']);
    expect(ofSessions.unlabelled).toBe(1);
    const near = { ...rule, join: { ...rule.join, withinSeconds: 2 } };
    expect(column(build(EVENT, events, near).table, 'session')).toEqual(['a', 'c', 'd', 'b']);
    const unnamed = [flow(0, 'a'), alert(1, 'a', null)];
    expect(column(build(EVENT, unnamed, rule).table, 'y')).toEqual(['quiet']);
  });

  it('takes classes of what it finds, and counts alerts of no sample', () => {
    const events = [flow(0, 'a'), alert(1, 'a', 'scan'), alert(2, 'q', 'scan'), alert(3, 'q', 'odd')];
    const { table, unmatched } = build(EVENT, events, { join, classes: { scan: 'recon' } });
    expect(column(table, 'y')).toEqual(['recon']);
    expect(unmatched).toBe(1);
  });

  it('joins by address within so many seconds, the last of them included', () => {
    const near = { ...join, on: ['source.ip'], withinSeconds: 10 };
    const of = (seconds: number, from: string) => flow(seconds, `s${seconds}`, { 'source.ip': from });
    const events = [
      ...[of(89.999, '192.0.2.1'), of(90, '192.0.2.1'), alert(100, 'x', 'scan'), of(105, '192.0.2.2')],
      ...[of(110, '192.0.2.1'), of(110.001, '192.0.2.1'), flow(111, 'none', { 'source.ip': null })],
    ];
    const { table, unlabelled } = build(EVENT, events, { join: near });
    expect(column(table, '@timestamp')).toEqual([90_000, 110_000]);
    expect(unlabelled).toBe(4);
  });

  it('takes the nearest of several, the earlier of two as near, the first of one time', () => {
    const events = [
      ...[alert(0, 'a', 'zero'), alert(10, 'a', 'ten'), alert(10, 'a', 'ten too'), alert(30, 'a', 'thirty')],
      ...[1, 5, 5.001, 10, 19, 20, 20.001, 99].map((seconds) => flow(seconds, 'a')),
    ];
    const { table } = build(EVENT, events, { join });
    expect(column(table, 'y')).toEqual(['zero', 'zero', 'ten', 'ten', 'ten', 'ten', 'thirty', 'thirty']);
  });

  it('finds the nearest of many held by one source without looking at each', () => {
    const events = Array.from({ length: 20_000 }, (_, i) =>
      i % 2 === 0 ? alert(i, 'a', String(i)) : flow(i, 'a'),
    );
    const { table } = build(EVENT, events, { join });
    expect(column(table, 'y').slice(-2)).toEqual(['19996', '19998']);
  });

  it('labels sessions by what is held for any of their events', () => {
    const events = [flow(0, 'a'), flow(1, 'a'), flow(2, 'b'), alert(3, 'b', 'scan')];
    const { table } = build(SESSION, events, { join: { ...join, otherwise: 'none' } });
    expect(column(table, 'y')).toEqual(['none', 'scan']);
  });

  it('counts the samples whose features know of the event that holds their label', () => {
    const events = [
      ...[alert(0, 'a', 'scan'), flow(0, 'a'), flow(1, 'a'), flow(2, 'b'), alert(3, 'b', 'scan')],
    ];
    const withHistory = { unit: 'event' } as const;
    expect(build(withHistory, events, { join }).labelInWindow).toBe(2);
    expect(build(EVENT, events, { join }).labelInWindow).toBe(0);
    const flows = { ...withHistory, where: { 'event.dataset': 'suricata.flow' } };
    const left = build(flows, events, { join });
    expect(left.labelInWindow).toBe(0);
    expect(column(left.table, 'y')).toEqual(['scan', 'scan', 'scan']);
    expect(column(left.table, 'source_events_1m')).toEqual([0, 1, 2]);
  });
});

describe('a rule that says nothing or too much', () => {
  const refused = (rule: LabelRule) =>
    expectThrown(() => createLabelSource('y', rule), 'INVALID_CONFIG').message;

  it('is refused for classes that its taxonomy does not have', () => {
    const hint = (taxonomy: LabelRule['taxonomy'], name: string) =>
      expectThrown(() => createLabelSource('y', { taxonomy, classes: { [name]: 'x' } }), 'INVALID_CONFIG')
        .hint;
    expect(refused({ taxonomy: 'session-stage', classes: { login: 'in', logn: 'in' } })).toBe(
      'label.classes: session-stage has no "logn"',
    );
    expect(hint('session-stage', 'logn')).toBe("did you mean 'login'?");
    expect(hint('session-stage', 'quux')).toContain('it has connect, login-attempt, login');
    expect(hint('attack-technique', 'T1105')).toBe("did you mean 'T1105 Ingress Tool Transfer'?");
  });

  it('is refused', () => {
    const when = { session: 'a' };
    expect(refused({})).toBe('label: no rule says what it is');
    expect(refused({ when, field: 'session' })).toBe('label: when and field both say what it is');
    expect(refused({ when, join, taxonomy: 'session-stage' })).toBe(
      'label: when and join and taxonomy both say what it is',
    );
    expect(refused({ when, classes: { a: 'b' } })).toBe(
      'label: a condition makes the classes 0 and 1, so classes say nothing',
    );
    expect(refused({ field: 'sesion' })).toBe('label.field: events have no field "sesion"');
    expect(refused({ join: { ...join, on: ['flow'] } })).toBe('label.join.on: events have no field "flow"');
    expect(refused({ join: { ...join, on: [] } })).toBe(
      'label.join.on: no field says which events belong together',
    );
    expect(refused({ join: { ...join, take: 'rule' } })).toBe('label.join.take: events have no field "rule"');
    expect(refused({ join: { ...join, events: {} } })).toBe('label.join.events: a condition names no field');
  });

  it('is one whose label has the name of a column that samples have', () => {
    const error = expectThrown(
      () => build(SESSION, [], { when: { session: 'a' } }, 'session_events'),
      'INVALID_CONFIG',
    );
    expect(error.message).toBe('label.target: samples have a column "session_events" already');
    expectThrown(() => build(EVENT, [], { when: { session: 'a' } }, 'network.protocol'), 'INVALID_CONFIG');
    // The field itself may name the label that is read from it.
    const { table } = build(EVENT, [eventAt(0, { label: 'x' })], { field: 'label' }, 'label');
    expect(column(table, 'label')).toEqual(['x']);
    expect(table.source.columns.filter(({ name }) => name === 'label')).toHaveLength(1);
  });
});
