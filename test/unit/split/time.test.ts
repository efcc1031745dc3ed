import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from '#src/data/index.js';
import { blockedTimeSeriesSplit, timeOrderedSplit, timeSeriesSplit } from '#src/split/index.js';

const plain = ({ train, test }: Split) => ({ train: [...train], test: [...test] });
const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
const times = fc.array(fc.integer({ min: -20, max: 60 }), { minLength: 6, maxLength: 80 });
const gaps = fc.integer({ min: 0, max: 12 });

describe('a split by time', () => {
  it('moves a tie at the border wholly to the test part', () => {
    // By size the last 2 of 5 would test, but row 1 has the time of row 3.
    expect(plain(timeOrderedSplit([5, 20, 10, 20, 30], { testSize: 2 }))).toEqual({
      train: [0, 2],
      test: [1, 3, 4],
    });
  });

  it('gives the rows of a size where no time is there twice', () => {
    expect(plain(timeOrderedSplit([3, 1, 2, 5, 4], { testSize: 0.4 }))).toEqual({
      train: [1, 2, 0],
      test: [4, 3],
    });
  });

  it('trains on what is before an instant less the gap, and tests from the instant on', () => {
    const days = [1, 5, 6, 7, 8, 9, 10];
    expect(plain(timeOrderedSplit(days, { testFrom: 8 }))).toEqual({ train: [0, 1, 2, 3], test: [4, 5, 6] });
    // The gap is counted from the instant, not from the first test row; a row at its very start is in it.
    expect(plain(timeOrderedSplit(days, { testFrom: 8.5, gap: 1.5 }))).toEqual({
      train: [0, 1, 2],
      test: [5, 6],
    });
    expect(plain(timeOrderedSplit(days, { testSize: 3, gap: 2 }))).toEqual({
      train: [0, 1],
      test: [4, 5, 6],
    });
  });

  it('has every training time before every test time less the gap, and leaves out only what is between', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -15, max: 55 }), gaps, (values, testFrom, gap) => {
        fc.pre(Math.min(...values) < testFrom - gap && Math.max(...values) >= testFrom);
        const { train, test } = timeOrderedSplit(values, { testFrom, gap });
        for (const row of train) expect(values[row]).toBeLessThan(testFrom - gap);
        for (const row of test) expect(values[row]).toBeGreaterThanOrEqual(testFrom);
        const sides = new Set([...train, ...test]);
        for (const [row, time] of values.entries())
          expect(sides.has(row)).toBe(time < testFrom - gap || time >= testFrom);
      }),
    );
  });

  it('does not depend on the order in which rows come', () => {
    fc.assert(
      fc.property(times, gaps, (values, gap) => {
        const sorted = ascending(values);
        const start = sorted[values.length - Math.ceil(0.3 * values.length)]!;
        fc.pre(sorted[0]! < start - gap);
        const sides = (of: readonly number[]) => {
          const { train, test } = timeOrderedSplit(of, { testSize: 0.3, gap });
          return [train, test].map((side) => Array.from(side, (row) => of[row]!));
        };
        expect(sides(values.toReversed())).toEqual(sides(values));
        expect(sides(sorted)).toEqual(sides(values));
      }),
    );
  });

  it('may have equal times on both sides where it goes forward by rows, as in scikit-learn', () => {
    expect(plain(timeSeriesSplit([1, 2, 3, 3, 3, 4], { nSplits: 2 })[1]!)).toEqual({
      train: [0, 1, 2, 3],
      test: [4, 5],
    });
  });
});

describe('blocked cross-validation', () => {
  it('tests each block once and trains on the others, earlier and later', () => {
    const splits = blockedTimeSeriesSplit([60, 10, 20, 30, 40, 50, 70], { nSplits: 3 });
    expect(splits.map(plain)).toEqual([
      { train: [3, 4, 5, 0, 6], test: [1, 2] },
      { train: [1, 2, 5, 0, 6], test: [3, 4] },
      { train: [1, 2, 3, 4], test: [5, 0, 6] },
    ]);
  });

  it('leaves out a gap on both sides, its ends included', () => {
    const splits = blockedTimeSeriesSplit([10, 20, 30, 40, 50, 60], { nSplits: 3, gap: 10 });
    expect(splits.map(plain)).toEqual([
      { train: [3, 4, 5], test: [0, 1] },
      { train: [0, 5], test: [2, 3] },
      { train: [0, 1, 2], test: [4, 5] },
    ]);
  });

  it('keeps equal times in one block, the later one', () => {
    const [first, second] = blockedTimeSeriesSplit([1, 2, 2, 2, 3, 4], { nSplits: 2 }).map(plain);
    expect(first).toEqual({ train: [1, 2, 3, 4, 5], test: [0] });
    expect(second).toEqual({ train: [0], test: [1, 2, 3, 4, 5] });
  });

  it('tests every row once and never trains within the gap', () => {
    const spread = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(spread, fc.integer({ min: 2, max: 6 }), gaps, (values, nSplits, gap) => {
        let splits: Split[];
        try {
          splits = blockedTimeSeriesSplit(values, { nSplits, gap });
        } catch {
          return fc.pre(false);
        }
        expect(ascending(splits.flatMap(({ test }) => [...test]))).toEqual([...values.keys()]);
        for (const { train, test } of splits) {
          const tested = Array.from(test, (row) => values[row]!);
          const [first, last] = [Math.min(...tested), Math.max(...tested)];
          const outside = [...values.keys()].filter(
            (row) => values[row]! < first - gap || values[row]! > last + gap,
          );
          expect(ascending(train)).toEqual(outside);
        }
        const sizes = splits.map(({ test }) => test.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
