import { MAX_BINS, MISSING_BIN } from './binned-set.js';

/** The bins of one feature: bin b holds the values from lows[b] to highs[b], all at or below edges[b] and above edges[b - 1]. */
export interface FeatureBins {
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** One fewer than there are bins, ascending. */
  readonly edges: Float32Array;
}

/** Values with sortable keys up to `upper`, `count` of them. */
interface Unit {
  readonly upper: number;
  readonly count: number;
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
 * bins of about equal numbers of samples. All values are counted and their order does not matter. Edges lie between
 * units of at most a 1024th of the samples, or of one value, so that a set of any size is counted in a few passes.
 */
export function findBins(values: Float32Array, maxBins: number = MAX_BINS): FeatureBins {
  const present = values.filter((v) => !Number.isNaN(v)).map((v) => v + 0);
  present.sort();
  const distinct = present.filter((v, i) => i === 0 || v !== present[i - 1]);
  if (distinct.length <= maxBins)
    return {
      lows: distinct,
      highs: distinct,
      edges: distinct.subarray(1).map((v, b) => midpoint(distinct[b]!, v)),
    };
  return describeBins(present, cutUnits(listUnits(sortableKeys(present)), present.length, maxBins));
}

/** Returns for each float32 a number from 0 to 2^32 - 1 that orders as it does. */
function sortableKeys(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return bits.map((b) => (b >>> 31 ? ~b : b | 0x80000000));
}

function valueOfKey(key: number): number {
  const bits = Uint32Array.of(key >= 0x80000000 ? key ^ 0x80000000 : ~key);
  return new Float32Array(bits.buffer)[0]!;
}

/**
 * Returns the units of ascending keys: those with the same top 16 bits, where they are more than a 1024th of all split
 * by the next four bits, and so on to the last.
 */
function listUnits(keys: Uint32Array): Unit[] {
  const units: Unit[] = [];
  const split = (start: number, end: number, shift: number): void => {
    for (let i = start; i < end; ) {
      const prefix = keys[i]! >>> shift;
      let next = i + 1;
      while (next < end && keys[next]! >>> shift === prefix) next++;
      const isHeavy = (next - i) * 1024 > keys.length;
      if (isHeavy && shift > 0) split(i, next, shift - 4);
      else units.push({ upper: (keys[i]! | (2 ** shift - 1)) >>> 0, count: next - i });
      i = next;
    }
  };
  split(0, keys.length, 16);
  return units;
}

/** Returns the edges: a bin closes once it holds its share of what is left. */
function cutUnits(units: readonly Unit[], nSamples: number, maxBins: number): Float32Array {
  const edges: number[] = [];
  let inBin = 0;
  let left = nSamples;
  for (const { upper, count } of units.slice(0, -1)) {
    inBin += count;
    const binsLeft = maxBins - edges.length;
    if (binsLeft <= 1 || inBin * binsLeft < left) continue;
    edges.push(valueOfKey(upper));
    left -= inBin;
    inBin = 0;
  }
  return Float32Array.from(edges);
}

function describeBins(sorted: Float32Array, edges: Float32Array): FeatureBins {
  const lows = new Float32Array(edges.length + 1);
  const highs = new Float32Array(edges.length + 1);
  let b = 0;
  lows[0] = sorted[0]!;
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i]! > (edges[b] ?? Number.POSITIVE_INFINITY)) lows[++b] = sorted[i]!;
    highs[b] = sorted[i]!;
  }
  return { lows, highs, edges };
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
