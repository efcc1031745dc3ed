import { describe, expect, it } from 'vitest';
import { show, Xoshiro128 } from '#src/core/index.js';
import type { FeatureMatrix, Labels } from '#src/data/index.js';
import { encodeModel, type TreesModel } from '#src/model/index.js';
import { samplesToDraw } from '#src/train/forest/forest-params.js';
import { endRestingThreads } from '#src/train/forest/threads.js';
import { growRules } from '#src/train/forest/tree-params.js';
import { type FitOptions, randomForest } from '#src/train/index.js';

function noisySet(nSamples: number, nFeatures = 4): { x: FeatureMatrix; y: Labels } {
  const generator = new Xoshiro128(5);
  const values = Float32Array.from({ length: nSamples * nFeatures }, () => generator.nextDouble());
  const codes = Uint16Array.from({ length: nSamples }, (_, i) => {
    const signal = values[i * nFeatures]! + values[i * nFeatures + 1]!;
    return signal + 0.4 * generator.nextDouble() > 1.2 ? 1 : 0;
  });
  const features = Array.from({ length: nFeatures }, (_, j) => ({ name: `f${j}`, type: 'numeric' as const }));
  return { x: { nSamples, features, values }, y: { classes: [0, 1], codes } };
}

const train = async (
  set: { x: FeatureMatrix; y: Labels },
  params: Record<string, unknown>,
  options: FitOptions = {},
) => (await randomForest.fit(randomForest.params(params), set.x, set.y, options)) as TreesModel;

const refused = (params: Record<string, unknown>) => {
  try {
    randomForest.params(params);
  } catch (error) {
    return error as { code: string; message: string; details: object };
  }
  return undefined;
};

describe('params of the random forest', () => {
  it("have scikit-learn's defaults, but a fixed seed and all cores", () => {
    expect(randomForest.params()).toEqual({
      nEstimators: 100,
      criterion: 'gini',
      maxDepth: null,
      minSamplesSplit: 2,
      minSamplesLeaf: 1,
      minWeightFractionLeaf: 0,
      maxFeatures: 'sqrt',
      maxLeafNodes: null,
      minImpurityDecrease: 0,
      bootstrap: true,
      maxSamples: null,
      classWeight: null,
      ccpAlpha: 0,
      oobScore: false,
      randomState: 0,
      maxBins: 255,
      nJobs: -1,
    });
  });

  it.each([
    ['nEstimators', [0, 1.5, '200', null, true], 'a whole number from 1 to 1000000'],
    ['criterion', ['mse', 1], "one of 'gini', 'entropy', 'log_loss'"],
    ['maxDepth', [0, 2.5, '3'], 'a whole number of at least 1, or null'],
    ['minSamplesSplit', [0, -1, 2.5], 'a whole number of at least 2, or a share above 0 and at most 1'],
    ['minSamplesLeaf', [0, 1.5], 'a whole number of at least 1, or a share above 0 and below 1'],
    ['minWeightFractionLeaf', [-0.1, 0.6, Number.NaN], 'a number from 0 to 0.5'],
    ['maxFeatures', [0, 1.5, 'auto'], "one of 'sqrt', 'log2', 'all', null, or a whole number"],
    ['maxLeafNodes', [1, 2.5], 'a whole number of at least 2, or null'],
    ['minImpurityDecrease', [-1, Number.POSITIVE_INFINITY], 'a number of at least 0'],
    ['bootstrap', [1, 'true', null], 'true or false'],
    ['maxSamples', [0, 1.5, 2 ** 32], 'a whole number from 1 to 2147483648, or a share'],
    [
      'classWeight',
      ['even', [1], { a: -1 }, { a: '1' }],
      "null, 'balanced', 'balanced_subsample', or an object",
    ],
    ['ccpAlpha', [-1], 'a number of at least 0'],
    ['oobScore', ['yes'], 'true or false'],
    ['randomState', [-1, 0.5, 2 ** 32, null], 'a whole number from 0 to 4294967295'],
    ['maxBins', [1, 256, 2.5, null], 'a whole number from 2 to 255'],
    ['nJobs', [0, 1.5], 'a whole number other than 0 (-1: all cores)'],
  ])('%s refuses %j', (name, values, allowed) => {
    for (const value of values) {
      const error = refused({ [name]: value });
      expect(error).toMatchObject({ code: 'INVALID_PARAMETER' });
      expect(error!.message).toContain(`${name} must be ${allowed}`);
      expect(error!.message).toContain(`, got ${show(value)}`);
      expect(error!.details).toMatchObject({ parameter: name, given: value });
    }
  });

  it('refuse what makes no sense together', () => {
    expect(refused({ oobScore: true, bootstrap: false })!.message).toContain(
      'oobScore must be false where bootstrap is false',
    );
    expect(refused({ maxSamples: 5, bootstrap: false })!.message).toContain(
      'maxSamples must be null where bootstrap is false, got 5',
    );
  });

  it('become counts as in scikit-learn', () => {
    const rules = (given: Record<string, unknown>) => growRules(randomForest.params(given), 101, 30);
    expect(rules({}).maxFeatures).toBe(5);
    expect(rules({ maxFeatures: 'log2' }).maxFeatures).toBe(4);
    expect(rules({ maxFeatures: 0.5 }).maxFeatures).toBe(15);
    expect(rules({ maxFeatures: 0.001 }).maxFeatures).toBe(1);
    expect(rules({ maxFeatures: 1 }).maxFeatures).toBe(1);
    expect(rules({ maxFeatures: null }).maxFeatures).toBe(30);
    expect(rules({ maxFeatures: 'all' }).maxFeatures).toBe(30);
    expect(rules({ minSamplesLeaf: 0.05 })).toMatchObject({ minSamplesLeaf: 6, minSamplesSplit: 12 });
    expect(rules({ minSamplesSplit: 0.1 }).minSamplesSplit).toBe(11);
    expect(rules({ minSamplesSplit: 1 }).minSamplesSplit).toBe(101);
    expect(samplesToDraw(null, 101)).toBe(101);
    expect(samplesToDraw(7, 101)).toBe(7);
    expect(samplesToDraw(0.5, 101)).toBe(50);
    expect(samplesToDraw(0.5, 101, 10)).toBe(5);
  });

  it('classWeight names an unknown class, and refuses to leave no weight at all', async () => {
    const set = noisySet(30);
    await expect(train(set, { classWeight: { '2': 1 } })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: 'classWeight names the unknown class "2"',
    });
    await expect(train(set, { classWeight: { '0': 0, '1': 0 } })).rejects.toMatchObject({
      message: expect.stringContaining('classWeight must be above 0 for some class that has samples'),
    });
  });
});

