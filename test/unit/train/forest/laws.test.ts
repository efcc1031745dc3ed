import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { type FeatureMatrix, takeLabels, takeRows } from '#src/data/index.js';
import { encodeModel, type TreesModel } from '#src/model/index.js';
import { randomForest } from '#src/train/index.js';
import { dataPlan, makeData, type TrainingData } from '../../../support/forest-cases.js';

const ALL = { nEstimators: 3, maxFeatures: 'all', bootstrap: false } as const;

async function fit({ x, y, sampleWeight }: TrainingData, params: object = {}): Promise<TreesModel> {
  return (await randomForest.fit(
    { ...ALL, ...params },
    x,
    y,
    sampleWeight && { sampleWeight },
  )) as TreesModel;
}

/** Says whether there is something to learn: a forest refuses samples of one class. */
function hasTwoClasses({ y, sampleWeight }: TrainingData): boolean {
  return new Set(y.codes.filter((_, i) => (sampleWeight?.[i] ?? 1) > 0)).size > 1;
}

function pick({ x, y, sampleWeight }: TrainingData, rows: Uint32Array): TrainingData {
  return {
    x: takeRows(x, rows),
    y: takeLabels(y, rows),
    ...(sampleWeight && { sampleWeight: Float64Array.from(rows, (row) => sampleWeight[row]!) }),
  };
}

const wholeWeights = dataPlan(300).map((plan) => ({
  ...plan,
  weights: plan.weights === 'fractional' ? ('whole' as const) : plan.weights,
}));

const rules = fc.record(
  {
    criterion: fc.constantFrom('gini', 'entropy'),
    maxDepth: fc.constantFrom(1, 3, null),
    maxLeafNodes: fc.constantFrom(null, 5),
    ccpAlpha: fc.constantFrom(0, 0.01),
    maxBins: fc.constantFrom(7, 255),
  },
  { requiredKeys: [] },
);

describe('with all features, all samples and whole weights', () => {
  it('the order of the rows changes nothing, not a byte of the model', async () => {
    await fc.assert(
      fc.asyncProperty(wholeWeights, rules, fc.nat(), async (plan, params, seed) => {
        const data = makeData(plan);
        fc.pre(hasTwoClasses(data));
        const generator = new Xoshiro128(seed);
        const order = Uint32Array.from({ length: plan.nSamples }, (_, i) => i);
        for (let i = order.length - 1; i > 0; i--) {
          const other = generator.nextBelow(i + 1);
          [order[i], order[other]] = [order[other]!, order[i]!];
        }
        const [model, shuffled] = [await fit(data, params), await fit(pick(data, order), params)];
        expect(Buffer.compare(encodeModel(shuffled), encodeModel(model))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('a weight of 2 is a row that is there twice, on rows never seen too', async () => {
    await fc.assert(
      fc.asyncProperty(dataPlan(300), rules, async (plan, params) => {
        const data = makeData({ ...plan, weights: 'none' });
        fc.pre(hasTwoClasses(data));
        const { nSamples } = plan;
        const twice = pick(
          data,
          Uint32Array.from({ length: 2 * nSamples }, (_, i) => i % nSamples),
        );
        const weighted = { ...data, sampleWeight: new Float64Array(nSamples).fill(2) };
        const unseen = unseenRows(data.x, plan.seed);
        const scores = (await fit(weighted, params)).predictScoresBatch(unseen);
        expect((await fit(twice, params)).predictScoresBatch(unseen)).toEqual(scores);
      }),
      { numRuns: 100 },
    );
  });

  it('the same where only some rows are there twice, and each value has a bin of its own', async () => {
    await fc.assert(
      fc.asyncProperty(dataPlan(250), rules, fc.nat(), async (plan, params, seed) => {
        const data = makeData({ ...plan, weights: 'none' });
        fc.pre(hasTwoClasses(data));
        const generator = new Xoshiro128(seed);
        const sampleWeight = Float64Array.from(data.y.codes, () => 1 + generator.nextBelow(2));
        const rows = [...sampleWeight.keys()].flatMap((row) =>
          new Array<number>(sampleWeight[row]!).fill(row),
        );
        const unseen = unseenRows(data.x, plan.seed);
        const all = { ...params, maxBins: 255 };
        const scores = (await fit({ ...data, sampleWeight }, all)).predictScoresBatch(unseen);
        expect((await fit(pick(data, Uint32Array.from(rows)), all)).predictScoresBatch(unseen)).toEqual(
          scores,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('stretching a feature changes no score of a row it was fitted on, where each value has a bin of its own', async () => {
    await fc.assert(
      fc.asyncProperty(wholeWeights, rules, async (plan, params) => {
        const data = makeData(plan);
        fc.pre(hasTwoClasses(data) && plan.nSamples <= 255);
        const all = { ...params, maxBins: 255 };
        const stretched = { ...data, x: stretch(data.x) };
        const scores = (await fit(data, all)).predictScoresBatch(data.x);
        const others = (await fit(stretched, all)).predictScoresBatch(stretched.x);
        // A row without weight is as if never seen: a threshold may pass it on either side.
        const isSeen = (_: number, at: number) =>
          (data.sampleWeight?.[Math.floor(at / plan.nClasses)] ?? 1) > 0;
        expect(others.filter(isSeen)).toEqual(scores.filter(isSeen));
      }),
      { numRuns: 100 },
    );
  });
});

it('scores are shares that sum to 1, whatever the params', async () => {
  await fc.assert(
    fc.asyncProperty(dataPlan(200), rules, fc.boolean(), async (plan, params, bootstrap) => {
      const data = makeData(plan);
      fc.pre(hasTwoClasses(data));
      const model = await fit(data, { ...params, bootstrap, maxFeatures: 'sqrt', nEstimators: 7 });
      const { nClasses } = plan;
      const scores = model.predictScoresBatch(unseenRows(data.x, plan.seed));
      for (let at = 0; at < scores.length; at += nClasses) {
        const row = scores.subarray(at, at + nClasses);
        expect(row.every((p) => p >= 0 && p <= 1 + 1e-12)).toBe(true);
        expect(Math.abs(row.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
      }
    }),
    { numRuns: 100 },
  );
});

/** Rows of values between, beyond and at those of `x`, and missing ones; categories of all codes. */
function unseenRows(x: FeatureMatrix, seed: number): FeatureMatrix {
  const generator = new Xoshiro128(seed, 1);
  const width = x.features.length;
  const value = (_: unknown, at: number) => {
    if (generator.nextBelow(6) === 0) return Number.NaN;
    const { categories } = x.features[at % width]!;
    if (categories) return generator.nextBelow(categories.length);
    const near = x.values[generator.nextBelow(x.nSamples) * width + (at % width)]!;
    return near * (generator.nextBelow(3) === 0 ? 1 : 0.9 + 0.2 * generator.nextDouble());
  };
  return { ...x, nSamples: 150, values: Float32Array.from({ length: 150 * width }, value) };
}

/** Replaces each number by one that orders the same: its rank among the values of its column, squared. */
function stretch(x: FeatureMatrix): FeatureMatrix {
  const width = x.features.length;
  const values = x.values.slice();
  x.features.forEach(({ type }, f) => {
    if (type !== 'numeric') return;
    const column = x.values.filter((_, at) => at % width === f);
    const ranks = new Map([...new Set(column.toSorted())].map((v, rank) => [v + 0, rank] as const));
    column.forEach((v, i) => {
      values[i * width + f] = Number.isNaN(v) ? v : ranks.get(v + 0)! ** 2;
    });
  });
  return { ...x, values };
}
