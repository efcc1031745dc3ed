import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Labels } from '#src/data/index.js';
import { halvingRungs, shareOfFolds } from '#src/pipeline/search-halving.js';
import { stratifiedKFold } from '#src/split/index.js';

const budget = fc.record({
  nCandidates: fc.integer({ min: 1, max: 500 }),
  factor: fc.integer({ min: 2, max: 5 }),
  maxResources: fc.integer({ min: 1, max: 100_000 }),
  leastResources: fc.integer({ min: 1, max: 50 }),
});

describe('the rungs of successive halving', () => {
  it('are those worked out by hand', () => {
    // 243 = 3^5: six rungs, where a quotient of logarithms finds five; 10,000 / 243 = 41.
    expect(halvingRungs({ nCandidates: 243, factor: 3, maxResources: 10_000, leastResources: 20 })).toEqual([
      { nCandidates: 243, nResources: 41 },
      { nCandidates: 81, nResources: 123 },
      { nCandidates: 27, nResources: 369 },
      { nCandidates: 9, nResources: 1107 },
      { nCandidates: 3, nResources: 3321 },
      { nCandidates: 1, nResources: 9963 },
    ]);
    // Trees: 100 / 4 = 25 in the first rung, all in the last.
    expect(halvingRungs({ nCandidates: 6, factor: 2, maxResources: 100, leastResources: 1 })).toEqual([
      { nCandidates: 6, nResources: 25 },
      { nCandidates: 3, nResources: 50 },
      { nCandidates: 2, nResources: 100 },
    ]);
    // Too little for three rungs of at least 20: two, and the last has two left.
    expect(halvingRungs({ nCandidates: 9, factor: 3, maxResources: 60, leastResources: 20 })).toEqual([
      { nCandidates: 9, nResources: 20 },
      { nCandidates: 3, nResources: 60 },
    ]);
    // Less than the least: all there is.
    expect(halvingRungs({ nCandidates: 4, factor: 2, maxResources: 7, leastResources: 20 })).toEqual([
      { nCandidates: 4, nResources: 7 },
    ]);
  });

  it('begin with all, never have more than there is, and keep one in `factor`', () => {
    fc.assert(
      fc.property(budget, (b) => {
        const rungs = halvingRungs(b);
        expect(rungs[0]!.nCandidates).toBe(b.nCandidates);
        for (const [i, rung] of rungs.entries()) {
          expect(rung.nResources).toBeLessThanOrEqual(b.maxResources);
          expect(rung.nResources).toBeGreaterThanOrEqual(Math.min(b.leastResources, b.maxResources));
          const next = rungs[i + 1];
          if (next === undefined) continue;
          expect(next.nCandidates).toBe(Math.ceil(rung.nCandidates / b.factor));
          expect(next.nResources).toBe(rung.nResources * b.factor);
        }
        // One rung more would have nothing to choose among, or more than there is.
        const last = rungs.at(-1)!;
        const isDone = last.nCandidates < b.factor || last.nResources * b.factor > b.maxResources;
        expect(isDone).toBe(true);
      }),
    );
  });
});

describe('a share of the folds', () => {
  const labels: Labels = {
    classes: ['a', 'b', 'c'],
    codes: Uint16Array.from({ length: 120 }, (_, row) => (row % 12 === 0 ? 2 : row % 3 === 0 ? 1 : 0)),
  };
  const folds = stratifiedKFold(labels, { nSplits: 4, shuffle: true, randomState: 1 });
  const trained = (share: number, randomState = 0) =>
    shareOfFolds(folds, labels, { share, randomState }).map(({ train }) => train);

  it('of 1 is the folds as they are, in their order', () => {
    expect(shareOfFolds(folds, labels, { share: 1, randomState: 0 })).toEqual(folds);
  });

  it('leaves the test rows, keeps the order, holds smaller shares and every class in its proportion', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 1, noNaN: true }), fc.nat(1000), (share, seed) => {
        const part = shareOfFolds(folds, labels, { share, randomState: seed });
        const half = trained(share / 2, seed);
        for (const [i, { train, test }] of part.entries()) {
          expect(test).toEqual(folds[i]!.test);
          const all = [...folds[i]!.train];
          expect([...train]).toEqual(all.filter((row) => train.includes(row)));
          expect(train).toHaveLength(Math.max(1, Math.round(share * all.length)));
          expect(half[i]!.every((row) => train.includes(row))).toBe(true);
          for (const code of [0, 1, 2]) {
            const inAll = all.filter((row) => labels.codes[row] === code).length / all.length;
            const inPart = [...train].filter((row) => labels.codes[row] === code).length;
            expect(Math.abs(inPart - inAll * train.length)).toBeLessThanOrEqual(2);
            if (train.length >= 3) expect(inPart).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is drawn by the seed', () => {
    expect(trained(0.3)).toEqual(trained(0.3));
    expect(trained(0.3, 1)).not.toEqual(trained(0.3));
  });
});
