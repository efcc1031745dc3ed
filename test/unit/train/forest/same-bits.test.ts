import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { wasmAvailable } from '#src/kernels/index.js';
import { encodeModel, type TreesModel } from '#src/model/index.js';
import { getEstimator, randomForest } from '#src/train/index.js';
import {
  type DataPlan,
  dataPlan,
  makeData,
  type TrainingData,
  treeEstimator,
  withKernels,
} from '../../../support/forest-cases.js';

/** The model's bytes, or what the fit was refused with. */
async function bytesOf(
  kernels: 'js' | 'wasm',
  { x, y, sampleWeight }: TrainingData,
  params: object,
  estimator = 'random-forest',
): Promise<Uint8Array | string> {
  return withKernels(kernels, async () => {
    expect(wasmAvailable()).toBe(kernels === 'wasm');
    try {
      return encodeModel(await getEstimator(estimator).fit(params, x, y, sampleWeight && { sampleWeight }));
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (!code) throw error;
      return `${code}: ${message}`;
    }
  });
}

/** Compares the digest first: a difference of a megabyte tells nobody anything. */
function expectSame(ours: Uint8Array | string, theirs: Uint8Array | string): void {
  if (typeof ours === 'string' || typeof theirs === 'string') expect(ours).toEqual(theirs);
  else expect(Buffer.compare(ours, theirs)).toBe(0);
}

async function expectSameBits(
  data: TrainingData,
  params: object,
  estimator?: string,
): Promise<Uint8Array | string> {
  const js = await bytesOf('js', data, params, estimator);
  expectSame(await bytesOf('wasm', data, params, estimator), js);
  return js;
}

it('JavaScript and WebAssembly give the same bytes of model, or refuse with the same words', async () => {
  let fitted = 0;
  await fc.assert(
    fc.asyncProperty(dataPlan(), treeEstimator, async (plan, { name, params }) => {
      const result = await expectSameBits(makeData(plan), params, name);
      if (typeof result !== 'string') fitted++;
    }),
    { numRuns: 600 },
  );
  expect(fitted).toBeGreaterThan(400);
});

const plan = (more: Partial<DataPlan>): DataPlan => ({
  seed: 3,
  nSamples: 500,
  nClasses: 2,
  columns: ['continuous', 'often missing', 'few values'],
  weights: 'none',
  ...more,
});
const large = plan({
  nSamples: 6000,
  columns: ['continuous', 'often missing', 7, 'few values', 'huge and tiny'],
});

it.each<[string, DataPlan, object]>([
  [
    '70,000 distinct values',
    plan({ nSamples: 70_000, columns: ['continuous', 'huge and tiny'] }),
    { nEstimators: 2, maxDepth: 9 },
  ],
  ['6,000 rows', large, { nEstimators: 3 }],
  ['6,000 rows, 3 classes', { ...large, nClasses: 3 }, { nEstimators: 3, maxFeatures: 'all' }],
  ['6,000 rows, weights', { ...large, weights: 'fractional' }, { nEstimators: 2, criterion: 'entropy' }],
  ['6,000 rows, best first', large, { nEstimators: 2, maxLeafNodes: 300 }],
  // Blocks of rows are used from 2^18 rows on; guard-bytes.test.ts has more of them, on fewer rows.
  ['rows in blocks', { ...large, nSamples: 2 ** 18 }, { nEstimators: 1, maxDepth: 9, nJobs: 2 }],
  ['one row fewer than blocks need', { ...large, nSamples: 2 ** 18 - 1 }, { nEstimators: 1, maxDepth: 5 }],
  [
    'sets of 200 categories, 2 classes',
    plan({ nSamples: 3000, columns: [200, 'continuous'] }),
    { nEstimators: 3, maxFeatures: 'all' },
  ],
  [
    'sets of 200 categories, 5 classes',
    plan({ nSamples: 3000, nClasses: 5, columns: [200, 255, 'continuous'] }),
    { nEstimators: 3 },
  ],
  [
    '70 features, more than are binned at once',
    plan({ columns: new Array(70).fill('continuous') }),
    { nEstimators: 2 },
  ],
  ['256 classes', plan({ nSamples: 2000, nClasses: 256, columns: ['continuous', 40] }), { nEstimators: 1 }],
  [
    'samples drawn so often that they fit no byte',
    plan({ nSamples: 40 }),
    { nEstimators: 2, maxSamples: 40 * 300 },
  ],
])('the same bytes: %s', async (_name, of, params) => {
  expect(typeof (await expectSameBits(makeData(of), params))).not.toBe('string');
});

it('the same bytes: 70,000 categories, which are split by their codes', async () => {
  const nSamples = 80_000;
  const generator = new Xoshiro128(8);
  const values = Float32Array.from({ length: nSamples }, () => generator.nextBelow(70_000));
  const categories = Array.from({ length: 70_000 }, (_, level) => `level ${level}`);
  const x = { nSamples, features: [{ name: 'n', type: 'categorical' as const, categories }], values };
  const y = { classes: [0, 1], codes: Uint16Array.from(values, (v) => (v % 3 === 0 ? 1 : 0)) };
  const result = await expectSameBits({ x, y }, { nEstimators: 1 });
  expect(typeof result).not.toBe('string');
});

it('the same bytes with 1, 2 and 3 threads, both kernels', async () => {
  const data = makeData({ ...large, nSamples: 4000 });
  const params = { nEstimators: 340, maxFeatures: 3, maxDepth: 3 };
  const [first, ...others] = [
    await bytesOf('wasm', data, { ...params, nJobs: 1 }),
    await bytesOf('wasm', data, { ...params, nJobs: 2 }),
    await bytesOf('wasm', data, { ...params, nJobs: 3 }),
    await bytesOf('js', data, { ...params, nJobs: 2 }),
  ];
  expect(typeof first).not.toBe('string');
  for (const other of others) expectSame(other, first!);
  // What threads give is what this thread gives: the first tree is the same in a forest of one.
  const forestOf = async (nEstimators: number) =>
    (await randomForest.fit({ ...params, nEstimators }, data.x, data.y)) as TreesModel;
  const { forest: one } = await forestOf(1);
  const { forest: all } = await forestOf(340);
  expect(all.leaves.subarray(0, one.leaves.length)).toEqual(one.leaves);
});

/** The trees' bytes, which no version of Node, no machine and no number of threads may change. */
it.each([
  ['random-forest', { nEstimators: 9, maxDepth: 11 }, '50327ffd6aeff6c8'],
  [
    'random-forest',
    { nEstimators: 3, criterion: 'entropy', maxLeafNodes: 60, bootstrap: false },
    'be46382a6d22d0e9',
  ],
  ['extra-trees', { nEstimators: 9, maxDepth: 11, bootstrap: true }, '1533d3d40642a756'],
  ['decision-tree', { criterion: 'log_loss', ccpAlpha: 0.0005 }, '58a1c41f9f9a22a8'],
])('the trees of %s with %j are those that they always were', async (name, params, expected) => {
  const data = makeData(large);
  const model = (await withKernels('wasm', () =>
    getEstimator(name).fit({ ...params, randomState: 20 }, data.x, data.y),
  )) as TreesModel;
  const { nodes, nanLeft, leaves } = model.forest;
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [nodes, nanLeft, leaves])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  expect(hash.digest('hex').slice(0, 16)).toBe(expected);
});
