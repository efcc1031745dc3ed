import { describe, expect, it } from 'vitest';
import { EVENT_COLUMNS, EVENT_FIELDS, eventFieldName, fieldSpellings, fieldText } from '#src/data/index.js';

describe('names of columns', () => {
  it('of week 6 are fields of the event form, and none has the name of one', () => {
    const names = EVENT_FIELDS.map(({ name }) => name as string);
    expect(EVENT_COLUMNS).toHaveLength(10);
    expect(new Set(EVENT_COLUMNS.map(eventFieldName)).size).toBe(10);
    for (const column of EVENT_COLUMNS) {
      expect(names).toContain(eventFieldName(column));
      expect(names).not.toContain(column);
      expect(fieldSpellings(eventFieldName(column))).toEqual([eventFieldName(column), column]);
    }
  });

  it('of others are left alone', () => {
    for (const name of ['log.level', 'session', 'mine', '__proto__', 'toString', '']) {
      expect(eventFieldName(name)).toBe(name);
    }
    expect(fieldSpellings('session')).toEqual(['session']);
    expect(fieldSpellings('toString')).toEqual(['toString']);
  });
});

describe('fieldText', () => {
  it('writes a time as ISO 8601, everything else as it is', () => {
    expect(fieldText('@timestamp', 1_768_176_601_417)).toBe('2026-01-12T00:10:01.417Z');
    expect(fieldText('destination.port', 22)).toBe('22');
    expect(fieldText('log.level', 'INFO')).toBe('INFO');
  });
});
