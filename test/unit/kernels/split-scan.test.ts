import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impurity } from '#src/kernels/criterion.js';
import { clearHistogram, createHistogram, fillHistogram } from '#src/kernels/histogram.js';
import { partition } from '#src/kernels/partition.js';
import { type BestSplit, resetBest, scanSplits } from '#src/kernels/split-scan.js';

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

function scan(
  samples: readonly Sample[],
  nClasses: number,
  entropy: boolean,
  minSamplesLeaf: number,
): BestSplit {
  const histogram = createHistogram(nClasses);
  const treeSamples = toTree(samples);
  const best: BestSplit = { feature: -1, score: 0, lastLeftBin: 0, firstRightBin: 0, nanLeft: false };
  resetBest(best);
  fillHistogram(
    histogram,
    Uint8Array.from(samples, (s) => s.bin),
    treeSamples,
    { start: 0, end: samples.length },
  );
  const totals = classSums(samples, nClasses);
  scanSplits(
    histogram,
    {
      entropy,
      minSamplesLeaf,
      minWeightLeaf: 0,
      totals,
      totalWeight: totals.reduce((a, b) => a + b, 0),
      totalCount: samples.length,
      left: new Float64Array(nClasses),
      right: new Float64Array(nClasses),
    },
    3,
    best,
  );
  clearHistogram(histogram);
  expect(histogram.counts.every((n) => n === 0) && histogram.sums.every((n) => n === 0)).toBe(true);
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

  it('sends missing values to the larger side where the node has none', () => {
    const samples = [0, 0, 0, 9].map((b) => ({ bin: b, label: b === 9 ? 1 : 0, weight: 1 }));
    expect(scan(samples, 2, false, 1).nanLeft).toBe(true);
    expect(
      scan(
        samples.map((s) => ({ ...s, bin: 9 - s.bin })),
        2,
        false,
        1,
      ).nanLeft,
    ).toBe(false);
  });
});

describe('partition', () => {
  it('moves what goes left to the front and keeps the order of both sides', () => {
    fc.assert(
      fc.property(
        samplesOf(2, 80),
        fc.integer({ min: 0, max: 254 }),
        fc.boolean(),
        (samples, lastLeftBin, nanLeft) => {
          const tree = toTree(samples);
          const column = Uint8Array.from(samples, (s) => s.bin);
          const end = samples.length;
          const middle = partition(
            tree,
            toTree(samples),
            { start: 0, end },
            { column, lastLeftBin, nanLeft },
          );
          const goesLeft = (i: number) => (column[i] === 255 ? nanLeft : column[i]! <= lastLeftBin);
          const order = [...samples.keys()];
          const expected = [...order.filter(goesLeft), ...order.filter((i) => !goesLeft(i))];
          expect([...tree.rows]).toEqual(expected);
          expect([...tree.labels]).toEqual(expected.map((i) => samples[i]!.label));
          expect([...tree.weights]).toEqual(expected.map((i) => samples[i]!.weight));
          expect(middle).toBe(order.filter(goesLeft).length);
        },
      ),
    );
  });
});

describe('impurity', () => {
  it('is Gini, or entropy in bits', () => {
    expect(impurity(Float64Array.of(1, 3), 4, false)).toBe(0.375);
    expect(impurity(Float64Array.of(2, 2), 4, true)).toBe(1);
    expect(impurity(Float64Array.of(0, 5), 5, true)).toBe(0);
  });
});
