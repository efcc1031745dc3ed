import { BIN_STRIDE, MISSING_BIN } from './binned-set.js';
import { sortOccupied } from './histogram.js';
import type { NodeBins } from './splitter.js';

/** The samples of a node as its own classes: class k is the k-th that it has, ascending. */
export interface OwnSamples {
  readonly count: number;
  /** Class of each sample, ascending. */
  readonly classes: Uint16Array;
  /** Weight of each sample. */
  readonly weights: Float64Array;
}

/**
 * Class weights by bin of one feature in one node, as pairs of a class and its weight: those of bin b, in ascending
 * class, from `starts[b]` to `ends[b]`. Empty between uses: who fills it clears it.
 */
export class SortedBins implements NodeBins {
  readonly counts = new Uint32Array(BIN_STRIDE);
  readonly occupied = new Uint8Array(BIN_STRIDE);
  nOccupied = 0;
  readonly starts = new Uint32Array(BIN_STRIDE);
  readonly ends = new Uint32Array(BIN_STRIDE);
  readonly classes: Uint16Array;
  readonly weights: Float64Array;
  /** Bin of each sample. */
  private readonly bins: Uint8Array;

  constructor(nSamples: number) {
    this.classes = new Uint16Array(nSamples);
    this.weights = new Float64Array(nSamples);
    this.bins = new Uint8Array(nSamples);
  }

  /**
   * Sorts the samples of a node by bin: a counting sort, which leaves those of a bin in ascending class. `column` has the
   * bin of every row, `rows` the rows of the node. Cost O(samples + 256), whatever the number of classes.
   */
  fill(column: Uint8Array, rows: Uint32Array, samples: OwnSamples): void {
    const { counts, occupied, bins } = this;
    let n = 0;
    for (let i = 0; i < samples.count; i++) {
      const bin = column[rows[i]!]!;
      bins[i] = bin;
      if (counts[bin]!++ === 0) occupied[n++] = bin;
    }
    this.nOccupied = sortOccupied(occupied, n, counts);
    this.placeBins();
    for (let i = 0; i < samples.count; i++) this.add(bins[i]!, samples.classes[i]!, samples.weights[i]!);
  }

  /** Empties the bins a fill touched. */
  clear(): void {
    const { counts, occupied, nOccupied } = this;
    for (let k = 0; k < nOccupied; k++) counts[occupied[k]!] = 0;
    counts[MISSING_BIN] = 0;
    this.nOccupied = 0;
  }

  /** Gives every bin as much room as it has samples. */
  private placeBins(): void {
    const { counts, occupied, starts, ends } = this;
    let at = 0;
    for (let k = 0; k < this.nOccupied; k++) {
      const bin = occupied[k]!;
      starts[bin] = at;
      ends[bin] = at;
      at += counts[bin]!;
    }
    starts[MISSING_BIN] = at;
    ends[MISSING_BIN] = at;
  }

  /** Adds a sample to a bin, whose classes it does not come before. */
  private add(bin: number, c: number, weight: number): void {
    const { classes, weights, ends } = this;
    const end = ends[bin]!;
    if (end > this.starts[bin]! && classes[end - 1] === c) {
      weights[end - 1] = weights[end - 1]! + weight;
      return;
    }
    classes[end] = c;
    weights[end] = weight;
    ends[bin] = end + 1;
  }
}
