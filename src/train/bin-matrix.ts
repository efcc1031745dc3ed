import type { FeatureMatrix, Labels } from '../data/index.js';
import { BIN_STRIDE, type BinnedSet, encodeColumn, findBins } from '../kernels/index.js';
import { breathe } from './cancel.js';

function shared<T>(
  type: { new (buffer: SharedArrayBuffer): T; BYTES_PER_ELEMENT: number },
  length: number,
): T {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT));
}

/**
 * Returns the binned form of a training set, in shared memory so that workers read it without a copy. A feature of at
 * most 255 distinct values loses nothing. Lets the event loop run between columns.
 */
export async function binMatrix(x: FeatureMatrix, y: Labels, signal?: AbortSignal): Promise<BinnedSet> {
  const { nSamples } = x;
  const nFeatures = x.features.length;
  const set = {
    nSamples,
    nFeatures,
    nClasses: y.classes.length,
    bins: shared(Uint8Array, nSamples * nFeatures),
    lows: shared(Float32Array, nFeatures * BIN_STRIDE),
    highs: shared(Float32Array, nFeatures * BIN_STRIDE),
    labels: shared(Uint16Array, nSamples),
  };
  set.labels.set(y.codes);
  const column = new Float32Array(nSamples);
  for (let f = 0; f < nFeatures; f++) {
    for (let i = 0; i < nSamples; i++) column[i] = x.values[i * nFeatures + f]!;
    const { lows, highs, edges } = findBins(column);
    set.lows.set(lows, f * BIN_STRIDE);
    set.highs.set(highs, f * BIN_STRIDE);
    encodeColumn(column, edges, set.bins.subarray(f * nSamples, (f + 1) * nSamples));
    await breathe(signal);
  }
  return set;
}
