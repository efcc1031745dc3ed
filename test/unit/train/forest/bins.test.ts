import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureMatrix, FeatureSpec } from '#src/data/index.js';
import { bufferOf, encodeColumn, findBins, type TrainingSet, viewSet } from '#src/kernels/index.js';
import { fitTrees } from '#src/train/forest/fit-trees.js';
import { growRules } from '#src/train/forest/tree-params.js';
import { randomForest } from '#src/train/index.js';
import { withKernels } from '../../../support/forest-cases.js';
import { guardedJob } from '../../../support/grow-jobs.js';

/** Bins a matrix in WebAssembly, by a fit of one small tree, and returns the training set it left behind. */
async function binned(x: FeatureMatrix, maxBins = 255): Promise<TrainingSet> {
  const params = randomForest.params({ maxDepth: 1 });
  const rules = {
    ...growRules(params, x.nSamples, x.features.length),
    drawFeatures: true,
    randomSplits: false,
    randomState: 0,
    nDraws: 0,
    balancedSubsample: false,
  };
  const codes = Uint16Array.from({ length: x.nSamples }, (_, i) => i % 2);
  const { job } = await withKernels('wasm', () =>
    fitTrees(
      { rules, firstTree: 0, nTrees: 1, maxBins, nJobs: 1, weights: undefined },
      x,
      { classes: [0, 1], codes },
      {},
    ),
  );
  expect(job.kernels).toBe('wasm');
  return job.set;
}

function columnsToMatrix(columns: readonly Float32Array[], features?: readonly FeatureSpec[]): FeatureMatrix {
  const nSamples = columns[0]!.length;
  const values = new Float32Array(nSamples * columns.length);
  columns.forEach((column, f) => {
    for (let i = 0; i < nSamples; i++) values[i * columns.length + f] = column[i]!;
  });
  return {
    nSamples,
    features: features ?? columns.map((_, f) => ({ name: `f${f}`, type: 'numeric' as const })),
    values,
  };
}

/** Compares bins and codes with those of the readable form, to the bit. */
async function expectBins(columns: readonly Float32Array[], maxBins = 255): Promise<void> {
  const trainingSet = await binned(columnsToMatrix(columns), maxBins);
  const set = viewSet(bufferOf(trainingSet), trainingSet.shape, trainingSet.shared);
  const bits = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];
  columns.forEach((column, f) => {
    const { lows, highs, edges } = findBins(column, maxBins);
    const codes = new Uint8Array(column.length);
    encodeColumn(column, edges, codes);
    const own = set.bins.subarray(f * column.length, (f + 1) * column.length);
    expect(own.findIndex((code, i) => code !== codes[i])).toBe(-1);
    expect(bits(set.lows.subarray(f * 256, f * 256 + lows.length))).toEqual(bits(lows));
    expect(bits(set.highs.subarray(f * 256, f * 256 + highs.length))).toEqual(bits(highs));
    const kinds = new Set(codes).size;
    expect(set.kinds[f]).toBe(kinds === 1 ? 2 : 0);
  });
}

const N = 20_000;
const generator = new Xoshiro128(4);
const random = (value: (i: number) => number) => Float32Array.from({ length: N }, (_, i) => value(i));
const fromBits = (bits: (i: number) => number) =>
  new Float32Array(Uint32Array.from({ length: N }, (_, i) => bits(i)).buffer);
const sign = () => (generator.nextBelow(2) === 0 ? 1 : -1);
const uniform = () => generator.nextDouble();

