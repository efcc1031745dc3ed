import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix, Labels } from '#src/data/index.js';
import { forestNode } from '#src/kernels/index.js';
import { type LogisticModel, predict, type TreesModel } from '#src/model/index.js';
import { balancedWeights, classWeights } from '#src/train/class-weight.js';
import { logisticRegression, majority, stump } from '#src/train/index.js';
import { minimise } from '#src/train/logistic/lbfgs.js';

function matrix(rows: readonly number[][]): FeatureMatrix {
  const features = rows[0]!.map((_, j) => ({ name: `f${j}`, type: 'numeric' as const }));
  return { nSamples: rows.length, features, values: Float32Array.from(rows.flat()) };
}
const labels = (codes: readonly number[], nClasses = 2): Labels => ({
  classes: [...Array(nClasses).keys()],
  codes: Uint16Array.from(codes),
});

describe('majority', () => {
  it('gives the shares of the classes, weighted', async () => {
    const x = matrix([[1], [2], [3], [4]]);
    const plain = await majority.fit(majority.params(), x, labels([0, 1, 1, 1]));
    expect([...plain.predictScoresBatch(x).subarray(0, 2)]).toEqual([0.25, 0.75]);
    const sampleWeight = Float64Array.of(9, 1, 1, 1);
    const weighted = await majority.fit(majority.params(), x, labels([0, 1, 1, 1]), { sampleWeight });
    expect([...predict(weighted, weighted.predictScoresBatch(x))]).toEqual([0, 0, 0, 0]);
  });
});

describe('stump', () => {
  it('splits once, on the best feature, the first among equals', async () => {
    const x = matrix([
      [5, 1, 1],
      [6, 2, 2],
      [5, 3, 3],
      [6, 8, 8],
    ]);
    const model = (await stump.fit(stump.params(), x, labels([0, 0, 0, 1]))) as TreesModel;
    expect(model.forest.nanLeft.length).toBe(3);
    expect(forestNode(model.forest, 0).feature).toBe(1);
    expect(model.forest.thresholds[0]).toBe(5.5);
    expect([...model.importances]).toEqual([0, 1, 0]);
    expect([...model.predictScoresBatch(x)]).toEqual([1, 0, 1, 0, 1, 0, 0, 1]);
  });

  it('is as right as the best threshold on any feature (two classes, weights by class aside)', async () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }), fc.nat({ max: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 4, maxLength: 25 }), async (rows) => {
        const codes = rows.map((r) => r[2]);
        fc.pre(new Set(codes).size === 2);
        const gini = (part: typeof rows) => {
          const ones = part.filter((r) => r[2] === 1).length;
          return part.length === 0 ? 0 : part.length - (ones ** 2 + (part.length - ones) ** 2) / part.length;
        };
        let best = gini(rows);
        for (const f of [0, 1] as const)
          for (let t = 0; t < 6; t++)
            best = Math.min(best, gini(rows.filter((r) => r[f] <= t)) + gini(rows.filter((r) => r[f] > t)));
        const x = matrix(rows.map((r) => [r[0], r[1]]));
        const model = (await stump.fit(stump.params(), x, labels(codes))) as TreesModel;
        const { thresholds, nanLeft } = model.forest;
        const feature = forestNode(model.forest, 0).feature as 0 | 1;
        if (nanLeft.length === 1) return expect(best).toBeCloseTo(gini(rows), 9);
        const left = rows.filter((r) => r[feature] <= thresholds[0]!);
        const right = rows.filter((r) => r[feature] > thresholds[0]!);
        expect(gini(left) + gini(right)).toBeCloseTo(best, 9);
      }),
      { numRuns: 60 },
    );
  });
});

describe('class weights', () => {
  it('are balanced over the classes that are there', () => {
    expect([...balancedWeights([1, 0, 3])]).toEqual([2, 0, 4 / 6]);
    expect([...classWeights('balanced', labels([0, 0, 0, 1]))]).toEqual([4 / 6, 2]);
    expect([...classWeights({ '1': 5 }, labels([0, 1]))]).toEqual([1, 5]);
    expect(() => classWeights({ '7': 5 }, labels([0, 1]))).toThrow('classWeight names the unknown class "7"');
  });
});

