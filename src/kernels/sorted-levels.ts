import { BIN_STRIDE } from './binned-set.js';
import { STEPS, sortByScore } from './levels.js';
import type { SortedBins } from './sorted-bins.js';

/** A direction that changes by no more than this, its largest part being 1, is found. */
const FOUND = 1e-9;

/**
 * Sorts categories as `orderLevels` does for more than two classes, by the position of their class shares along the first
 * principal direction, but at the cost of the classes that each category has: O(steps × (pairs + classes of the node)). A
 * category stands for its shares less those of the node, `mean`: where it has none of a class only the mean is left, so
 * the part of the mean is worked out once for all categories. Deterministic.
 */
export class LevelSorter {
  private readonly mean: Float64Array;
  private direction: Float64Array;
  private next: Float64Array;
  /** Share of its category that each pair of the bins has. */
  private readonly shares: Float64Array;
  /** Weight of each category, in the order of the occupied bins, as is `positions`. */
  private readonly weights = new Float64Array(BIN_STRIDE);
  private readonly positions = new Float64Array(BIN_STRIDE);
  private nOwn = 0;

  /** `bins` are those whose categories will be sorted. */
  constructor(
    private readonly bins: SortedBins,
    nClasses: number,
  ) {
    this.mean = new Float64Array(nClasses);
    this.direction = new Float64Array(nClasses);
    this.next = new Float64Array(nClasses);
    this.shares = new Float64Array(bins.weights.length);
  }

  /** Sorts the occupied categories. `totals` has the weights of the node's own classes, which sum to `total`. */
  sort(totals: Float64Array, total: number): void {
    const { bins } = this;
    sortByScore(bins.occupied, this.score(totals, total).slice(0, bins.nOccupied));
  }

  /** Returns the positions of the occupied categories; the next call overwrites them. */
  score(totals: Float64Array, total: number): Float64Array {
    this.nOwn = totals.length;
    for (let c = 0; c < totals.length; c++) this.mean[c] = totals[c]! / total;
    this.share();
    this.positions.fill(0);
    this.positions[this.furthestOut()] = 1;
    this.combine();
    let change = Number.POSITIVE_INFINITY;
    for (let step = 0; step < STEPS && change > FOUND; step++) {
      this.project();
      for (let k = 0; k < this.bins.nOccupied; k++) this.positions[k]! *= this.weights[k]!;
      change = this.combine();
    }
    this.project();
    return this.positions.subarray(0, this.bins.nOccupied);
  }

  /** Works out the weight of each category and the shares of its classes. */
  private share(): void {
    const { shares, weights: ofLevels } = this;
    const { occupied, nOccupied, starts, ends, weights } = this.bins;
    for (let k = 0; k < nOccupied; k++) {
      const end = ends[occupied[k]!]!;
      let weight = 0;
      for (let i = starts[occupied[k]!]!; i < end; i++) weight += weights[i]!;
      ofLevels[k] = weight;
      for (let i = starts[occupied[k]!]!; i < end; i++) shares[i] = weights[i]! / weight;
    }
  }

  /** Returns the place of the category that is furthest from the mean, counting its weight. */
  private furthestOut(): number {
    const { mean, shares, weights, nOwn } = this;
    const { occupied, nOccupied, starts, ends, classes } = this.bins;
    let ofMean = 0;
    for (let c = 0; c < nOwn; c++) ofMean += mean[c]! * mean[c]!;
    let furthest = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < nOccupied; k++) {
      const end = ends[occupied[k]!]!;
      let size = ofMean;
      for (let i = starts[occupied[k]!]!; i < end; i++)
        size += shares[i]! * (shares[i]! - 2 * mean[classes[i]!]!);
      if (weights[k]! * size <= most) continue;
      most = weights[k]! * size;
      furthest = k;
    }
    return furthest;
  }

  /** Writes the position of each category along the direction. */
  private project(): void {
    const { mean, direction, shares, positions, nOwn } = this;
    const { occupied, nOccupied, starts, ends, classes } = this.bins;
    let ofMean = 0;
    for (let c = 0; c < nOwn; c++) ofMean += mean[c]! * direction[c]!;
    for (let k = 0; k < nOccupied; k++) {
      const end = ends[occupied[k]!]!;
      let position = 0;
      for (let i = starts[occupied[k]!]!; i < end; i++) position += shares[i]! * direction[classes[i]!]!;
      positions[k] = position - ofMean;
    }
  }

  /** Makes the sum of the categories, each as often as `positions` says, the direction; returns by how much that changed. */
  private combine(): number {
    const { mean, direction, next, shares, positions, nOwn } = this;
    const { occupied, nOccupied, starts, ends, classes } = this.bins;
    let all = 0;
    for (let k = 0; k < nOccupied; k++) all += positions[k]!;
    for (let c = 0; c < nOwn; c++) next[c] = -all * mean[c]!;
    for (let k = 0; k < nOccupied; k++) {
      const end = ends[occupied[k]!]!;
      for (let i = starts[occupied[k]!]!; i < end; i++) next[classes[i]!]! += positions[k]! * shares[i]!;
    }
    let largest = 0;
    for (let c = 0; c < nOwn; c++) largest = Math.max(largest, Math.abs(next[c]!));
    if (largest === 0) return 0;
    let change = 0;
    for (let c = 0; c < nOwn; c++) {
      next[c] = next[c]! / largest;
      change = Math.max(change, Math.abs(next[c]! - direction[c]!));
    }
    this.direction = next;
    this.next = direction;
    return change;
  }
}
