import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Labels, Split } from '#src/data/index.js';
import {
  groupKFold,
  groupTrainTestSplit,
  leaveOneGroupOut,
  stratifiedGroupKFold,
  stratifiedGroupTrainTestSplit,
} from '#src/split/index.js';

const seed = fc.integer({ min: 0, max: 0xffffffff });
const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

/** Rows in groups, at least `least` of them, with one of two or three classes each. */
const grouped = (least: number) =>
  fc
    .array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 9 }), {
      minLength: least,
      maxLength: 25,
    })
    .map((ofGroup) => ({
      groups: ofGroup.flatMap((codes, group) => codes.map(() => `group ${group}`)),
      labels: { classes: ['x', 'y', 'z'], codes: Uint16Array.from(ofGroup.flat()) } satisfies Labels,
    }));

function expectWholeGroups({ train, test }: Split, groups: readonly string[]): void {
  const trained = new Set(Array.from(train, (row) => groups[row]));
  expect(Array.from(test, (row) => groups[row]).filter((group) => trained.has(group))).toEqual([]);
}

function expectFolds(splits: readonly Split[], groups: readonly string[]): void {
  for (const split of splits) {
    expectWholeGroups(split, groups);
    expect(ascending([...split.train, ...split.test])).toEqual([...groups.keys()]);
    expect(split.test.length).toBeGreaterThan(0);
  }
  expect(ascending(splits.flatMap(({ test }) => [...test]))).toEqual([...groups.keys()]);
}

describe('laws of grouped splits', () => {
  it('no group is on both sides, and folds test every row once', () => {
    fc.assert(
      fc.property(
        grouped(6),
        fc.integer({ min: 2, max: 6 }),
        fc.boolean(),
        ({ groups, labels }, nSplits, shuffle) => {
          fc.pre(groups.length >= 6);
          expectFolds(groupKFold(groups, { nSplits, shuffle }), groups);
          const counts = labels.classes.map((_, k) => labels.codes.filter((code) => code === k).length);
          fc.pre(Math.max(...counts) >= nSplits);
          const rareClasses = 'allow';
          const splits = stratifiedGroupKFold(labels, groups, { nSplits, shuffle, rareClasses });
          for (const split of splits) expectWholeGroups(split, groups);
          expect(ascending(splits.flatMap(({ test }) => [...test]))).toEqual([...groups.keys()]);
        },
      ),
    );
  });

  it('a holdout has the groups that its size says', () => {
    fc.assert(
      fc.property(grouped(2), seed, ({ groups }, randomState) => {
        const split = groupTrainTestSplit(groups, { testSize: 0.3, randomState });
        expectWholeGroups(split, groups);
        expect(split.train.length + split.test.length).toBe(groups.length);
        const tested = new Set(Array.from(split.test, (row) => groups[row]));
        expect(tested.size).toBe(Math.ceil(0.3 * new Set(groups).size));
      }),
    );
  });

  it('a stratified holdout has whole groups and every class on both sides, or says why not', () => {
    fc.assert(
      fc.property(
        grouped(2),
        seed,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (rows, randomState, testSize) => {
          const { groups, labels } = rows;
          let split: Split;
          try {
            split = stratifiedGroupTrainTestSplit(labels, groups, { testSize, randomState });
          } catch (error) {
            expect(error).toMatchObject({ code: 'BAD_DATA' });
            return;
          }
          expectWholeGroups(split, groups);
          expect(ascending([...split.train, ...split.test])).toEqual([...groups.keys()]);
          const classesOf = (side: Iterable<number>) => new Set(Array.from(side, (row) => labels.codes[row]));
          expect(classesOf(split.train)).toEqual(new Set(labels.codes));
          expect(classesOf(split.test)).toEqual(new Set(labels.codes));
        },
      ),
    );
  });

  it('a stratified holdout of many small groups has the share of every class', () => {
    fc.assert(
      fc.property(seed, fc.constantFrom(0.1, 0.2, 0.5, 0.8), (randomState, testSize) => {
        const groups = Array.from({ length: 600 }, (_, row) => Math.floor(row / 3));
        const labels = {
          classes: ['x', 'y', 'z'],
          codes: Uint16Array.from(groups, (_, row) => [0, 0, 0, 1, 1, 0, 2, 0, 0, 0][row % 10]!),
        };
        const { test } = stratifiedGroupTrainTestSplit(labels, groups, { testSize, randomState });
        for (const [k, total] of [420, 120, 60].entries()) {
          const tested = test.filter((row) => labels.codes[row] === k).length;
          expect(Math.abs(tested / total - testSize)).toBeLessThanOrEqual(0.03);
        }
      }),
    );
  });

  it('groups are the same by any name that sorts as they do, and rows in any order', () => {
    fc.assert(
      fc.property(grouped(4), seed, ({ groups, labels }, randomState) => {
        const numbers = groups.map((group) => Number(group.slice('group '.length)));
        const texts = numbers.map((group) => String(group).padStart(3, '0'));
        const both = [numbers, texts].map((names) => [
          ...groupKFold(names, { nSplits: 2, shuffle: true, randomState }),
          ...groupKFold(names, { nSplits: 2 }),
          groupTrainTestSplit(names, { randomState }),
        ]);
        expect(both[1]).toEqual(both[0]);
        const back = (rows: Iterable<number>) =>
          ascending(Array.from(rows, (row) => groups.length - 1 - row));
        const there = groupTrainTestSplit(numbers, { randomState }).test;
        expect(back(groupTrainTestSplit(numbers.toReversed(), { randomState }).test)).toEqual([...there]);
        expect(labels.codes.length).toBe(groups.length);
      }),
    );
  });
});

