import { BIN_STRIDE, MISSING_BIN } from './binned-set.js';
import type { Range } from './splitter.js';

/** The samples of a tree, ordered so that each node owns a range of positions. Class and weight move with the row, so that loops read them in order. */
export interface TreeSamples {
  readonly rows: Uint32Array;
  readonly labels: Uint16Array;
  readonly weights: Float64Array;
}

/** Class weights and sample counts by bin of one feature in one node. Empty between uses: who fills it clears it. */
export interface Histogram {
  readonly nClasses: number;
  /** Weight of class c in bin b, at b × nClasses + c. */
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
  /** The value bins that hold samples, ascending, in the first `nOccupied` places. */
  readonly occupied: Uint8Array;
  nOccupied: number;
}

/** Returns an empty histogram. */
export function createHistogram(nClasses: number): Histogram {
  return {
    nClasses,
    sums: new Float64Array(BIN_STRIDE * nClasses),
    counts: new Uint32Array(BIN_STRIDE),
    occupied: new Uint8Array(BIN_STRIDE),
    nOccupied: 0,
  };
}

/**
 * Adds the samples at positions `start` to `end` to an empty histogram, in ascending position, and lists the occupied
 * bins. `column` has the bin of every row. Small nodes pay for their samples, not for 256 bins.
 */
export function fillHistogram(
  histogram: Histogram,
  column: Uint8Array,
  samples: TreeSamples,
  { start, end }: Range,
): void {
  const { nClasses, sums, counts, occupied } = histogram;
  const { rows, labels, weights } = samples;
  let n = 0;
  for (let i = start; i < end; i++) {
    const bin = column[rows[i]!]!;
    if (counts[bin]!++ === 0) occupied[n++] = bin;
    const at = bin * nClasses + labels[i]!;
    sums[at] = sums[at]! + weights[i]!;
  }
  histogram.nOccupied = sortOccupied(occupied, n, counts);
}

/** Sorts the `n` bins that hold samples and returns how many of them are value bins. */
export function sortOccupied(occupied: Uint8Array, n: number, counts: Uint32Array): number {
  if (n <= 32) insertionSort(occupied, n);
  else {
    let at = 0;
    for (let bin = 0; bin < BIN_STRIDE; bin++) if (counts[bin]! > 0) occupied[at++] = bin;
  }
  return n > 0 && occupied[n - 1] === MISSING_BIN ? n - 1 : n;
}

function insertionSort(values: Uint8Array, n: number): void {
  for (let i = 1; i < n; i++) {
    const value = values[i]!;
    let j = i - 1;
    while (j >= 0 && values[j]! > value) {
      values[j + 1] = values[j]!;
      j--;
    }
    values[j + 1] = value;
  }
}

/** Empties the bins a fill touched. */
export function clearHistogram(histogram: Histogram): void {
  const { nClasses, sums, counts, occupied } = histogram;
  for (let k = 0; k < histogram.nOccupied; k++) clearBin(sums, counts, occupied[k]!, nClasses);
  clearBin(sums, counts, MISSING_BIN, nClasses);
  histogram.nOccupied = 0;
}

function clearBin(sums: Float64Array, counts: Uint32Array, bin: number, nClasses: number): void {
  counts[bin] = 0;
  for (let c = bin * nClasses; c < (bin + 1) * nClasses; c++) sums[c] = 0;
}
