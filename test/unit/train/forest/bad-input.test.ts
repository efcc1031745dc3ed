import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from '#src/data/index.js';
import { getEstimator } from '#src/train/index.js';
import { type TrainingData, withKernels } from '../../../support/forest-cases.js';

const categories = (n: number) => Array.from({ length: n }, (_, level) => `c${level}`);
const features: FeatureSpec[] = [
  { name: 'size', type: 'numeric' },
  { name: 'port', type: 'categorical', categories: categories(3) },
  { name: 'user', type: 'categorical', categories: categories(400) },
];
const good: TrainingData = {
  x: { nSamples: 4, features, values: Float32Array.of(1, 0, 399, 2, 1, 398, 3, 2, 0, 4, Number.NaN, 1) },
  y: { classes: ['no', 'yes'], codes: Uint16Array.of(0, 1, 0, 1) },
};

const withValues = (change: (values: Float32Array) => void): TrainingData => {
  const values = good.x.values.slice();
  change(values);
  return { ...good, x: { ...good.x, values } };
};
const withValue = (row: number, feature: number, value: number) =>
  withValues((values) => {
    values[row * 3 + feature] = value;
  });
/** What JavaScript lets a caller give, whatever the types say. */
const withCodes = (...codes: number[]): TrainingData => ({
  ...good,
  y: { ...good.y, codes: Float64Array.from(codes) as unknown as Uint16Array },
});
const withWeights = (...weights: number[]): TrainingData => ({
  ...good,
  sampleWeight: Float64Array.from(weights),
});

const badData: [string, TrainingData, string, object][] = [
  [
    'no rows',
    { x: { ...good.x, nSamples: 0, values: new Float32Array() }, y: { ...good.y, codes: new Uint16Array() } },
    'there are no samples to fit on',
    {},
  ],
  [
    'no features',
    { ...good, x: { ...good.x, features: [], values: new Float32Array() } },
    'there are no features to fit on',
    {},
  ],
  [
    'too few values',
    { ...good, x: { ...good.x, values: new Float32Array(11) } },
    'x has 11 values, expected 4 rows × 3 features',
    {},
  ],
  ['too few labels', withCodes(0, 1, 0), 'x has 4 rows but y has 3 labels', {}],
  [
    'one class',
    withCodes(1, 1, 1, 1),
    'all samples are of class "yes", a classifier needs at least two',
    { class: 'yes' },
  ],
  [
    'one row',
    {
      x: { ...good.x, nSamples: 1, values: good.x.values.subarray(0, 3) },
      y: { ...good.y, codes: Uint16Array.of(0) },
    },
    'all samples are of class "no"',
    {},
  ],
  [
    'one class that has weight',
    { ...good, sampleWeight: Float64Array.of(1, 0, 1, 0) },
    'all samples are of class "no"',
    {},
  ],
  [
    'a label code that is no number',
    withCodes(0, Number.NaN, 0, 1),
    'row 1 has label code NaN, expected 0 to 1',
    { row: 1 },
  ],
  ['a label code below 0', withCodes(0, 1, -1, 1), 'row 2 has label code -1, expected 0 to 1', { row: 2 }],
  [
    'a label code between two',
    withCodes(0, 0.5, 0, 1),
    'row 1 has label code 0.5, expected 0 to 1',
    { row: 1 },
  ],
  ['a label code of no class', withCodes(0, 1, 0, 2), 'row 3 has label code 2, expected 0 to 1', { row: 3 }],
  [
    'a class that is no number',
    { ...good, y: { ...good.y, classes: [0, Number.NaN] } },
    'class 1 is NaN, expected text or a finite number',
    {},
  ],
  [
    'an infinite value',
    withValue(2, 0, Number.POSITIVE_INFINITY),
    'row 2, feature "size" is Infinity, expected a finite float32 or NaN',
    { row: 2, feature: 'size' },
  ],
  [
    'a value below all',
    withValue(0, 0, Number.NEGATIVE_INFINITY),
    'row 0, feature "size" is -Infinity',
    { row: 0, feature: 'size' },
  ],
  [
    'a code of no category',
    withValue(3, 1, 3),
    'row 3, feature "port" is 3, expected the code of a category (0 to 2) or NaN',
    { row: 3, feature: 'port' },
  ],
  [
    'a code below 0',
    withValue(1, 1, -1),
    'row 1, feature "port" is -1, expected the code of a category (0 to 2)',
    { row: 1 },
  ],
  [
    'a code between two',
    withValue(1, 1, 0.5),
    'row 1, feature "port" is 0.5, expected the code of a category',
    { row: 1 },
  ],
  [
    'an infinite code',
    withValue(1, 1, Number.POSITIVE_INFINITY),
    'row 1, feature "port" is Infinity, expected the code of a category',
    { row: 1 },
  ],
  [
    'a code of none of 400 categories',
    withValue(1, 2, 400),
    'row 1, feature "user" is 400, expected the code of a category (0 to 399)',
    { row: 1 },
  ],
  [
    'a code between two of 400',
    withValue(1, 2, 7.5),
    'row 1, feature "user" is 7.5, expected the code of a category',
    { row: 1 },
  ],
  [
    'the first of several',
    withValues((values) => values.set([9, 3, Number.POSITIVE_INFINITY], 6)),
    'row 2, feature "port" is 3',
    { row: 2 },
  ],
  [
    'categories without names',
    { ...good, x: { ...good.x, features: features.with(1, { name: 'port', type: 'categorical' }) } },
    'categorical feature "port" has no list of categories',
    {},
  ],
  [
    'a weight that is no number',
    withWeights(1, Number.NaN, 1, 1),
    'sampleWeight of row 1 is NaN, expected a finite number of at least 0',
    { row: 1 },
  ],
  [
    'an infinite weight',
    withWeights(1, 1, Number.POSITIVE_INFINITY, 1),
    'sampleWeight of row 2 is Infinity',
    { row: 2 },
  ],
  ['a weight below 0', withWeights(1, 1, -0.5, 1), 'sampleWeight of row 2 is -0.5', { row: 2 }],
  [
    'no weight at all',
    withWeights(0, 0, 0, 0),
    'the sample weights sum to 0, expected a finite number above 0',
    {},
  ],
  ['weights beyond all numbers', withWeights(1e308, 1e308, 1, 1), 'the sample weights sum to Infinity', {}],
  ['too few weights', withWeights(1, 1), 'x has 4 rows but sampleWeight has 2', {}],
];