describe('the random forest', () => {
  it('depends on the seed', async () => {
    const set = noisySet(100);
    const [a, b] = [await train(set, { randomState: 1 }), await train(set, { randomState: 2 })];
    expect(encodeModel(a)).not.toEqual(encodeModel(b));
  });

  it('grows every tree from numbers of its own', async () => {
    const { forest } = await train(noisySet(100), { nEstimators: 2 });
    const rootSplit = (t: number) => forest.thresholds[forest.trees[t]! * forest.nodeWords];
    expect(rootSplit(0)).not.toBe(rootSplit(1));
  });

  it('keeps its first trees when more are asked for', async () => {
    const set = noisySet(100);
    const few = (await train(set, { nEstimators: 3 })).forest;
    const more = (await train(set, { nEstimators: 5 })).forest;
    expect(more.trees.slice(0, 4)).toEqual(few.trees);
    expect(more.leaves.slice(0, few.leaves.length)).toEqual(few.leaves);
    expect(more.nanLeft.slice(0, few.nanLeft.length)).toEqual(few.nanLeft);
  });

  it('finds the features that matter, and estimates its accuracy out of bag', async () => {
    const model = await train(noisySet(600), { oobScore: true });
    expect(model.importances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(Math.min(model.importances[0]!, model.importances[1]!)).toBeGreaterThan(0.25);
    expect(Math.max(model.importances[2]!, model.importances[3]!)).toBeLessThan(0.15);
    expect(model.oobScore).toBeGreaterThan(0.8);
    expect(model.oobScore).toBeLessThan(0.97);
    expect((await train(noisySet(60), {})).oobScore).toBeNull();
  });

  it('has no out-of-bag score where every tree saw every sample', async () => {
    const set = noisySet(8);
    expect((await train(set, { nEstimators: 1, maxSamples: 5000, oobScore: true })).oobScore).toBeNull();
  });

  it('draws a bootstrap in proportion to the weights', async () => {
    const set = noisySet(200);
    const sampleWeight = Float64Array.from(set.y.codes, (code) => (code === 1 ? 1 : 1e-9));
    const model = await train(set, { nEstimators: 5, maxDepth: 1 }, { sampleWeight });
    const scores = model.predictScoresBatch(set.x);
    for (let i = 0; i < 200; i++) expect(scores[i * 2 + 1]).toBe(1);
  });

  it.each(['balanced', 'balanced_subsample'])(
    'classWeight %s lifts a rare class to half the weight',
    async (classWeight) => {
      const { x } = noisySet(400);
      const codes = Uint16Array.from({ length: 400 }, (_, i) => (i % 20 === 0 ? 1 : 0));
      const set = { x, y: { classes: [0, 1], codes } };
      const share = async (params: Record<string, unknown>) => {
        const model = await train(set, { maxDepth: 1, ...params });
        const scores = model.predictScoresBatch(x);
        return scores.reduce((sum, p, i) => (i % 2 === 1 ? sum + p : sum), 0) / 400;
      };
      expect(await share({})).toBeLessThan(0.1);
      const lifted = await share({ classWeight });
      expect(lifted).toBeGreaterThan(0.4);
      expect(lifted).toBeLessThan(0.6);
    },
  );

  it('grows at most maxLeafNodes leaves and maxDepth levels', async () => {
    const set = noisySet(300);
    const { forest } = await train(set, { nEstimators: 1, maxLeafNodes: 5 });
    expect(forest.leaves.length / 2).toBe(5);
    expect((await train(set, { nEstimators: 1, maxDepth: 2 })).forest.nanLeft.length).toBeLessThanOrEqual(7);
  });

  it('splits features of more than 255 values and many classes', async () => {
    const nSamples = 2000;
    const values = Float32Array.from({ length: nSamples }, (_, i) => i);
    const codes = Uint16Array.from({ length: nSamples }, (_, i) => Math.floor(i / 100));
    const x: FeatureMatrix = { nSamples, features: [{ name: 'n', type: 'numeric' }], values };
    const classes = [...Array(20).keys()];
    const model = await train({ x, y: { classes, codes } }, { nEstimators: 1, bootstrap: false });
    const scores = model.predictScoresBatch(x);
    const right = codes.filter((code, i) => scores[i * 20 + code]! > 0.5).length;
    expect(right / nSamples).toBeGreaterThan(0.95);
  });

  it('gives a tree without a split where no feature varies', async () => {
    const set = noisySet(20);
    set.x.values.fill(3);
    const model = await train(set, { nEstimators: 2 });
    expect(model.forest.nanLeft.length).toBe(2);
    expect([...model.importances]).toEqual([0, 0, 0, 0]);
  });
});

describe('the random forest in workers', () => {
  // Enough work that workers are started: samples × features × trees of 4 million.
  const set = noisySet(2000);
  const params = { nEstimators: 500, maxFeatures: 'all', maxDepth: 2 };
  const oneTreeLess = { ...params, nEstimators: 499 };
  const ways = [oneTreeLess, { ...params, nJobs: 1 }, { ...params, nJobs: 2 }];
  const started = async (run: () => Promise<unknown>, onWorker = (_: { terminate(): unknown }) => {}) => {
    let workers = 0;
    const listener = (worker: { terminate(): unknown }) => {
      workers++;
      onWorker(worker);
    };
    await endRestingThreads();
    process.on('worker', listener);
    try {
      await run();
    } finally {
      process.off('worker', listener);
    }
    return workers;
  };

  it('has the same bytes with 1, 2 and 3 of them, and reports every tree', async () => {
    const models: Uint8Array[] = [];
    for (const nJobs of [1, 2, 3]) {
      const seen: number[] = [];
      const workers = await started(async () => {
        const model = await train(set, { ...params, nJobs }, { onProgress: (p) => seen.push(p.done) });
        models.push(encodeModel(model));
      });
      expect(workers).toBe(nJobs);
      expect(seen).toEqual([...Array(500).keys()].map((t) => t + 1));
    }
    expect(models[1]).toEqual(models[0]);
    expect(models[2]).toEqual(models[0]);
  });

  it('starts none for little work, and at most one a tree', async () => {
    expect(await started(() => train(set, { ...oneTreeLess, nJobs: 2 }))).toBe(0);
    const wide = { ...noisySet(2000, 1001), params: { nEstimators: 2, maxFeatures: 'all', maxDepth: 1 } };
    expect(await started(() => train(wide, { ...wide.params, nJobs: 3 }))).toBe(2);
  });

  it('stops with CANCELLED in the middle, in workers and without', async () => {
    for (const way of ways) {
      const controller = new AbortController();
      let done = 0;
      const onProgress = (p: { done: number }) => {
        done = p.done;
        if (done === 3) controller.abort(new Error('enough'));
      };
      await expect(train(set, way, { signal: controller.signal, onProgress })).rejects.toMatchObject({
        code: 'CANCELLED',
        cause: { message: 'enough' },
      });
      expect(done).toBeLessThan(499);
    }
  });

  it('fails with a typed error when a worker dies', async () => {
    await started(
      () =>
        expect(train(set, { ...params, nJobs: 2 })).rejects.toMatchObject({
          code: 'INTERNAL',
          message: 'a worker that grew trees died before its work was done',
          cause: expect.stringMatching(/^exit code \d$/),
        }),
      (worker) => void worker.terminate(),
    );
  });

  it('passes on what the progress callback throws', async () => {
    const onProgress = () => {
      throw new Error('full');
    };
    for (const way of ways) await expect(train(set, way, { onProgress })).rejects.toThrow('full');
  });
});
