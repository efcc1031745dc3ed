import { expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureMatrix, FeatureSpec } from '#src/data/index.js';
import { planMemory } from '#src/kernels/index.js';
import { decodeModel, encodeModel, predict, type TreesModel } from '#src/model/index.js';
import { extraTrees, type ForestParams, randomForest } from '#src/train/index.js';

const MOST_CLASSES = 65_535;
const features: FeatureSpec[] = [
  { name: 'a', type: 'numeric' },
  { name: 'b', type: 'numeric' },
  { name: 'c', type: 'categorical', categories: Array.from({ length: 200 }, (_, level) => `level ${level}`) },
];

/** Rows whose class is known from their values, but for the missing ones. */
function makeData(nSamples: number, nClasses: number) {
  const generator = new Xoshiro128(11);
  const codes = Uint16Array.from({ length: nSamples }, (_, i) =>
    i < nClasses ? i : generator.nextBelow(nClasses),
  );
  const values = new Float32Array(nSamples * 3);
  codes.forEach((c, i) => {
    values.set([c % 251, Math.floor(c / 251), c % 200], i * 3);
    if (generator.nextBelow(20) === 0) values[i * 3 + generator.nextBelow(3)] = Number.NaN;
  });
  const x: FeatureMatrix = { nSamples, features, values };
  return { x, y: { classes: Array.from({ length: nClasses }, (_, c) => c), codes } };
}

function expectLeavesOfOne({ forest }: TreesModel): void {
  const { leafStarts, leafClasses, leaves } = forest;
  let furthest = 0;
  let ascending = true;
  for (let leaf = 0; leaf + 1 < leafStarts.length; leaf++) {
    let sum = 0;
    for (let i = leafStarts[leaf]!; i < leafStarts[leaf + 1]!; i++) {
      sum += leaves[i]!;
      if (i > leafStarts[leaf]!) ascending &&= leafClasses[i]! > leafClasses[i - 1]!;
    }
    furthest = Math.max(furthest, Math.abs(sum - 1));
  }
  expect(furthest).toBeLessThan(1e-12);
  expect(ascending).toBe(true);
}

it('fits 65,535 classes, which leaves hold in pairs, and reads back what it has written', async () => {
  const { x, y } = makeData(70_000, MOST_CLASSES);
  const params = { nEstimators: 2, maxFeatures: 2, bootstrap: false, randomState: 4 };
  const model = (await randomForest.fit(params, x, y)) as TreesModel;
  expectLeavesOfOne(model);
  expect(model.forest.leafStarts.length - 1).toBeGreaterThan(60_000);
  expect(model.forest.leaves.length).toBeLessThan(2 * 70_000);
  const bytes = encodeModel(model);
  expect(Buffer.compare(encodeModel(decodeModel(bytes)), bytes)).toBe(0);
  const nSamples = 100;
  const scores = model.predictScoresBatch({ ...x, nSamples, values: x.values.subarray(0, nSamples * 3) });
  const nRight = predict(y, scores).reduce((n, code, i) => n + (code === y.codes[i] ? 1 : 0), 0);
  expect(nRight).toBeGreaterThan(90);
});

it.each<Partial<ForestParams>>([
  { criterion: 'entropy', maxLeafNodes: 200 },
  { ccpAlpha: 1e-4, minSamplesLeaf: 3 },
  { classWeight: 'balanced_subsample', maxDepth: 9 },
])('fits forests of 700 classes with %j', async (more) => {
  const { x, y } = makeData(5000, 700);
  for (const estimator of [randomForest, extraTrees]) {
    const params = { nEstimators: 3, randomState: 1, ...more };
    const model = (await estimator.fit(params, x, y)) as TreesModel;
    expectLeavesOfOne(model);
    expect(model.importances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const again = await estimator.fit({ ...params, nJobs: 1 }, x, y);
    expect(Buffer.compare(encodeModel(again), encodeModel(model))).toBe(0);
  }
});

it('plans no memory by the class where there are many', () => {
  const shape = { nSamples: 100_000, nFeatures: 5, weighted: true, wide: true, maxLeafNodes: 2000 };
  const bytes = (nClasses: number) => planMemory({ ...shape, nClasses }, 2, true).bytes;
  expect(bytes(MOST_CLASSES)).toBeLessThan(50e6);
  expect(bytes(MOST_CLASSES) - bytes(300)).toBeLessThan(10e6);
});