const failure = (estimator: string, params: object, { x, y, sampleWeight }: TrainingData) =>
  getEstimator(estimator)
    .fit(params, x, y, sampleWeight && { sampleWeight })
    .then(
      () => 'no error',
      (error: unknown) => error,
    );

describe.each(['random-forest', 'extra-trees', 'decision-tree'])('%s', (estimator) => {
  it('takes the data that the cases below break', async () => {
    for (const kernels of ['js', 'wasm'] as const)
      expect(await withKernels(kernels, () => failure(estimator, {}, good))).toBe('no error');
  });

  it.each(badData)('refuses %s, with either kernels', async (_name, data, message, details) => {
    for (const kernels of ['js', 'wasm'] as const) {
      const error = await withKernels(kernels, () => failure(estimator, {}, data));
      expect(error).toMatchObject({
        code: 'BAD_DATA',
        message: expect.stringContaining(message),
        hint: expect.stringMatching(/\w/),
        details,
      });
    }
  });

  it.each<[object, string, string]>([
    [{ maxDept: 3 }, `${estimator} has no param "maxDept"`, "did you mean 'maxDepth'?"],
    [{ max_depth: 3 }, `${estimator} has no param "max_depth"`, "did you mean 'maxDepth'?"],
    [{ colour: 3 }, `${estimator} has no param "colour"`, 'its params are '],
    [{ maxBins: 256 }, 'maxBins must be a whole number from 2 to 255, got 256', 'set maxBins to '],
    [{ maxDepth: 0 }, 'maxDepth must be a whole number of at least 1, or null, got 0', 'set maxDepth to '],
    [{ minSamplesLeaf: '2' }, 'got "2"', 'set minSamplesLeaf to '],
  ])('refuses the params %j', async (params, message, hint) => {
    expect(await failure(estimator, params, good)).toMatchObject({
      code: 'INVALID_PARAMETER',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
      details: { parameter: Object.keys(params)[0] },
    });
  });
});
