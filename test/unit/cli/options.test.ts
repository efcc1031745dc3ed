import { describe, expect, it } from 'vitest';
import {
  byteSize,
  FORMATS,
  keyValue,
  list,
  number,
  parseLabels,
  parseRecords,
  thresholdFlag,
  wholeNumber,
} from '#src/cli/options.js';
import { thresholdFlag as flagOf } from '#src/pipeline/decision-schema.js';
import { configJsonSchema } from '#src/pipeline/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

describe('flags', () => {
  it('collect lists, whatever --no- form stood before', () => {
    expect(list('a, b,,c')).toEqual(['a', 'b', 'c']);
    expect(list('c', ['a'])).toEqual(['a', 'c']);
    expect(list('a', false)).toEqual(['a']);
  });

  it('read params as JSON where they are, else as text, and the last one wins', () => {
    expect(keyValue('a=200')).toEqual({ a: 200 });
    expect(keyValue('a=x=y', { a: 1, b: null })).toEqual({ a: 'x=y', b: null });
    expect(keyValue('a=')).toEqual({ a: '' });
    expect(['a=null', 'a=true', 'a=-0.5', 'a=[1]'].map((text) => keyValue(text)['a'])).toEqual([
      ...[null, true, -0.5],
      [1],
    ]);
    expect(keyValue('classWeight={"0":1,"1":5}')).toEqual({ classWeight: { 0: 1, 1: 5 } });
    expect(Object.keys(keyValue('__proto__={"x":1}'))).toEqual(['__proto__']);
    for (const text of ['a', '=1']) expect(() => keyValue(text)).toThrow('expected name=value.');
  });

  it.each([
    ['0.7', 0.7],
    ['1', 1],
    ['best-f1', { rule: 'best-f1' }],
    ['fpr=1e-3', { rule: 'false-positive-rate', rate: 0.001 }],
    ['alerts=20/50000', { rule: 'alert-budget', alertsADay: 20, eventsADay: 50_000 }],
    ['alerts=2.5/100@0.01', { rule: 'alert-budget', alertsADay: 2.5, eventsADay: 100, baseRate: 0.01 }],
    ['cost=1:10', { rule: 'cost', costFp: 1, costFn: 10 }],
    ['cost=0.5:10@0.001', { rule: 'cost', costFp: 0.5, costFn: 10, baseRate: 0.001 }],
  ] as const)('read the threshold %s, which the config says back', (text, expected) => {
    expect(thresholdFlag(text)).toEqual(expected);
    expect(thresholdFlag(flagOf(expected))).toEqual(expected);
  });

  it.each(['', 'best', 'fpr', 'fpr=', 'fpr=a', 'alerts=20', 'cost=1', 'cost=1:2:3', '-0.5', '0,5'])(
    'refuse the threshold %j',
    (text) => {
      expect(() => thresholdFlag(text)).toThrow(
        'expected a number from 0 to 1, best-f1, fpr=0.001, alerts=20/50000 (a day, of events a day) or cost=1:10 (of a false alert, of a missed attack); the last two may end in a base rate, as @0.01.',
      );
    },
  );

  it.each(['best-f1 ', 'bestf1', 'Best_F1'])('ask of the threshold %j whether best-f1 was meant', (text) => {
    expect(() => thresholdFlag(text)).toThrow(/^did you mean 'best-f1'\?$/);
  });

  it('name the formats that the config file has', () => {
    const { properties } = configJsonSchema() as unknown as {
      properties: { data: { properties: { format: { enum: string[] } } } };
    };
    expect(properties.data.properties.format.enum).toEqual(FORMATS);
  });

  it('read numbers and refuse what is none', () => {
    expect([number('0.2'), number('1e3'), wholeNumber(0)('42')]).toEqual([0.2, 1000, 42]);
    for (const text of ['', ' ', 'x', 'Infinity']) expect(() => number(text)).toThrow('expected a number.');
    for (const text of ['1.5', '-1', '1e3', '9'.repeat(20)])
      expect(() => wholeNumber(0)(text)).toThrow('expected a whole number of at least 0.');
  });

  it('read sizes in bytes and refuse what is none', () => {
    expect(['500MB', '2GB', '1.5 gib', '64KiB', '1000', '7b'].map(byteSize)).toEqual([
      ...[500_000_000, 2_000_000_000, 1_610_612_736, 65_536],
      ...[1000, 7],
    ]);
    for (const text of ['', 'x', 'GB', '0', '0.5', '-1GB', '2 G B', '2XB', '1e9', 'Infinity', '9'.repeat(20)])
      expect(() => byteSize(text), text).toThrow('expected a size such as 500MB, 2GB, 1.5GiB or a number of');
  });

  it('read records and labels, and say how to write them', () => {
    expect(parseRecords('{"a": 1}', '--input')).toEqual([{ a: 1 }]);
    for (const text of ['[]', '[null]', '[[1]]', '3']) {
      const error = expectThrown(() => parseRecords(text, '--input'), 'INVALID_PARAMETER');
      expect(error.message).toMatch(/^--input must be a list of objects, got /);
    }
    expect(expectThrown(() => parseRecords('{', '--input'), 'INVALID_PARAMETER').message).toBe(
      '--input is not JSON: "{"',
    );
    expect([parseLabels('[0, "ssh"]'), parseLabels('1'), parseLabels('ssh')]).toEqual([
      [0, 'ssh'],
      [1],
      ['ssh'],
    ]);
    const error = expectThrown(() => parseLabels('[null]'), 'INVALID_PARAMETER');
    expect(error.message).toBe('--expect must be a list of labels, got [null]');
  });
});
