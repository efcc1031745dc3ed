import fc from 'fast-check';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureMatrix, FeatureSpec, Labels } from '#src/data/index.js';

/** A training set as it is handed to a fit. */
export interface TrainingData {
  readonly x: FeatureMatrix;
  readonly y: Labels;
  readonly sampleWeight?: Float64Array;
}

/** Kinds of columns, by what makes them hard. */
const COLUMNS: Record<string, (generator: Xoshiro128, signal: number) => number> = {
  continuous: (g, signal) => signal + g.nextDouble(),
  'few values': (g, signal) => Math.round(signal) + g.nextBelow(4),
  constant: () => 7,
  'constant or missing': (g) => (g.nextBelow(3) === 0 ? Number.NaN : -3),
  'missing only': () => Number.NaN,
  'often missing': (g, signal) => (g.nextBelow(4) === 0 ? Number.NaN : signal - 2 * g.nextDouble()),
  'missing says it': (g, signal) => (signal > 0 && g.nextBelow(2) === 0 ? Number.NaN : g.nextBelow(9)),
  'mostly one value': (g, signal) => (g.nextBelow(10) > 0 ? 1 : signal * g.nextDouble()),
  'huge and tiny': (g) => (g.nextBelow(2) * 2 - 1) * 10 ** (76 * g.nextDouble() - 38),
  'neighbours and zeros': (g) => [1, 1 + 2 ** -23, 1 + 2 ** -22, 0, -0, 2 ** -149][g.nextBelow(6)]!,
};

const categorical = (nLevels: number) => (g: Xoshiro128, signal: number) => {
  if (g.nextBelow(12) === 0) return Number.NaN;
  return g.nextBelow(3) === 0 ? Math.abs(Math.round(signal)) % nLevels : g.nextBelow(nLevels);
};

/** What a training set is made from: it shrinks to fewer rows, columns and classes. */
export interface DataPlan {
  readonly seed: number;
  readonly nSamples: number;
  readonly nClasses: number;
  /** Names of kinds, or numbers of categories. */
  readonly columns: readonly (string | number)[];
  readonly weights: 'none' | 'whole' | 'fractional' | 'mostly zero';
}

export const dataPlan = (maxSamples = 600): fc.Arbitrary<DataPlan> =>
  fc.record({
    seed: fc.nat({ max: 1e6 }),
    nSamples: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: maxSamples })),
    nClasses: fc.constantFrom(2, 2, 3, 5),
    columns: fc.array(fc.constantFrom(...Object.keys(COLUMNS), 1, 2, 7, 200, 255), {
      minLength: 1,
      maxLength: 6,
    }),
    weights: fc.constantFrom('none', 'none', 'whole', 'fractional', 'mostly zero'),
  });

/** Returns the training set of a plan; a second column of the same kind repeats the first one every other time. */
export function makeData({ seed, nSamples, nClasses, columns, weights }: DataPlan): TrainingData {
  const generator = new Xoshiro128(seed);
  const codes = Uint16Array.from({ length: nSamples }, () => generator.nextBelow(nClasses));
  const width = columns.length;
  const values = new Float32Array(nSamples * width);
  columns.forEach((kind, f) => {
    const value = typeof kind === 'number' ? categorical(kind) : COLUMNS[kind]!;
    const same = columns.indexOf(kind);
    const repeats = same < f && generator.nextBelow(2) === 0;
    for (let i = 0; i < nSamples; i++)
      values[i * width + f] = repeats ? values[i * width + same]! : value(generator, codes[i]! - 1);
  });
  const features = columns.map(
    (kind, f): FeatureSpec =>
      typeof kind === 'number'
        ? {
            name: `f${f}`,
            type: 'categorical',
            categories: Array.from({ length: kind }, (_, level) => `level ${level}`),
          }
        : { name: `f${f}`, type: 'numeric' },
  );
  const data = {
    x: { nSamples, features, values },
    y: { classes: [...Array(nClasses).keys()], codes },
  };
  if (weights === 'none') return data;
  const weight = {
    whole: () => generator.nextBelow(4),
    fractional: () => generator.nextDouble() * 3,
    'mostly zero': () => (generator.nextBelow(5) === 0 ? 1 : 0),
  }[weights];
  return { ...data, sampleWeight: Float64Array.from({ length: nSamples }, weight) };
}

/** Any params of a random forest that a fit may be given, few trees. */
export const forestParams: fc.Arbitrary<Record<string, unknown>> = fc
  .record(
    {
      nEstimators: fc.integer({ min: 1, max: 4 }),
      criterion: fc.constantFrom('gini', 'entropy', 'log_loss'),
      maxDepth: fc.constantFrom(null, 1, 2, 3, 8),
      minSamplesSplit: fc.constantFrom(2, 3, 20, 0.1, 1),
      minSamplesLeaf: fc.constantFrom(1, 2, 7, 0.05, 0.3),
      minWeightFractionLeaf: fc.constantFrom(0, 0.01, 0.1, 0.5),
      maxFeatures: fc.constantFrom(1, 'all', 'sqrt', 'log2', 3, 0.5),
      maxLeafNodes: fc.constantFrom(null, 2, 3, 9, 40, 2 ** 32 + 3),
      minImpurityDecrease: fc.constantFrom(0, 0, 0.001, 0.03),
      bootstrap: fc.boolean(),
      maxSamples: fc.constantFrom(null, 1, 10, 0.3, 0.9, 5000, 200_000),
      classWeight: fc.constantFrom(
        null,
        null,
        'balanced',
        'balanced_subsample',
        { '0': 2.5, '1': 1 },
        { '1': 0 },
      ),
      ccpAlpha: fc.constantFrom(0, 0, 0.002, 0.03),
      oobScore: fc.boolean(),
      maxBins: fc.constantFrom(2, 3, 16, 254, 255),
      randomState: fc.nat({ max: 2 ** 32 - 1 }),
    },
    { requiredKeys: ['nEstimators'] },
  )
  .map((params) => (params.bootstrap === true ? params : { ...params, maxSamples: null, oobScore: false }));

/** The estimators that grow trees, each with params of its own: a single tree draws no samples. */
export const treeEstimator: fc.Arbitrary<{ name: string; params: Record<string, unknown> }> = fc.oneof(
  fc.record({ name: fc.constantFrom('random-forest', 'extra-trees'), params: forestParams }),
  fc.record({
    name: fc.constant('decision-tree'),
    params: fc.tuple(forestParams, fc.constantFrom('best', 'random')).map(([params, splitter]) => {
      const { nEstimators: _n, bootstrap: _b, maxSamples: _m, oobScore: _o, ...rest } = params;
      const classWeight = rest.classWeight === 'balanced_subsample' ? 'balanced' : rest.classWeight;
      return { ...rest, splitter, ...(classWeight !== undefined && { classWeight }) };
    }),
  }),
);

/** Runs with the JavaScript kernels or those in WebAssembly, and leaves the environment as it was. */
export async function withKernels<T>(kernels: 'js' | 'wasm', run: () => Promise<T>): Promise<T> {
  const before = process.env['PHANTOMNET_KERNELS'];
  process.env['PHANTOMNET_KERNELS'] = kernels;
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env['PHANTOMNET_KERNELS'];
    else process.env['PHANTOMNET_KERNELS'] = before;
  }
}
