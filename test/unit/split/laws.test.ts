import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Labels, Split } from '#src/data/index.js';
import {
  kFold,
  repeatedKFold,
  repeatedStratifiedKFold,
  stratifiedKFold,
  timeOrderedSplit,
  timeSeriesSplit,
  trainTestSplit,
} from '#src/split/index.js';

const seed = fc.integer({ min: 0, max: 0xffffffff });
const folds = fc.integer({ min: 2, max: 6 });

/** Labels in which every class has at least `least` rows, in any order. */
function labelled(least: number): fc.Arbitrary<Labels> {
  return fc
    .array(fc.integer({ min: least, max: least + 20 }), { minLength: 1, maxLength: 5 })
    .chain((counts) => {
      const codes = counts.flatMap((count, code) => new Array<number>(count).fill(code));
      return fc.shuffledSubarray(codes, { minLength: codes.length }).map((shuffled) => ({
        classes: counts.map((_, code) => `class ${code}`),
        codes: Uint16Array.from(shuffled),
      }));
    });
}

const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

function count(labels: Labels, rows: Iterable<number>): number[] {
  const counts = labels.classes.map(() => 0);
  for (const row of rows) counts[labels.codes[row]!]! += 1;
  return counts;
}

function expectFolds(splits: readonly Split[], n: number): void {
  for (const { train, test } of splits) expect(ascending([...train, ...test])).toEqual(upTo(n));
  expect(ascending(splits.flatMap(({ test }) => [...test]))).toEqual(upTo(n));
}

describe('laws of splits', () => {
  it('a holdout puts every row on exactly one side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 150 }), seed, fc.boolean(), (n, randomState, shuffle) => {
        const { train, test } = trainTestSplit(n, { testSize: 0.3, shuffle, randomState });
        expect(ascending([...train, ...test])).toEqual(upTo(n));
        expect(test).toHaveLength(Math.ceil(0.3 * n));
      }),
    );
  });

  it('a stratified holdout gives both sides every class within 1 of its share', () => {
    fc.assert(
      fc.property(labelled(5), seed, (labels, randomState) => {
        const n = labels.codes.length;
        const { train, test } = trainTestSplit(n, { testSize: 0.4, stratify: labels, randomState });
        expect(ascending([...train, ...test])).toEqual(upTo(n));
        const all = count(labels, upTo(n));
        for (const side of [train, test])
          for (const [k, got] of count(labels, side).entries())
            expect(Math.abs(got - (all[k]! * side.length) / n)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('a holdout with both sizes has disjoint sides of those sizes', () => {
    fc.assert(
      fc.property(labelled(10), seed, (labels, randomState) => {
        const n = labels.codes.length;
        for (const stratify of [labels, undefined]) {
          const split = trainTestSplit(n, { testSize: 5, trainSize: 5, stratify, randomState });
          expect(new Set([...split.train, ...split.test]).size).toBe(10);
          expect([split.train.length, split.test.length]).toEqual([5, 5]);
        }
      }),
    );
  });

  it('folds test every row once, in parts whose sizes differ by at most 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 150 }), folds, seed, (n, nSplits, randomState) => {
        const splits = kFold(n, { nSplits, shuffle: true, randomState });
        expect(splits).toHaveLength(nSplits);
        expectFolds(splits, n);
        const sizes = splits.map(({ test }) => test.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('stratified folds spread every class within 1 over the parts', () => {
    fc.assert(
      fc.property(labelled(6), folds, fc.boolean(), (labels, nSplits, shuffle) => {
        const splits = stratifiedKFold(labels, { nSplits, shuffle });
        expectFolds(splits, labels.codes.length);
        const counts = splits.map(({ test }) => count(labels, test));
        for (const k of labels.classes.keys()) {
          const ofClass = counts.map((c) => c[k]!);
          expect(Math.max(...ofClass) - Math.min(...ofClass)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('repeats are folds each, the first of them those of one shuffle', () => {
    fc.assert(
      fc.property(labelled(6), folds, seed, (labels, nSplits, randomState) => {
        const n = labels.codes.length;
        const plain = repeatedKFold(n, { nSplits, nRepeats: 3, randomState });
        const stratified = repeatedStratifiedKFold(labels, { nSplits, nRepeats: 3, randomState });
        for (const splits of [plain, stratified]) {
          expect(splits).toHaveLength(3 * nSplits);
          for (let i = 0; i < 3; i++) expectFolds(splits.slice(i * nSplits, (i + 1) * nSplits), n);
        }
        expect(plain.slice(0, nSplits)).toEqual(kFold(n, { nSplits, shuffle: true, randomState }));
        expect(stratified.slice(0, nSplits)).toEqual(
          stratifiedKFold(labels, { nSplits, shuffle: true, randomState }),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('names of classes do not matter, only the order of the codes', () => {
    fc.assert(
      fc.property(labelled(6), seed, (labels, randomState) => {
        const sparse = {
          classes: labels.classes.flatMap((name) => [`no ${name}`, name]),
          codes: labels.codes.map((code) => 2 * code + 1),
        };
        const split = (stratify: Labels) => [
          trainTestSplit(labels.codes.length, { testSize: 0.5, stratify, randomState }),
          ...stratifiedKFold(stratify, { nSplits: 3, shuffle: true, randomState }),
        ];
        expect(split(sparse)).toEqual(split(labels));
      }),
    );
  });

  it('a split in time never tests on a row that is earlier than one it trains on', () => {
    const times = fc.array(fc.integer({ min: -5, max: 20 }), { minLength: 8, maxLength: 80 });
    fc.assert(
      fc.property(times, fc.integer({ min: 2, max: 5 }), (values, nSplits) => {
        const border = ascending(values)[values.length - Math.ceil(0.3 * values.length)]!;
        fc.pre(border > Math.min(...values));
        const forward = timeSeriesSplit(values, { nSplits });
        const holdout = timeOrderedSplit(values, { testSize: 0.3 });
        expect(ascending([...holdout.train, ...holdout.test])).toEqual(upTo(values.length));
        for (const { train, test } of [...forward, holdout]) {
          const order = [...train, ...test];
          for (let i = 1; i < order.length; i++) {
            const [before, after] = [values[order[i - 1]!]!, values[order[i]!]!];
            expect(before < after || (before === after && order[i - 1]! < order[i]!)).toBe(true);
          }
        }
        expect(forward.at(-1)!.test.at(-1)).toBe(holdout.test.at(-1));
      }),
    );
  });
});
