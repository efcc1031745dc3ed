import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureMatrix, Labels } from '#src/data/index.js';
import { decodeModel, encodeModel, type Model, predict } from '#src/model/index.js';
import type { AnyEstimator } from '#src/train/index.js';

/** What the suite needs to know of an estimator beside itself. */
export interface EstimatorCase {
  readonly estimator: AnyEstimator;
  /** Params that keep the fit small. */
  readonly params?: Record<string, unknown>;
  /** Fits on samples of one class too. */
  readonly oneClass?: boolean;
  /** Accuracy to reach on the easy training set. */
  readonly accuracy: number;
  /** The order of the rows changes nothing (beyond rounding). */
  readonly ignoresOrder: boolean;
}

/** A training set with numbers, categories, missing values and a class that two features decide. */
export function easySet(nSamples: number, nClasses: number): { x: FeatureMatrix; y: Labels } {
  const generator = new Xoshiro128(11);
  const values = new Float32Array(nSamples * 3);
  const codes = new Uint16Array(nSamples);
  for (let i = 0; i < nSamples; i++) {
    const code = generator.nextBelow(nClasses);
    codes[i] = code;
    values[i * 3] = code * 2 + generator.nextDouble() * 2.2;
    values[i * 3 + 1] = generator.nextBelow(10) === 0 ? Number.NaN : generator.nextDouble() * 100;
    values[i * 3 + 2] = generator.nextBelow(3) === 0 ? generator.nextBelow(3) : code % 3;
  }
  const features = [
    { name: 'size', type: 'numeric' as const },
    { name: 'noise', type: 'numeric' as const },
    { name: 'protocol', type: 'categorical' as const, categories: ['ssh', 'ftp', 'smtp'] },
  ];
  return { x: { nSamples, features, values }, y: { classes: [...Array(nClasses).keys()], codes } };
}

const failure = async (fit: Promise<Model>) =>
  fit.then(
    () => ({ code: 'none', message: '', hint: '' }),
    (error: { code: string; message: string; hint: string }) => error,
  );

