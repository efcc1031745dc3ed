import { MISSING_BIN } from './binned-set.js';
import { impurity } from './criterion.js';
import type { Histogram } from './histogram.js';

/** The best split found so far in a node; `feature` is -1 while there is none. */
export interface BestSplit {
  feature: number;
  /** Minus the weighted impurity of both children: the larger the better. */
  score: number;
  /** Bins up to this one go left. */
  lastLeftBin: number;
  /** The first occupied bin on the right, or -1 where only missing values go right. */
  firstRightBin: number;
  /** Whether missing values go left. */
  nanLeft: boolean;
}

/** What a scan needs to know of the node and the rules; `left` and `right` are scratch space of nClasses numbers. */
export interface ScanContext {
  readonly entropy: boolean;
  readonly minSamplesLeaf: number;
  readonly minWeightLeaf: number;
  /** Class weights of the node. */
  readonly totals: Float64Array;
  totalWeight: number;
  totalCount: number;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** Forgets the best split. */
export function resetBest(best: BestSplit): void {
  best.feature = -1;
  best.score = Number.NEGATIVE_INFINITY;
}

/**
 * Replaces `best` where `feature` splits the node better. Every boundary between two occupied bins is tried, with the
 * missing values on the right, then on the left, and the boundary between all values and the missing ones (the order and
 * the strict comparison are scikit-learn's). Where the node has no missing value they will follow the larger side.
 */
export function scanSplits(
  histogram: Histogram,
  context: ScanContext,
  feature: number,
  best: BestSplit,
): void {
  scanSide(histogram, context, feature, best);
  if (histogram.counts[MISSING_BIN]! > 0) scanSide(histogram, context, feature, best, MISSING_BIN);
}

/** One pass over the occupied bins, starting from what `firstBin` holds on the left (nothing, or the missing values). */
function scanSide(
  histogram: Histogram,
  context: ScanContext,
  feature: number,
  best: BestSplit,
  firstBin = -1,
): void {
  const { nClasses, sums, counts, occupied, nOccupied } = histogram;
  const { entropy, minSamplesLeaf, minWeightLeaf, totals, totalWeight, totalCount, left, right } = context;
  const nMissing = counts[MISSING_BIN]!;
  const missingLeft = firstBin === MISSING_BIN;
  let leftCount = 0;
  let leftWeight = 0;
  left.fill(0);
  if (missingLeft) {
    leftCount = nMissing;
    for (let c = 0; c < nClasses; c++) {
      const sum = sums[MISSING_BIN * nClasses + c]!;
      left[c] = sum;
      leftWeight += sum;
    }
  }
  const last = nMissing > 0 && !missingLeft ? nOccupied : nOccupied - 1;
  for (let k = 0; k < last; k++) {
    const bin = occupied[k]!;
    const at = bin * nClasses;
    leftCount += counts[bin]!;
    for (let c = 0; c < nClasses; c++) {
      const sum = sums[at + c]!;
      left[c] = left[c]! + sum;
      leftWeight += sum;
    }
    const rightCount = totalCount - leftCount;
    if (leftCount < minSamplesLeaf || rightCount < minSamplesLeaf) continue;
    const rightWeight = totalWeight - leftWeight;
    if (leftWeight < minWeightLeaf || rightWeight < minWeightLeaf) continue;
    for (let c = 0; c < nClasses; c++) right[c] = totals[c]! - left[c]!;
    const score =
      -rightWeight * impurity(right, rightWeight, entropy) - leftWeight * impurity(left, leftWeight, entropy);
    if (score > best.score) {
      best.score = score;
      best.feature = feature;
      best.lastLeftBin = bin;
      best.firstRightBin = k + 1 < nOccupied ? occupied[k + 1]! : -1;
      best.nanLeft = nMissing > 0 ? missingLeft : leftCount > rightCount;
    }
  }
}