const columns: Record<string, Float32Array> = {
  'zeros of both signs': random(() => 0 * sign()),
  'zeros among values': random((i) => (i % 3 === 0 ? 0 * sign() : sign() * uniform())),
  denormals: fromBits(() => generator.nextBelow(2 ** 23) + (generator.nextBelow(2) === 0 ? 2 ** 31 : 0)),
  'all finite floats': fromBits(() => {
    const bits = generator.nextUint32();
    return (bits & 0x7f800000) === 0x7f800000 ? 1 : bits;
  }),
  'the largest and the smallest': random(
    (i) => [3.4028234663852886e38, -3.4028234663852886e38, 2 ** -149, -(2 ** -149), 0][i % 5]!,
  ),
  'two values, neighbours': random((i) => (i % 2 === 0 ? 1 : 1 + 2 ** -23)),
  'thousands of neighbours': fromBits(() => 0x3f800000 + generator.nextBelow(3000)),
  'thousands of negative neighbours': fromBits(() => 0xbf800000 + generator.nextBelow(3000)),
  'neighbours on both sides of a top': fromBits(() => 0x3f80ff00 + generator.nextBelow(600)),
  'one heavy value': random(() => (generator.nextBelow(10) > 0 ? 5 : uniform())),
  'heavy values among neighbours': random((i) => (i % 2 === 0 ? 1 + 2 ** -10 : 1 + uniform() / 256)),
  'heavy tops that come after thousands of others': fromBits((i) =>
    i < 4000 ? 0x80000000 + i * 65_536 : 0x3f800000 + (i % 3) * 65_536 + generator.nextBelow(3000),
  ),
  '12 heavy parts of a top': fromBits((i) => 0x3f800000 + (i % 12) * 4096 + generator.nextBelow(40)),
  '13 heavy parts of a top': fromBits((i) => 0x3f800000 + (i % 13) * 4096 + generator.nextBelow(40)),
  '300 heavy values': random((i) => i % 300),
  '255 values': random((i) => i % 255),
  '256 values': random((i) => i % 256),
  '256 values, the last one late': random((i) => (i === N - 1 ? 999 : i % 255)),
  'all distinct': random((i) => (i * 7919) % N),
  ascending: random((i) => i / 3),
  descending: random((i) => -i / 3),
  'timestamps of a day, one 0': random((i) => (i === 77 ? 0 : 1.76e9 + 128 * generator.nextBelow(675))),
  'fine timestamps, one 0': random((i) => (i === 77 ? 0 : 4096 + generator.nextBelow(2 ** 22) / 2 ** 11)),
  'exponents of all sizes': random(() => sign() * 10 ** (76 * uniform() - 38)),
  'missing only': random(() => Number.NaN),
  'one value that is not missing': random((i) => (i === N - 1 ? 3 : Number.NaN)),
  'half missing': random(() => (generator.nextBelow(2) === 0 ? Number.NaN : uniform())),
  'missing values with a payload': fromBits((i) => (i % 3 === 0 ? 0xffc12345 : 0x3f000000 + i)),
  constant: random(() => -1e-3),
};

describe('bins in WebAssembly are those of the readable form, to the bit', () => {
  it.each(Object.entries(columns))('%s', async (_name, column) => {
    for (const maxBins of [255, 16, 2]) await expectBins([column], maxBins);
    // A few rows, and not a multiple of anything.
    await expectBins([column.slice(0, 1), column.slice(-1)]);
    await expectBins([column.subarray(N - 777)], 254);
  });

  it('all at once, in several chunks of rows', async () => {
    const all = Object.values(columns);
    const long = all.map((column) => Float32Array.from({ length: 3 * N }, (_, i) => column[(i * 3) % N]!));
    await expectBins(long);
  });

  it('more features than are binned at once', async () => {
    await expectBins(
      [...Object.values(columns), ...Object.values(columns), ...Object.values(columns)].map((c) =>
        c.slice(0, 500),
      ),
    );
  });
});

it('a category is its own code, a missing one 255', async () => {
  const column = Float32Array.from({ length: 999 }, (_, i) => (i % 50 === 0 ? Number.NaN : (i * 7) % 255));
  const categories = Array.from({ length: 255 }, (_, i) => `c${i}`);
  const x = columnsToMatrix([column], [{ name: 'c', type: 'categorical', categories }]);
  // maxBins is for numbers: categories keep their codes.
  for (const maxBins of [2, 255]) {
    const trainingSet = await binned(x, maxBins);
    const { bins, kinds } = viewSet(bufferOf(trainingSet), trainingSet.shape, trainingSet.shared);
    expect([...bins]).toEqual([...column].map((value) => (Number.isNaN(value) ? 255 : value)));
    expect(kinds[0]).toBe(1);
  }
});

it.each([1, 15, 16, 17, 30, 128])('the copy row after row holds the codes of %d features', async (width) => {
  const nSamples = 4103;
  const some = Object.values(columns);
  const x = columnsToMatrix(
    Array.from({ length: width }, (_, f) => some[f % some.length]!.slice(0, nSamples)),
  );
  const codes = Uint16Array.from({ length: nSamples }, (_, i) => i % 2);
  const { job } = await guardedJob({ x, y: { classes: [0, 1], codes } }, { withRows: true });
  const { set } = job;
  const { shared } = set;
  const { bins } = viewSet(bufferOf(set), set.shape, shared);
  const rows = new Uint8Array(bufferOf(set), shared.rows, nSamples * shared.rowBytes);
  expect(shared.rowBytes).toBe(Math.ceil(width / 16) * 16);
  let wrong = 0;
  for (let i = 0; i < nSamples; i++)
    for (let f = 0; f < shared.rowBytes; f++)
      if (rows[i * shared.rowBytes + f] !== (f < width ? bins[f * nSamples + i] : 0)) wrong++;
  expect(wrong).toBe(0);
});
