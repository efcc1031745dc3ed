import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { type BinnedSet, CATEGORICAL, CONSTANT, MISSING_BIN } from '#src/kernels/binned-set.js';
import { DenseSplitter } from '#src/kernels/dense-splitter.js';
import type { GrowRules } from '#src/kernels/grow-rules.js';
import { type CreateSplitter, TreeGrower } from '#src/kernels/grow-tree.js';
import type { TreeSamples } from '#src/kernels/histogram.js';
import { SortedSplitter } from '#src/kernels/sorted-splitter.js';
import { finishTree, type Tree } from '#src/kernels/tree.js';

const dense: CreateSplitter = (set, entropy, samples) => new DenseSplitter(set, entropy, samples);
const sorted: CreateSplitter = (set, entropy, samples) => new SortedSplitter(set, entropy, samples);

const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(1e6),
  nSamples: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 11, max: 500 })),
  nClasses: fc.constantFrom(3, 40, 300),
  /** Bins of each feature; above 0 by threshold, below 0 by category. */
  features: fc.array(fc.constantFrom(1, 2, 9, 255, -2, -9, -200), { minLength: 1, maxLength: 5 }),
  weighted: fc.boolean(),
});
interface Plan {
  readonly seed: number;
  readonly nSamples: number;
  readonly nClasses: number;
  readonly features: readonly number[];
  readonly weighted: boolean;
}

function makeSet({ seed, nSamples, nClasses, features, weighted }: Plan): BinnedSet {
  const generator = new Xoshiro128(seed);
  const labels = Uint16Array.from({ length: nSamples }, () => generator.nextBelow(nClasses));
  const bins = new Uint8Array(nSamples * features.length);
  const values = Float32Array.from({ length: 256 * features.length }, (_, i) => i % 256);
  features.forEach((kinds, f) => {
    for (let i = 0; i < nSamples; i++) {
      const noise = generator.nextBelow(Math.abs(kinds));
      const bin = generator.nextBelow(2) ? noise : (labels[i]! * (f + 1)) % Math.abs(kinds);
      bins[f * nSamples + i] = generator.nextBelow(9) === 0 ? MISSING_BIN : bin;
    }
  });
  const kinds = Uint8Array.from(features, (n, f) => {
    const isConstant = new Set(bins.subarray(f * nSamples, (f + 1) * nSamples)).size === 1;
    return (n < 0 ? CATEGORICAL : 0) + (isConstant ? CONSTANT : 0);
  });
  const weights = weighted ? Float64Array.from(labels, () => generator.nextBelow(4)) : null;
  if (weights) weights[0] = 1;
  return {
    nSamples,
    nFeatures: features.length,
    nClasses,
    bins,
    lows: values,
    highs: values,
    kinds,
    labels,
    weights,
  };
}

const ruleParts = {
  maxDepth: fc.constantFrom(Number.POSITIVE_INFINITY, 1, 3, 8),
  minSamplesSplit: fc.constantFrom(2, 20),
  minSamplesLeaf: fc.constantFrom(1, 1, 5),
  minWeightFractionLeaf: fc.constantFrom(0, 0.05),
  maxFeatures: fc.integer({ min: 1, max: 5 }),
  drawFeatures: fc.boolean(),
  maxLeafNodes: fc.constantFrom(Number.POSITIVE_INFINITY, 7, 60),
  minImpurityDecrease: fc.constantFrom(0, 0.001),
  ccpAlpha: fc.constantFrom(0, 0.002),
  nDraws: fc.constantFrom(0, 50, 400),
  randomState: fc.nat(1e6),
};
const rulesOf = (more: object): fc.Arbitrary<Rules> =>
  fc.record({ ...ruleParts, ...more }).map((rules) => ({ balancedSubsample: false, ...rules }) as Rules);
type Rules = GrowRules & { nDraws: number; balancedSubsample: boolean; randomState: number };

function growTrees(set: BinnedSet, rules: Rules, createSplitter: CreateSplitter): Tree[] {
  const grower = new TreeGrower(set, rules, createSplitter);
  const levels = Int32Array.from(set.kinds, (kind) => (kind & CATEGORICAL ? 255 : 0));
  return [0, 1].map((t) => {
    const growing = grower.grow(t);
    for (;;) {
      const { done, value } = growing.next();
      if (done) return finishTree(value, { levels, nClasses: set.nClasses, ccpAlpha: rules.ccpAlpha });
    }
  });
}

function expectSameTrees(plan: Plan, rules: Rules): void {
  const set = makeSet(plan);
  expect(growTrees(set, rules, sorted)).toEqual(growTrees(set, rules, dense));
}

describe('SortedSplitter', () => {
  it('gives the trees of DenseSplitter to the bit: Gini, whole weights, splits by threshold', () => {
    const plan = plans.map((p) => ({ ...p, features: p.features.map(Math.abs) }));
    const rules = rulesOf({ criterion: fc.constant('gini'), randomSplits: fc.constant(false) });
    fc.assert(fc.property(plan, rules, expectSameTrees), { numRuns: 200 });
  });

  it('gives the trees of DenseSplitter to the bit: Gini, whole weights, drawn splits, categories too', () => {
    const rules = rulesOf({ criterion: fc.constant('gini'), randomSplits: fc.constant(true) });
    fc.assert(fc.property(plans, rules, expectSameTrees), { numRuns: 200 });
  });

  it('scores every boundary as DenseSplitter does: any weights, entropy too', () => {
    fc.assert(
      fc.property(plans, fc.boolean(), (plan, entropy) => {
        const set = makeSet(plan);
        const generator = new Xoshiro128(plan.seed + 1);
        const weights = Float64Array.from(set.labels, () => generator.nextDouble() + 0.01);
        const range = { start: 0, end: set.nSamples };
        const all = [dense, sorted].map((create) => {
          const samples = inOrder(set, weights);
          const splitter = create(set, entropy, samples);
          for (const [i, row] of (splitter.rowOrder ?? []).entries()) {
            samples.rows[i] = row;
            samples.labels[i] = set.labels[row]!;
            samples.weights[i] = weights[row]!;
          }
          splitter.startTree(set.nSamples);
          const measure = splitter.addNode(0, range);
          splitter.openNode({ id: 0, ...range, ...measure });
          splitter.fill(set.bins.subarray(0, set.nSamples), range);
          splitter.reset();
          const bins = [MISSING_BIN, ...splitter.occupied.subarray(0, splitter.nOccupied)];
          const scores = bins.slice(0, -1).map((bin) => {
            splitter.moveLeft(bin);
            return splitter.leftCount > 0 ? splitter.score() : 0;
          });
          return { measure, scores, left: [splitter.leftWeight, splitter.leftCount] };
        });
        expect(all[1]!.measure).toEqual(all[0]!.measure);
        expect(all[1]!.left).toEqual(all[0]!.left);
        all[1]!.scores.forEach((score, k) => {
          expect(score).toBeCloseTo(all[0]!.scores[k]!, 8);
        });
      }),
    );
  });
});

function inOrder(set: BinnedSet, weights: Float64Array): TreeSamples {
  return { rows: Uint32Array.from(set.labels.keys()), labels: set.labels.slice(), weights: weights.slice() };
}
