import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventCondition, eventMatcher } from '#src/features/samples/event-condition.js';
import { expectThrown } from '../../../support/expect-thrown.js';

const asks = (condition: EventCondition, event: Parameters<ReturnType<typeof eventMatcher>['matches']>[0]) =>
  eventMatcher(condition, 'label.when').matches(event);

describe('eventMatcher', () => {
  it('asks for a value, a number as its text, and never matches what is not there', () => {
    expect(asks({ 'event.action': 'a' }, { 'event.action': 'a' })).toBe(true);
    expect(asks({ 'event.action': 'a' }, { 'event.action': 'ab' })).toBe(false);
    expect(asks({ 'destination.port': 22 }, { 'destination.port': 22 })).toBe(true);
    expect(asks({ 'destination.port': '22' }, { 'destination.port': 22 })).toBe(true);
    expect(asks({ 'destination.port': 22 }, { 'destination.port': 222 })).toBe(false);
    expect(asks({ 'destination.port': 'null' }, { 'destination.port': null })).toBe(false);
    expect(asks({ 'destination.port': '*' }, {})).toBe(false);
  });

  it('asks for one of several, and for text with *', () => {
    const condition = { 'event.action': ['a', 'cowrie.login.*', '*.b.*.c'] };
    const matches = (action: string) => asks(condition, { 'event.action': action });
    expect(['a', 'cowrie.login.', 'cowrie.login.failed', 'x.b.y.c', '.b..c'].map(matches)).toEqual([
      ...[true, true, true, true, true],
    ]);
    expect(['', 'b', 'cowrie.login', 'xcowrie.login.x', 'x.b.c', '.b.c.d'].map(matches)).toEqual([
      ...[false, false, false, false, false, false],
    ]);
    // The parts must not share characters.
    expect(asks({ 'user.name': 'ab*ba' }, { 'user.name': 'aba' })).toBe(false);
    expect(asks({ 'user.name': 'ab*b*ba' }, { 'user.name': 'abba' })).toBe(false);
    expect(asks({ 'user.name': 'ab*b*ba' }, { 'user.name': 'abbba' })).toBe(true);
  });

  it('asks for all fields of a condition, and for any condition of a list', () => {
    const event = { 'event.action': 'a', 'destination.port': 22 };
    expect(asks({ 'event.action': 'a', 'destination.port': 22 }, event)).toBe(true);
    expect(asks({ 'event.action': 'a', 'destination.port': 23 }, event)).toBe(false);
    expect(asks([{ 'event.action': 'b' }, { 'destination.port': 22 }], event)).toBe(true);
    expect(asks([{ 'event.action': 'b' }, { 'destination.port': 23 }], event)).toBe(false);
  });

  it('names each field it reads once', () => {
    const { fields } = eventMatcher([{ session: 'a' }, { session: 'b', 'source.ip': '*' }], 'sample.where');
    expect(fields).toEqual(['session', 'source.ip']);
  });

  it('matches as a regular expression does, for texts and patterns of few characters', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(text, pattern, (value, test) => {
        const escaped = test.replaceAll('.', '\\.').replaceAll('*', '[^]*');
        expect(asks({ payload: test }, { payload: value })).toBe(new RegExp(`^${escaped}$`).test(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('looks at a hostile text of a million characters once', () => {
    const many = '*a'.repeat(30);
    expect(asks({ payload: `${many}b` }, { payload: 'a'.repeat(1_000_000) })).toBe(false);
    expect(asks({ payload: many }, { payload: 'a'.repeat(1_000_000) })).toBe(true);
  });

  it('refuses a field there is not, with the nearest', () => {
    const error = expectThrown(() => eventMatcher({ 'event.acton': 'a' }, 'label.when'), 'INVALID_CONFIG');
    expect(error.message).toBe('label.when: events have no field "event.acton"');
    expect(error.hint).toContain('event.action');
    expect(error.details).toMatchObject({ key: 'label.when', field: 'event.acton' });
    const far = expectThrown(() => eventMatcher({ __proto__x: 'a' }, 'label.when'), 'INVALID_CONFIG');
    expect(far.hint).toBe('the fields are listed in docs/formats/event-v1.md');
  });

  it('refuses a condition that every event fulfils, and one that none can', () => {
    for (const empty of [{}, [], [{ session: 'a' }, {}]])
      expect(expectThrown(() => eventMatcher(empty, 'sample.until'), 'INVALID_CONFIG').message).toBe(
        'sample.until: a condition names no field',
      );
    const none = expectThrown(() => eventMatcher({ session: [] }, 'sample.until'), 'INVALID_CONFIG');
    expect(none.message).toBe('sample.until: a field may be none of no values');
  });
});