describe('grouped splits', () => {
  it('order numbers before texts', () => {
    expect(leaveOneGroupOut(['b', 10, '9', 2, 10]).map(({ group }) => group)).toEqual([2, 10, '9', 'b']);
  });

  it('leave one group out at a time, by its name', () => {
    const splits = leaveOneGroupOut(['oslo', 'berlin', 'oslo', 'rome']);
    expect(splits.map(({ group, train, test }) => [group, [...train], [...test]])).toEqual([
      ['berlin', [0, 2, 3], [1]],
      ['oslo', [1, 3], [0, 2]],
      ['rome', [0, 1, 2], [3]],
    ]);
  });

  it('try other orders of the groups before they say that there is no holdout', () => {
    const codes = Uint16Array.of(0, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1);
    const labels = { classes: [0, 1, 2], codes };
    const groups = ['g0', 'g0', 'g1', 'g1', ...new Array<string>(8).fill('g2'), 'g3', 'g3'];
    const split = () => stratifiedGroupTrainTestSplit(labels, groups, { testSize: 0.25, randomState: 19995 });
    const { train, test } = split();
    for (const side of [train, test]) expect(new Set(Array.from(side, (row) => codes[row])).size).toBe(3);
    expectWholeGroups({ train, test }, groups);
    expect(split()).toEqual({ train, test });
  });

  it('put the last group of a class on the side that has none of it', () => {
    // By size alone both groups of class 1 would train: a half is farther from 0.1 than nothing.
    const groups = ['a', 'b', 'c', 'd', 'e', 'f'];
    const labels = { classes: [0, 1], codes: Uint16Array.of(0, 0, 0, 0, 1, 1) };
    const { test } = stratifiedGroupTrainTestSplit(labels, groups, { testSize: 0.1, randomState: 3 });
    expect(ascending(Array.from(test, (row) => labels.codes[row]!))).toEqual([0, 1]);
  });

  it('change with the seed, and only with it', () => {
    const groups = Array.from({ length: 40 }, (_, row) => row % 20);
    const labels = { classes: [0, 1], codes: Uint16Array.from(groups, (group) => group % 2) };
    const makers = [
      (randomState: number) => groupTrainTestSplit(groups, { randomState }).test,
      (randomState: number) => groupKFold(groups, { shuffle: true, randomState })[0]!.test,
      (randomState: number) => stratifiedGroupKFold(labels, groups, { shuffle: true, randomState })[0]!.test,
      (randomState: number) => stratifiedGroupTrainTestSplit(labels, groups, { randomState }).test,
    ];
    for (const make of makers) {
      expect(make(7)).toEqual(make(7));
      expect(make(7)).not.toEqual(make(8));
    }
  });
});
