import { describe, expect, it } from 'vitest';
import { checkSplit } from '#src/pipeline/check-split.js';
import { durationOf, instantOf } from '#src/pipeline/time-text.js';
import { expectThrown } from '../../support/expect-thrown.js';

type Input = Parameters<typeof checkSplit>[0];

describe('what is said of the split and the folds', () => {
  it.each([
    [
      { split: { testFrom: '2018-05-25', testSize: 0.2 } },
      'split.testFrom',
      'testFrom and testSize both say which rows test',
      'leave out --test-from or --test-size',
    ],
    [
      { split: { testFrom: '2018-05-25', method: 'group' } },
      'split.testFrom',
      'testFrom is for a split by time, and this one is group',
      'give --split time, or leave --test-from out',
    ],
    [
      { split: { gap: '1h', method: 'stratified' } },
      'split.gap',
      'a gap in time is for a split or folds by time, and neither is',
      'give --split time, --cv-method time or time-series, or leave --gap out',
    ],
    [
      { split: { gap: '1h' }, data: { path: 'a.csv', test: 'b.csv' } },
      'split.gap',
      'a gap in time is for a split or folds by time, and neither is',
      'give --split time, --cv-method time or time-series, or leave --gap out',
    ],
    [
      { split: { groupBy: 'sensor' }, crossValidation: { method: 'group', folds: 0 } },
      'split.groupBy',
      'neither the split nor the folds are by group',
      'give --split group, --split stratified-group or a --cv-method of groups, or leave --group-by out',
    ],
    [
      { crossValidation: { method: 'leave-one-group-out', folds: 5 } },
      'crossValidation.folds',
      '5 folds cannot be made by leave-one-group-out: each group is one',
      'leave --cv out, or put many groups into a fold with --cv-method group',
    ],
    [
      { crossValidation: { repeats: 2 } },
      'crossValidation.repeats',
      'folds by time-series are not repeated',
      'leave --cv-repeats out, or take the folds at random with --cv-method stratified',
    ],
    [
      { crossValidation: { method: 'time', repeats: 2 } },
      'crossValidation.repeats',
      'folds by time are not repeated',
      'leave --cv-repeats out, or take the folds at random with --cv-method stratified',
    ],
  ] as [Input, string, string, string][])('refuses %j', (input, parameter, message, hint) => {
    const error = expectThrown(() => checkSplit(input), 'INVALID_PARAMETER');
    expect(error).toMatchObject({ message, hint, details: { parameter } });
  });

  it.each([
    {},
    { split: { testFrom: '2018-05-25', gap: '1h' } },
    { split: { method: 'time', testFrom: '2018-05-25' } },
    { split: { method: 'stratified', gap: '1h' }, crossValidation: { method: 'time' } },
    { split: { groupBy: 'sensor' }, crossValidation: { method: 'stratified-group' } },
    { split: { method: 'group', groupBy: 'sensor' } },
    { split: { method: 'stratified', gap: '1h' }, crossValidation: { method: 'time-series' } },
    { split: { groupBy: 'sensor' }, crossValidation: { method: 'leave-one-group-out' } },
    { crossValidation: { method: 'leave-one-group-out', folds: 0 } },
    { crossValidation: { method: 'stratified', repeats: 3 } },
    { split: { method: 'random' }, crossValidation: { repeats: 3 } },
    { data: { test: 'b.csv' }, crossValidation: { repeats: 3 } },
    { data: { test: 'b.csv' }, split: { groupBy: 'sensor' }, crossValidation: { method: 'group' } },
  ] as Input[])('takes %j', (input) => {
    expect(() => checkSplit(input)).not.toThrow();
  });
});

describe('times and lengths of time in a config', () => {
  it('are read in their units', () => {
    const lengths = ['500ms', '30s', '10m', '1h', '1.5h', '1d', '0s', '2 d'].map(durationOf);
    expect(lengths).toEqual([500, 30e3, 600e3, 3600e3, 5400e3, 86400e3, 0, 172800e3]);
    for (const text of ['', '1', 'h', '1w', '-1h', '1h30m', '1e3s', ' 1h', `${'9'.repeat(400)}d`])
      expect(durationOf(text), text).toBeUndefined();
  });

  it('without a zone are in UTC, wherever the program runs', () => {
    const day = Date.UTC(2018, 4, 25);
    expect(instantOf('2018-05-25')).toBe(day);
    expect(instantOf('2018-05-25T08:00')).toBe(day + 8 * 36e5);
    expect(instantOf('2018-05-25 08:00:00.250')).toBe(day + 8 * 36e5 + 250);
    expect(instantOf('2018-05-25T08:00:00+02:00')).toBe(day + 6 * 36e5);
    expect(instantOf('2018-05-25T08:00:00.487182Z')).toBe(day + 8 * 36e5 + 487);
    for (const text of ['', 'soon', '2018-13-01', '2018-05-25T25:00'])
      expect(instantOf(text), text).toBeUndefined();
  });
});