/** Checks all that an estimator promises. */
export function estimatorContract({
  estimator,
  params,
  oneClass,
  accuracy,
  ignoresOrder,
}: EstimatorCase): void {
  const checked = (more: Record<string, unknown> = {}) => estimator.params({ ...params, ...more });
  const train = (set: { x: FeatureMatrix; y: Labels }, options = {}, more = {}) =>
    estimator.fit(checked(more), set.x, set.y, options);

  describe(`estimator ${estimator.name}`, () => {
    for (const nClasses of [2, 3]) {
      it(`gives probabilities that sum to 1 and learns an easy set of ${nClasses} classes`, async () => {
        const set = easySet(240, nClasses);
        const model = await train(set);
        expect(model.kind).toBe(estimator.name);
        expect(model.features).toEqual(set.x.features);
        expect(model.classes).toEqual(set.y.classes);
        const scores = model.predictScoresBatch(set.x);
        expect(scores.length).toBe(240 * nClasses);
        for (let i = 0; i < 240; i++) {
          const row = scores.subarray(i * nClasses, (i + 1) * nClasses);
          expect(row.every((p) => p >= 0 && p <= 1)).toBe(true);
          expect(Math.abs(row.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
        }
        const codes = predict(model, scores);
        const right = codes.filter((code, i) => code === set.y.codes[i]).length;
        expect(right / 240).toBeGreaterThanOrEqual(nClasses === 2 ? accuracy : accuracy * 0.6);
      });
    }

    it('scores a row alone as in the batch, to the bit, and writes no more than its classes', async () => {
      const set = easySet(120, 3);
      const model = await train(set);
      const batch = model.predictScoresBatch(set.x);
      const out = new Float64Array(5).fill(-7);
      for (let i = 0; i < 120; i++) {
        model.predictScores(set.x.values.subarray(i * 3, i * 3 + 3), out);
        expect([...out]).toEqual([...batch.subarray(i * 3, i * 3 + 3), -7, -7]);
      }
    });

    it('gives the same bytes for the same params, data and seed, and whatever nJobs is', async () => {
      const set = easySet(240, 2);
      const bytes = encodeModel(await train(set, {}, { randomState: 3, nJobs: 1 }));
      expect(encodeModel(await train(set, {}, { randomState: 3, nJobs: 1 }))).toEqual(bytes);
      expect(encodeModel(await train(set, {}, { randomState: 3, nJobs: 2 }))).toEqual(bytes);
    });

    it('scores after encode and decode as before, to the bit', async () => {
      const set = easySet(120, 3);
      const model = await train(set);
      const bytes = encodeModel(model);
      const loaded = decodeModel(bytes);
      expect(loaded.predictScoresBatch(set.x)).toEqual(model.predictScoresBatch(set.x));
      expect(encodeModel(loaded)).toEqual(bytes);
    });

    it('leaves data and params as they were', async () => {
      const set = easySet(60, 2);
      const before = structuredClone(set);
      const given = Object.freeze(checked());
      await estimator.fit(given, set.x, set.y, { sampleWeight: new Float64Array(60).fill(2) });
      expect(set).toEqual(before);
    });

    it('takes weights of 1 as no weights, and a weight of 0 as a sample that is not there', async () => {
      const set = easySet(120, 2);
      const more = ['random-forest', 'extra-trees'].includes(estimator.name)
        ? { bootstrap: false, maxFeatures: 'all' }
        : {};
      const plain = (await train(set, {}, more)).predictScoresBatch(set.x);
      const ones = new Float64Array(120).fill(1);
      expect((await train(set, { sampleWeight: ones }, more)).predictScoresBatch(set.x)).toEqual(plain);
      const half = (list: Float32Array | Uint16Array, width: number) => list.slice(0, 60 * width);
      const first = {
        x: { ...set.x, nSamples: 60, values: half(set.x.values, 3) as Float32Array },
        y: { ...set.y, codes: half(set.y.codes, 1) as Uint16Array },
      };
      const zeros = Float64Array.from({ length: 120 }, (_, i) => (i < 60 ? 1 : 0));
      const whole = predict(
        set.y,
        (await train(set, { sampleWeight: zeros }, more)).predictScoresBatch(first.x),
      );
      const part = predict(set.y, (await train(first, {}, more)).predictScoresBatch(first.x));
      expect(whole).toEqual(part);
    });

    it.runIf(ignoresOrder)('gives the same scores for rows in another order', async () => {
      const set = easySet(120, 2);
      const order = [...Array(120).keys()].map((i) => (i * 49) % 120);
      const values = Float32Array.from(order.flatMap((i) => [...set.x.values.subarray(i * 3, i * 3 + 3)]));
      const shuffled = {
        x: { ...set.x, values },
        y: { ...set.y, codes: Uint16Array.from(order, (i) => set.y.codes[i]!) },
      };
      const a = (await train(set)).predictScoresBatch(set.x);
      const b = (await train(shuffled)).predictScoresBatch(set.x);
      expect(Math.max(...a.map((p, i) => Math.abs(p - b[i]!)))).toBeLessThan(1e-4);
    });

    it('reports progress up to all of it', async () => {
      const seen: { done: number; total: number }[] = [];
      await train(easySet(60, 2), { onProgress: (p: { done: number; total: number }) => seen.push(p) });
      expect(seen.length).toBeGreaterThan(0);
      for (const p of seen) expect(p.done).toBeLessThanOrEqual(p.total);
    });

    it('stops with CANCELLED when its signal is aborted', async () => {
      const error = await failure(train(easySet(60, 2), { signal: AbortSignal.abort() }));
      expect(error.code).toBe('CANCELLED');
      expect(error.message).toBe('the fit was cancelled');
    });

    it('has defaults, and refuses unknown params and wrong values by name', () => {
      expect(estimator.params()).toMatchObject({ randomState: 0, nJobs: -1 });
      const thrown = (given: Record<string, unknown>) => {
        try {
          estimator.params(given);
        } catch (error) {
          return error;
        }
        return undefined;
      };
      expect(thrown({ randomStat: 1 })).toMatchObject({
        code: 'INVALID_PARAMETER',
        message: `${estimator.name} has no param "randomStat"`,
        hint: "did you mean 'randomState'?",
      });
      expect(thrown({ zzzzzzzz: 1 })).toMatchObject({ hint: expect.stringContaining('its params are ') });
      expect(thrown(JSON.parse('{"__proto__": 1}'))).toMatchObject({ code: 'INVALID_PARAMETER' });
      for (const randomState of [-1, 1.5, 2 ** 32, '7', null, Number.NaN])
        expect(thrown({ randomState })).toMatchObject({
          code: 'INVALID_PARAMETER',
          details: { parameter: 'randomState', given: randomState },
        });
      expect(thrown({ nJobs: 0 })).toMatchObject({ message: expect.stringContaining('nJobs must be ') });
    });

    it('fills in and checks the params of a fit itself', async () => {
      const { x, y } = easySet(60, 2);
      const whole = encodeModel(await train({ x, y }, {}, { randomState: 5 }));
      const part: object = { ...params, randomState: 5 };
      expect(encodeModel(await estimator.fit(part, x, y))).toEqual(whole);
      expect((await estimator.fit({}, x, y)).kind).toBe(estimator.name);
      const wrong: [unknown, string][] = [
        [{ nJobs: 0 }, 'nJobs must be a whole number other than 0 (-1: all cores), got 0'],
        [{ randomStat: 1 }, `${estimator.name} has no param "randomStat"`],
        [null, 'params must be an object of params by name, got null'],
        [[], 'params must be an object of params by name, got []'],
        ['x', 'params must be an object of params by name, got "x"'],
      ];
      for (const [given, message] of wrong)
        expect(await failure(estimator.fit(given as object, x, y))).toMatchObject({
          code: 'INVALID_PARAMETER',
          message,
        });
    });

    it('refuses data it cannot learn from, and says why', async () => {
      const good = easySet(12, 2);
      const { x, y } = good;
      const withValue = (at: number, value: number) => ({ y, x: { ...x, values: x.values.with(at, value) } });
      const cases: [{ x: FeatureMatrix; y: Labels }, string][] = [
        [
          { x: { ...x, nSamples: 0, values: new Float32Array() }, y: { ...y, codes: new Uint16Array() } },
          'no samples',
        ],
        [{ x: { ...x, features: [], values: new Float32Array() }, y }, 'no features'],
        [{ x: { ...x, values: new Float32Array(5) }, y }, 'x has 5 values, expected 12 rows × 3 features'],
        [{ x, y: { ...y, codes: new Uint16Array(7) } }, 'x has 12 rows but y has 7 labels'],
        [{ x, y: { ...y, codes: y.codes.with(4, 2) } }, 'row 4 has label code 2, expected 0 to 1'],
        [{ x, y: { ...y, classes: [0, Number.NaN] } }, 'class 1 is NaN'],
        [withValue(3, Number.POSITIVE_INFINITY), 'row 1, feature "size" is Infinity'],
        [withValue(5, 3), 'row 1, feature "protocol" is 3, expected the code of a category (0 to 2)'],
        [
          { x: { ...x, features: [x.features[0]!, x.features[1]!, { name: 'p', type: 'categorical' }] }, y },
          'categorical feature "p" has no list of categories',
        ],
      ];
      for (const [set, message] of cases) {
        const error = await failure(train(set));
        expect(error.code).toBe('BAD_DATA');
        expect(error.message).toContain(message);
        expect(error.hint).not.toBe('');
      }
      const weights: [Float64Array, string][] = [
        [new Float64Array(3), 'x has 12 rows but sampleWeight has 3'],
        [new Float64Array(12).fill(1).with(2, Number.NaN), 'sampleWeight of row 2 is NaN'],
        [new Float64Array(12).fill(1).with(2, -1), 'sampleWeight of row 2 is -1'],
        [new Float64Array(12), 'the sample weights sum to 0'],
      ];
      for (const [sampleWeight, message] of weights)
        expect(await failure(train(good, { sampleWeight }))).toMatchObject({
          code: 'BAD_DATA',
          message: expect.stringContaining(message),
        });
    });

    it(oneClass ? 'fits on samples of one class' : 'refuses samples of one class', async () => {
      const { x, y } = easySet(12, 2);
      const error = await failure(train({ x, y: { ...y, codes: new Uint16Array(12).fill(1) } }));
      if (oneClass) expect(error.code).toBe('none');
      else
        expect(error).toMatchObject({
          code: 'BAD_DATA',
          message: expect.stringContaining('all samples are of class 1'),
          hint: expect.stringContaining("'majority'"),
        });
    });

    it('refuses to score a matrix of other features', async () => {
      const { x, y } = easySet(12, 2);
      const model = await train({ x, y });
      const renamed = { ...x, features: x.features.with(0, { name: 'sise', type: 'numeric' as const }) };
      expect(() => model.predictScoresBatch(renamed)).toThrow(
        'feature 0 of the matrix is numeric "sise", the model expects numeric "size"',
      );
      expect(() => model.predictScoresBatch({ ...x, nSamples: 5 })).toThrow('expected 5 rows × 3 features');
    });
  });
}
