import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { evaluate } from '#src/evaluate/index.js';

/** `nGroups` groups of `size` equal rows: each group is right or wrong as a whole. */
function clustered(nGroups: number, size: number, seed: number) {
  const random = new Xoshiro128(seed);
  const yTrue: number[] = [];
  const yPred: number[] = [];
  const groups: string[] = [];
  const scores: number[] = [];
  for (let g = 0; g < nGroups; g++) {
    const truth = g % 2;
    const predicted = random.nextDouble() < 0.8 ? truth : 1 - truth;
    const score = predicted === 1 ? 0.9 : 0.1;
    for (let i = 0; i < size; i++) {
      yTrue.push(truth);
      yPred.push(predicted);
      groups.push(`source ${g}`);
      scores.push(1 - score, score);
    }
  }
  return { yTrue, yPred, groups, scores, classes: [0, 1] };
}

describe('evaluate with groups', () => {
  it('gives every interval by resampling groups, those of the classes too', () => {
    const { intervals, perClass, metrics } = evaluate(clustered(60, 5, 1), { resamples: 300 });
    expect(Object.keys(intervals)).toEqual(
      expect.arrayContaining(['accuracy', 'recallBinary', 'rocAuc', 'prAuc', 'brier', 'mcc', 'logLoss']),
    );
    for (const interval of [
      ...Object.values(intervals),
      ...perClass.flatMap((c) => Object.values(c.intervals)),
    ])
      expect(interval.method).toBe('clusterBootstrap');
    expect(Object.keys(perClass[1]!.intervals)).toEqual(['precision', 'recall', 'f1']);
    expect(intervals['accuracy']!.low).toBeLessThan(metrics['accuracy']!);
    expect(intervals['accuracy']!.high).toBeGreaterThan(metrics['accuracy']!);
    expect(perClass[1]!.intervals['recall']).toEqual(intervals['recallBinary']);
  });

  it('is as wide as the groups allow, not as the rows pretend', () => {
    const width = (i: { low: number; high: number }) => i.high - i.low;
    const few = clustered(60, 25, 2);
    const byGroup = width(evaluate(few, { resamples: 500 }).intervals['accuracy']!);
    const byRow = width(evaluate({ ...few, groups: undefined }, { resamples: 0 }).intervals['accuracy']!);
    // 25 equal rows a group: the standard error is that of 60 samples, 5 times that of 1,500.
    expect(byGroup / byRow).toBeGreaterThan(4);
    expect(byGroup / byRow).toBeLessThan(6);
  });

  it('covers the truth about as often as it says', () => {
    let covered = 0;
    for (let round = 0; round < 200; round++) {
      const input = { ...clustered(50, 4, 100 + round), scores: undefined };
      const { low, high } = evaluate(input, { resamples: 200, randomState: round }).intervals['accuracy']!;
      if (low <= 0.8 && 0.8 <= high) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it('with a group a row, agrees with the bootstrap of rows to the bit', () => {
    const { groups: _, ...rows } = clustered(80, 1, 3);
    const groups = rows.yTrue.map((_, i) => i);
    const alone = evaluate({ ...rows, groups }, { resamples: 200, randomState: 7 }).intervals['mcc']!;
    const plain = evaluate(rows, { resamples: 200, randomState: 7 }).intervals['mcc']!;
    expect(alone).toEqual({ ...plain, method: 'clusterBootstrap' });
  });

  it('is deterministic, and takes sample weights along', () => {
    const input = clustered(40, 3, 4);
    expect(evaluate(input, { resamples: 100 })).toEqual(evaluate(input, { resamples: 100 }));
    const sampleWeight = input.yTrue.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const weighted = evaluate({ ...input, sampleWeight }, { resamples: 100 }).intervals['accuracy'];
    // Rows of a group are equal, so to keep one of three changes nothing.
    expect(weighted).toEqual(evaluate(input, { resamples: 100 }).intervals['accuracy']);
  });

  it('has no interval for one group, and says so', () => {
    const input = { ...clustered(10, 2, 5), groups: Array(20).fill('one') };
    const { intervals, perClass, warnings } = evaluate(input);
    expect(intervals).toEqual({});
    expect(perClass.map((c) => c.intervals)).toEqual([{}, {}]);
    expect(warnings).toContainEqual({
      metric: 'groups',
      message: 'there are no intervals: all samples belong to one group',
    });
  });

  it('warns of few groups, and of what no resample varies', () => {
    const yTrue = [0, 1, 0, 1, 0, 1];
    const input = { yTrue, yPred: yTrue, classes: [0, 1], groups: [1, 1, 2, 2, 3, 3] };
    const { intervals, warnings } = evaluate(input, { resamples: 100 });
    expect(intervals).toEqual({});
    expect(warnings).toContainEqual({
      metric: 'groups',
      message: 'intervals come from 3 groups: of fewer than 20 they are often too narrow',
    });
    // One warning for all of them.
    expect(warnings.filter(({ message }) => message.includes('no interval'))).toEqual([
      {
        metric: 'accuracy',
        message: expect.stringMatching(
          /^accuracy, .*\bf1Macro\b.* have no interval: every resample of the groups gives the same value$/,
        ),
      },
    ]);
  });

  /** Rows as [truth, prediction, group]. */
  const rowsOf = (rows: readonly [number, number, string][]) => ({
    yTrue: rows.map(([truth]) => truth),
    yPred: rows.map(([, predicted]) => predicted),
    groups: rows.map(([, , group]) => group),
    classes: [0, 1],
  });
  const times = (n: number, row: [number, number, string]) => Array.from({ length: n }, () => row);

  it('leaves a resample out of what it leaves undefined: most positives in one group, none in another', () => {
    // Found, missed and false alarms: a 4, 0, 1; b 1, 1, 0; c none. One resample of 27 is c alone; 7 have no a, 7 no b.
    const input = rowsOf([
      ...times(4, [1, 1, 'a']),
      [0, 1, 'a'],
      [1, 1, 'b'],
      [1, 0, 'b'],
      ...times(2, [0, 0, 'c']),
    ]);
    const { intervals, perClass } = evaluate(input, { resamples: 2000 });
    const bounds = { precision: [4 / 5, 1], recall: [1 / 2, 1], f1: [2 / 3, 8 / 9] };
    for (const [metric, [low, high]] of Object.entries(bounds)) {
      const { [`${metric}Binary`]: found } = intervals;
      expect([metric, found!.low, found!.high]).toEqual([metric, low, high]);
      expect(found).toEqual(perClass[1]!.intervals[metric]);
    }
    // Averages keep the convention: of c alone the macro recall is that of the negatives.
    expect(intervals['recallMacro']!.high).toBe(1);
  });

  it('counts an F1 of 0 where positives are there and none is named, and no precision', () => {
    const input = rowsOf([...times(4, [1, 1, 'a']), [0, 1, 'a'], [0, 0, 'a'], ...times(2, [1, 0, 'b'])]);
    const { intervals, warnings } = evaluate(input, { resamples: 500 });
    expect(intervals['f1Binary']!.low).toBe(0);
    expect(intervals['recallBinary']!.low).toBe(0);
    expect(intervals).not.toHaveProperty('precisionBinary');
    expect(warnings).toContainEqual({
      metric: 'precisionBinary',
      message: 'precisionBinary has no interval: every resample of the groups gives the same value',
    });
  });

  it.each([['a'], ['b']])('has no interval for a precision that no resample defines (%s)', (other) => {
    const input = rowsOf([...times(3, [1, 0, 'a']), ...times(5, [0, 0, other])]);
    const byRows = evaluate({ ...input, groups: other === 'a' ? undefined : input.groups });
    expect(byRows.metrics['precisionBinary']).toBe(0);
    expect(byRows.intervals).not.toHaveProperty('precisionBinary');
    expect(byRows.warnings).toContainEqual({
      metric: 'precisionBinary',
      message: 'precisionBinary has no interval: too few resamples define it',
    });
  });

  it('says when too few resamples define a metric', () => {
    // Two groups of one class each: half of all resamples, and with this seed fewer, hold both.
    const input = {
      yTrue: [1, 0],
      yPred: [1, 0],
      scores: [0.4, 0.6, 0.7, 0.3],
      classes: [0, 1],
      groups: [1, 2],
    };
    const { warnings } = evaluate(input, { resamples: 100, randomState: 0 });
    expect(warnings.map((w) => w.message)).toContainEqual(
      expect.stringMatching(/^cohenKappa, rocAuc have no interval: too few resamples define them$/),
    );
  });

  it('makes none without resamples', () => {
    expect(evaluate(clustered(30, 2, 6), { resamples: 0 }).intervals).toEqual({});
  });

  it('refuses groups that do not fit', () => {
    const input = { yTrue: [0, 1], yPred: [0, 1], classes: [0, 1] };
    expect(() => evaluate({ ...input, groups: ['a'] })).toThrow('groups must have 2 values, got 1');
    expect(() => evaluate({ ...input, groups: [1, Number.NaN] })).toThrow(
      'groups of sample 1 must be text or a finite number, got NaN',
    );
  });
});
