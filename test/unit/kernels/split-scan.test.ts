import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impurity } from '#src/kernels/criterion.js';
import { DenseSplitter } from '#src/kernels/dense-splitter.js';
import { partition } from '#src/kernels/partition.js';
import { type BestSplit, createBest, scanSplits } from '#src/kernels/split-scan.js';

interface Sample {
  bin: number;
  label: number;
  weight: number;
}

const bin = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 254 }), weight: 8 },
  { arbitrary: fc.constant(255), weight: 1 },
);
const samplesOf = (nClasses: number, maxLength: number) =>
  fc.array(
    fc.record({
      bin,
      label: fc.integer({ min: 0, max: nClasses - 1 }),
      weight: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 2, maxLength },
  );

function classSums(samples: readonly Sample[], nClasses: number): Float64Array {
  const sums = new Float64Array(nClasses);
  for (const s of samples) sums[s.label]! += s.weight;
  return sums;
}

function weightedImpurity(samples: readonly Sample[], nClasses: number, entropy: boolean): number {
  const sums = classSums(samples, nClasses);
  const weight = sums.reduce((a, b) => a + b, 0);
  const shares = [...sums].map((s) => s / weight).filter((p) => p > 0);
  const own = entropy
    ? shares.reduce((h, p) => h - p * Math.log2(p), 0)
    : 1 - shares.reduce((g, p) => g + p * p, 0);
  return own * weight;
}

/** Tries every split of the samples there is, one by one. */
function bruteForce(
  samples: readonly Sample[],
  nClasses: number,
  entropy: boolean,
  minSamplesLeaf: number,
): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const nanLeft of [false, true])
    for (let limit = 0; limit < 255; limit++) {
      const goesLeft = (s: Sample) => (s.bin === 255 ? nanLeft : s.bin <= limit);
      const left = samples.filter(goesLeft);
      const right = samples.filter((s) => !goesLeft(s));
      if (left.length < minSamplesLeaf || right.length < minSamplesLeaf) continue;
      if (left.length === 0 || right.length === 0) continue;
      best = Math.max(
        best,
        -weightedImpurity(left, nClasses, entropy) - weightedImpurity(right, nClasses, entropy),
      );
    }
  return best;
}

/** The same for categories: every set of the seven that may go left. */
function bestOfAllSets(samples: readonly Sample[], entropy: boolean): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const nanLeft of [false, true])
    for (let set = 0; set < 128; set++) {
      const goesLeft = (s: Sample) => (s.bin === 255 ? nanLeft : (set >> s.bin) % 2 === 1);
      const sides = [samples.filter(goesLeft), samples.filter((s) => !goesLeft(s))];
      if (sides.some((side) => side.length === 0)) continue;
      best = Math.max(best, -sides.reduce((sum, side) => sum + weightedImpurity(side, 2, entropy), 0));
    }
  return best;
}

function scan(
  samples: readonly Sample[],
  nClasses: number,
  entropy: boolean,
  minSamplesLeaf: number,
  isCategorical = false,
): BestSplit {
  const range = { start: 0, end: samples.length };
  const splitter = new DenseSplitter({ nClasses }, entropy, toTree(samples));
  const best = createBest();
  splitter.startTree();
  const { weight } = splitter.addNode(0, range);
  splitter.openNode({ id: 0, weight });
  splitter.fill(
    Uint8Array.from(samples, (s) => s.bin),
    range,
  );
  if (isCategorical) splitter.orderLevels();
  const context = { minSamplesLeaf, minWeightLeaf: 0, totalWeight: weight, totalCount: samples.length };
  scanSplits(splitter, context, { feature: 3, isCategorical }, best);
  splitter.clear();
  expect(splitter.counts.every((n) => n === 0)).toBe(true);
  return best;
}

function toTree(samples: readonly Sample[]) {
  return {
    rows: Uint32Array.from(samples.keys()),
    labels: Uint16Array.from(samples, (s) => s.label),
    weights: Float64Array.from(samples, (s) => s.weight),
  };
}