describe('logistic regression', () => {
  const rows = Array.from({ length: 60 }, (_, i) => [i % 7, ((i * 13) % 10) / 10]);
  const codes = rows.map(([a, b], i) => (a! + b! + (i % 3) > 4 ? 1 : 0));

  it('takes weights as copies of a row', async () => {
    const params = logisticRegression.params({ tol: 1e-9, maxIter: 500 });
    const sampleWeight = Float64Array.from(rows.keys(), (i) => 1 + (i % 3));
    const weighted = await logisticRegression.fit(params, matrix(rows), labels(codes), { sampleWeight });
    const copies = rows.flatMap((_, i) => new Array<number>(1 + (i % 3)).fill(i));
    const copied = await logisticRegression.fit(
      params,
      matrix(copies.map((i) => rows[i]!)),
      labels(copies.map((i) => codes[i]!)),
    );
    const a = weighted.predictScoresBatch(matrix(rows));
    const b = copied.predictScoresBatch(matrix(rows));
    expect(Math.max(...a.map((p, i) => Math.abs(p - b[i]!)))).toBeLessThan(1e-6);
  });

  it('reads a category as columns of 0 and 1, and a missing one as their mean', async () => {
    const params = logisticRegression.params({ tol: 1e-10, maxIter: 500 });
    const category = rows.map((_, i) => (i % 5 === 0 ? Number.NaN : i % 3));
    const hot = rows.map((_, i) =>
      [0, 1, 2].map((c) => (Number.isNaN(category[i]!) ? Number.NaN : Number(category[i] === c))),
    );
    const y = labels(rows.map((_, i) => (i % 3 === 0 || i % 4 === 0 ? 1 : 0)));
    const asCodes: FeatureMatrix = {
      nSamples: rows.length,
      features: [{ name: 'c', type: 'categorical', categories: ['a', 'b', 'c'] }],
      values: Float32Array.from(category),
    };
    const coded = (await logisticRegression.fit(params, asCodes, y)) as LogisticModel;
    const spread = (await logisticRegression.fit(params, matrix(hot), y)) as LogisticModel;
    const a = coded.predictScoresBatch(asCodes);
    const b = spread.predictScoresBatch(matrix(hot));
    expect(Math.max(...a.map((p, i) => Math.abs(p - b[i]!)))).toBeLessThan(1e-9);
  });

  it('is not led astray by a constant column, or by one that is always missing', async () => {
    const x = matrix(rows.map(([a]) => [a!, 0.1, Number.NaN]));
    const model = (await logisticRegression.fit(
      logisticRegression.params(),
      x,
      labels(codes),
    )) as LogisticModel;
    expect([...model.scales.subarray(1)]).toEqual([1, 1]);
    expect(Math.abs(model.coefficients[1]!)).toBeLessThan(1e-6);
    expect(model.coefficients[2]).toBe(0);
  });

  it.each([
    [{ C: 0 }, 'C must be a number above 0, got 0'],
    [{ tol: -1 }, 'tol must be a number above 0, got -1'],
    [{ maxIter: 0 }, 'maxIter must be a whole number of at least 1, got 0'],
    [{ classWeight: 'balanced_subsample' }, "classWeight must be null, 'balanced', or an object"],
  ])('refuses %j', (given, message) => {
    expect(() => logisticRegression.params(given)).toThrow(message);
  });
});

describe('minimise', () => {
  it('finds the minimum of a stretched bowl', () => {
    const scales = [1, 100, 0.01, 7];
    const bowl = (theta: Float64Array, gradient: Float64Array) =>
      scales.reduce((sum, s, i) => {
        gradient[i] = s * (theta[i]! - i);
        return sum + (s * (theta[i]! - i) ** 2) / 2;
      }, 0);
    let last = new Float64Array(4);
    for (const state of minimise(bowl, last, 1e-9)) last = Float64Array.from(state.theta);
    last.forEach((v, i) => {
      expect(v).toBeCloseTo(i, 6);
    });
  });
});
