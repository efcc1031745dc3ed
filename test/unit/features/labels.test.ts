import { describe, expect, it } from 'vitest';
import {
  ATTACK_EVENTS,
  columnLabels,
  countClasses,
  isAttackLabels,
  labelEvents,
} from '#src/features/index.js';
import { eventOf } from './events.js';

const events = (names: readonly (string | null)[]) =>
  names.map((event, i) => eventOf({ 'event.action': event }, null, i + 2));

describe('isAttackLabels', () => {
  it('is 1 for the seven events of week 6 and 0 for others', () => {
    const others = ['login_success', 'disconnect', 'Data', '', '__proto__'];
    const labels = isAttackLabels(events([...ATTACK_EVENTS, ...others]));
    expect(labels.classes).toEqual([0, 1]);
    expect([...labels.codes]).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
    expect(countClasses(labels)).toEqual([
      { class: 0, count: 5 },
      { class: 1, count: 7 },
    ]);
  });

  it('takes another set of events', () => {
    const labels = isAttackLabels(events(['scan', 'data']), { attackEvents: ['scan'] });
    expect([...labels.codes]).toEqual([1, 0]);
  });

  it('keeps both classes when only one occurs', () => {
    expect(countClasses(isAttackLabels(events(['quit'])))).toEqual([
      { class: 0, count: 1 },
      { class: 1, count: 0 },
    ]);
  });

  it('refuses an empty set', () => {
    expect(() => isAttackLabels([], { attackEvents: [] })).toThrow(
      'attackEvents must be at least one event name',
    );
  });

  it('names the line where event is missing', () => {
    expect(() => isAttackLabels(events(['data', null]))).toThrowError(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: 'events.csv line 3: column "event.action" is missing, and the label is made from it',
        hint: 'fill the column in, or leave the row out',
      }),
    );
  });
});

describe('columnLabels', () => {
  it('sorts the classes by text', () => {
    const labels = columnLabels(events(['b', 'a', '10', '9', 'b']), 'event');
    expect(labels.classes).toEqual(['10', '9', 'a', 'b']);
    expect([...labels.codes]).toEqual([3, 2, 0, 1, 3]);
    expect(countClasses(labels)[3]).toEqual({ class: 'b', count: 2 });
    expect(columnLabels(events(['b', 'a']), 'event.action').classes).toEqual(['a', 'b']);
  });

  it('takes numbers and times as text', () => {
    const event = eventOf({ '@timestamp': 1_768_176_601_417, 'destination.port': 22 });
    expect(columnLabels([event], 'port').classes).toEqual(['22']);
    expect(columnLabels([event], 'timestamp').classes).toEqual(['2026-01-12T00:10:01.417Z']);
  });

  it('names the line where the column is missing', () => {
    expect(() => columnLabels(events([null]), 'event')).toThrow(
      'events.csv line 2: column "event" is missing',
    );
  });

  it('takes a field that an event in event form leaves out as missing', () => {
    const event = eventOf({ 'event.dataset': 'cowrie' });
    expect(() => columnLabels([event], 'event.outcome')).toThrow(
      'events.csv line 2: column "event.outcome" is missing, and the label is made from it',
    );
  });

  it('suggests the nearest column', () => {
    const call = (column: string) => () => columnLabels(events(['a']), column);
    expect(call('evnt')).toThrowError(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message: 'label: no column "evnt" in events.csv',
        hint: "did you mean 'event'?",
      }),
    );
    expect(call('toString')).toThrowError(
      expect.objectContaining({ hint: 'choose is_attack or one of event.action' }),
    );
  });

  it('takes 65,535 classes and no more', () => {
    const many = (n: number) => events(Array.from({ length: n }, (_, i) => `c${i}`));
    expect(columnLabels(many(65_535), 'event').classes).toHaveLength(65_535);
    expect(() => columnLabels(many(65_536), 'event')).toThrow(
      'label: column "event" has 65536 classes, at most 65535 are possible',
    );
  });
});

describe('labelEvents', () => {
  it('gives is_attack by default and a column by name', () => {
    expect(labelEvents(events(['data'])).classes).toEqual([0, 1]);
    expect(labelEvents(events(['data']), { attackEvents: ['x'] }).codes[0]).toBe(0);
    expect(labelEvents(events(['data']), { label: 'event' }).classes).toEqual(['data']);
  });
});
