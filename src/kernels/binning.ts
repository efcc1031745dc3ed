import { MAX_BINS, MISSING_BIN } from './binned-set.js';

/** The bins of one feature: bin b holds the values from lows[b] to highs[b], all at or below edges[b] and above edges[b - 1]. */
export interface FeatureBins {
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** One fewer than there are bins, ascending. */
  readonly edges: Float32Array;
}

/**
 * Returns the threshold between two neighbours as a float32 t with low ≤ t < high: the middle, or `low` where the middle rounds to `high`.
 * A value goes left when it is ≤ t.
 */
export function midpoint(low: number, high: number): number {
  const middle = Math.fround((low + high) / 2);
  return (middle < high ? middle : low) + 0; // + 0 turns -0 into 0, so that equal splits have equal bytes
}

/**
 * Returns the bins of one feature, NaN left out: one a distinct value while there are at most `maxBins` of them, else
 * bins of about equal numbers of samples, a value never in two. Cost O(n log n). Deterministic; the order of `values`
 * does not matter.
 */
export function findBins(values: Float32Array, maxBins: number = MAX_BINS): FeatureBins {
  const present = values.filter((v) => !Number.isNaN(v)).sort();
  const { distinct, counts } = countDistinct(present);
  const ends = binEnds(counts, present.length, maxBins);
  const nBins = ends.length;
  const lows = new Float32Array(nBins);
  const highs = new Float32Array(nBins);
  const edges = new Float32Array(Math.max(0, nBins - 1));
  for (let b = 0; b < nBins; b++) {
    lows[b] = distinct[b === 0 ? 0 : ends[b - 1]!]!;
    highs[b] = distinct[ends[b]! - 1]!;
  }
  for (let b = 0; b + 1 < nBins; b++) edges[b] = midpoint(highs[b]!, lows[b + 1]!);
  return { lows, highs, edges };
}

function countDistinct(sorted: Float32Array): { distinct: Float32Array; counts: Uint32Array } {
  const distinct = new Float32Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let n = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (n === 0 || sorted[i] !== distinct[n - 1]) distinct[n++] = sorted[i]!;
    counts[n - 1]!++;
  }
  return { distinct: distinct.subarray(0, n), counts: counts.subarray(0, n) };
}

/** Returns for each bin the index one past its last distinct value. A bin closes once it holds its share of what is left. */
function binEnds(counts: Uint32Array, nSamples: number, maxBins: number): number[] {
  const ends: number[] = [];
  if (counts.length <= maxBins) {
    for (let i = 0; i < counts.length; i++) ends.push(i + 1);
    return ends;
  }
  let inBin = 0;
  let left = nSamples;
  for (let i = 0; i < counts.length; i++) {
    inBin += counts[i]!;
    const binsLeft = maxBins - ends.length;
    if (binsLeft > 1 && inBin * binsLeft >= left) {
      ends.push(i + 1);
      left -= inBin;
      inBin = 0;
    }
  }
  if (inBin > 0) ends.push(counts.length);
  return ends;
}

/**
 * Writes into `codes` the bin of each value: the number of edges below it, or 255 for NaN. Cost 8 steps a value.
 * A value outside what the edges were found on falls into the first or last bin.
 */
export function encodeColumn(values: Float32Array, edges: Float32Array, codes: Uint8Array): void {
  const padded = new Float32Array(256).fill(Number.POSITIVE_INFINITY);
  padded.set(edges);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      codes[i] = MISSING_BIN;
      continue;
    }
    let below = 0;
    for (let step = 128; step > 0; step >>= 1) if (value > padded[below + step - 1]!) below += step;
    codes[i] = below;
  }
}
