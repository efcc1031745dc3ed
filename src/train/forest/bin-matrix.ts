import type { FeatureMatrix } from '../../data/index.js';
import {
  type BinStep,
  bufferOf,
  CATEGORICAL,
  CONSTANT,
  encodeColumn,
  findBins,
  type TreeJob,
  viewSet,
  WasmBinner,
} from '../../kernels/index.js';
import { breathe } from '../cancel.js';
import { checkValues } from '../check-data.js';
import type { Crew } from './crew.js';

/** A key has 32 bits: the top 16, and four at a level below. */
const LEVELS = 4;

/**
 * Bins the matrix into the job's training set. A feature of at most `maxBins` distinct values loses nothing. Throws
 * BAD_DATA for a value that is not finite, or the code of no category. The matrix is copied in chunk by chunk, while the
 * crew works on the chunk before.
 */
export async function binMatrix(
  x: FeatureMatrix,
  job: TreeJob,
  crew: Crew,
  signal?: AbortSignal,
): Promise<void> {
  if (job.kernels === 'js') return binHere(x, job, signal);
  // More categories than a set holds are binned as numbers, which any number is.
  if (x.features.some(({ categories }, f) => categories && job.levels[f] === 0)) checkValues(x);
  const { set } = job;
  const facts = new WasmBinner(set, job);
  const { nPlaces } = set.binning;
  for (let first = 0; first < x.features.length; first += nPlaces) {
    const features = range(first, Math.min(x.features.length, first + nPlaces));
    await binColumns(x, job, { crew, facts, features });
  }
  if (set.shared.rows > 0)
    await crew.bin({
      ...NO_CHUNK,
      pass: 'interleave',
      nRows: x.nSamples,
      features: [],
      places: [],
      level: 0,
      turn: facts.openStep(),
    });
}

/** Features to look at, with their places. */
type Columns = Pick<BinStep, 'features' | 'places'>;

const NO_CHUNK = { chunk: 0, firstRow: 0, nRows: 0, follows: false };
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Bins some columns: counts their values, level by level while some share too much, finds the edges, and encodes. */
async function binColumns(
  x: FeatureMatrix,
  job: TreeJob,
  { crew, facts, features }: { readonly crew: Crew; readonly facts: WasmBinner; readonly features: number[] },
): Promise<void> {
  const all = { features, places: features.map((f) => f - features[0]!) };
  const whole = (pass: BinStep['pass'], columns: Columns = all, level = 0) =>
    crew.bin({ ...NO_CHUNK, ...columns, pass, level, turn: facts.openStep() });
  const read = (pass: BinStep['pass'], columns: Columns = all, level = 0) =>
    overChunks(x, job, crew, (chunk) => ({ ...chunk, ...columns, pass, level, turn: facts.openStep() }));
  await whole('open');
  await read('count');
  if (all.places.some((place) => facts.facts(place).nBad > 0)) checkValues(x);
  const of = (places: readonly number[]) => ({ features: places.map((place) => features[place]!), places });
  const many = all.places.filter((place) => facts.facts(place).hasMany);
  let places = many;
  for (let level = 0; level < LEVELS; level++) {
    // Most tops were counted at level 1 along with the values, whatever is left of the others.
    if (level === 1) places = many;
    if (places.length === 0) continue;
    await whole('split', of(places), level);
    places = places.filter((place) => facts.facts(place).mustCount);
    if (places.length > 0) await read('count', of(places), level + 1);
  }
  await whole('edges');
  const kinds = viewSet(bufferOf(job.set), job.set.shape, job.set.shared).kinds;
  all.places.forEach((place) => {
    const feature = features[place]!;
    const { nBins, nMissing } = facts.facts(place);
    kinds[feature] = kindOf(job, feature, nBins + (nMissing > 0 ? 1 : 0));
  });
  await read('encode');
}

function kindOf(job: TreeJob, feature: number, nKinds: number): number {
  return (job.levels[feature]! > 0 ? CATEGORICAL : 0) + (nKinds <= 1 ? CONSTANT : 0);
}

/** Does one step for every chunk of rows. One is copied in while the crew works on the other, and is asked for at once. */
async function overChunks(
  x: FeatureMatrix,
  job: TreeJob,
  crew: Crew,
  stepOf: (chunk: Pick<BinStep, 'chunk' | 'firstRow' | 'nRows' | 'follows'>) => BinStep,
): Promise<void> {
  const { chunks, chunkRows } = job.set.binning;
  const width = x.features.length;
  const memory = bufferOf(job.set);
  const steps: Promise<void>[] = [];
  for (let firstRow = 0; firstRow < x.nSamples; firstRow += chunkRows) {
    const n = steps.length;
    const nRows = Math.min(chunkRows, x.nSamples - firstRow);
    const chunk = chunks[n % 2]!;
    const values = x.values.subarray(firstRow * width, (firstRow + nRows) * width);
    // The chunk is free once the step before the last is done.
    await steps[n - 2];
    new Float32Array(memory, chunk, values.length).set(values);
    const step = crew.bin(stepOf({ chunk, firstRow, nRows, follows: n > 0 }));
    step.catch(() => {}); // it is awaited two turns later
    steps.push(step);
  }
  await Promise.all(steps.slice(-2));
}

/** The readable form, in this thread. Lets the event loop run between columns. */
async function binHere(x: FeatureMatrix, job: TreeJob, signal?: AbortSignal): Promise<void> {
  checkValues(x);
  const { nSamples } = x;
  const width = x.features.length;
  const set = viewSet(bufferOf(job.set), job.set.shape, job.set.shared);
  const column = new Float32Array(nSamples);
  for (let f = 0; f < width; f++) {
    for (let i = 0; i < nSamples; i++) column[i] = x.values[i * width + f]!;
    const codes = set.bins.subarray(f * nSamples, (f + 1) * nSamples);
    if (job.levels[f]! > 0) {
      for (let i = 0; i < nSamples; i++) codes[i] = Number.isNaN(column[i]!) ? 255 : column[i]!;
      set.kinds[f] = kindOf(job, f, new Set(codes).size);
    } else {
      const { lows, highs, edges } = findBins(column, job.maxBins);
      set.lows.set(lows, f * 256);
      set.highs.set(highs, f * 256);
      encodeColumn(column, edges, codes);
      set.kinds[f] = kindOf(job, f, lows.length + (codes.includes(255) ? 1 : 0));
    }
    await breathe(signal);
  }
}