describe('scanSplits', () => {
  it('finds a split as good as the best of all splits, and it is the one it names', () => {
    fc.assert(
      fc.property(
        samplesOf(3, 60),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        (samples, entropy, minSamplesLeaf) => {
          const best = scan(samples, 3, entropy, minSamplesLeaf);
          const expected = bruteForce(samples, 3, entropy, minSamplesLeaf);
          if (expected === Number.NEGATIVE_INFINITY) {
            expect(best.feature).toBe(-1);
            return;
          }
          expect(best.feature).toBe(3);
          expect(best.score).toBeCloseTo(expected, 9);
          const goesLeft = (s: Sample) => (s.bin === 255 ? best.nanLeft : s.bin <= best.lastLeftBin);
          const left = samples.filter(goesLeft);
          const right = samples.filter((s) => !goesLeft(s));
          const named = -weightedImpurity(left, 3, entropy) - weightedImpurity(right, 3, entropy);
          expect(named).toBeCloseTo(expected, 9);
          const bins = samples.map((s) => s.bin).filter((b) => b > best.lastLeftBin && b < 255);
          expect(best.firstRightBin).toBe(bins.length > 0 ? Math.min(...bins) : -1);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('leaves missing values to the heavier side where the node has none', () => {
    const samples = [0, 0, 0, 9].map((b) => ({ bin: b, label: b === 9 ? 1 : 0, weight: 1 }));
    expect(scan(samples, 2, false, 1).nanLeft).toBe(true);
    expect(scan([...samples, { bin: 255, label: 1, weight: 1 }], 2, false, 1).nanLeft).toBe(false);
    expect(scan([...samples, { bin: 255, label: 0, weight: 1 }], 2, false, 1).nanLeft).toBe(true);
  });

  it('finds the best of all sets of categories where there are two classes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            bin: fc.oneof(
              { arbitrary: fc.integer({ min: 0, max: 6 }), weight: 8 },
              { arbitrary: fc.constant(255), weight: 1 },
            ),
            label: fc.integer({ min: 0, max: 1 }),
            weight: fc.integer({ min: 1, max: 4 }),
          }),
          { minLength: 2, maxLength: 40 },
        ),
        fc.boolean(),
        (samples, entropy) => {
          const best = scan(samples, 2, entropy, 1, true);
          const expected = bestOfAllSets(samples, entropy);
          if (expected === Number.NEGATIVE_INFINITY) {
            expect(best.feature).toBe(-1);
            return;
          }
          expect(best.score).toBeCloseTo(expected, 9);
          const left = new Set(best.levels!.order.subarray(0, best.levels!.nLeft));
          const goesLeft = (s: Sample) => (s.bin === 255 ? best.nanLeft : left.has(s.bin));
          const sides = [samples.filter(goesLeft), samples.filter((s) => !goesLeft(s))];
          expect(-sides.reduce((sum, side) => sum + weightedImpurity(side, 2, entropy), 0)).toBeCloseTo(
            expected,
            9,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('partition', () => {
  it('moves what goes left to the front and keeps the order of both sides', () => {
    fc.assert(
      fc.property(
        samplesOf(2, 80),
        fc.uint8Array({ minLength: 256, maxLength: 256, max: 1 }),
        (samples, goesLeft) => {
          const tree = toTree(samples);
          const column = Uint8Array.from(samples, (s) => s.bin);
          const end = samples.length;
          const middle = partition(tree, toTree(samples), { start: 0, end }, { column, goesLeft });
          const isLeft = (i: number) => goesLeft[column[i]!] === 1;
          const order = [...samples.keys()];
          const expected = [...order.filter(isLeft), ...order.filter((i) => !isLeft(i))];
          expect([...tree.rows]).toEqual(expected);
          expect([...tree.labels]).toEqual(expected.map((i) => samples[i]!.label));
          expect([...tree.weights]).toEqual(expected.map((i) => samples[i]!.weight));
          expect(middle).toBe(order.filter(isLeft).length);
        },
      ),
    );
  });

  it('touches nothing outside its node', () => {
    const samples = [9, 3, 8, 1, 7].map((b) => ({ bin: b, label: 0, weight: 1 }));
    const tree = toTree(samples);
    const column = Uint8Array.from(samples, (s) => s.bin);
    const goesLeft = new Uint8Array(256).fill(1, 0, 5);
    expect(partition(tree, toTree(samples), { start: 1, end: 4 }, { column, goesLeft })).toBe(3);
    expect([...tree.rows]).toEqual([0, 1, 3, 2, 4]);
  });
});

describe('impurity', () => {
  it('is Gini, or entropy in bits', () => {
    expect(impurity(Float64Array.of(1, 3), 4, false)).toBe(0.375);
    expect(impurity(Float64Array.of(2, 2), 4, true)).toBe(1);
    expect(impurity(Float64Array.of(0, 5), 5, true)).toBe(0);
  });
});
