import { MISSING_BIN } from './binned-set.js';
import { impurity } from './criterion.js';
import type { Histogram } from './histogram.js';
import { orderLevels } from './levels.js';

/** Where the missing values of a split go: to a side that was tried, or, as the node has none, to the heavier one. */
export type NanSide = 'left' | 'right' | 'heavier';

/** The best split found so far in a node; `feature` is -1 while there is none. */
export interface BestSplit {
  feature: number;
  /** Minus the weighted impurity of both children: the larger the better. */
  score: number;
  /** Bins up to this one go left (a split by threshold). */
  lastLeftBin: number;
  /** The first occupied bin on the right, or -1 where only missing values go right (a split by threshold). */
  firstRightBin: number;
  nan: NanSide;
  /** The categories of the node in the order of the split, and how many of them go left; null for a split by threshold. */
  levels: { readonly order: Uint8Array; readonly nLeft: number } | null;
  /** Class weights on the left. */
  readonly leftSums: Float64Array;
}

/** What a scan needs to know of the node and the rules; `left` and `right` are scratch space of nClasses numbers. */
export interface ScanContext {
  readonly entropy: boolean;
  readonly minSamplesLeaf: number;
  minWeightLeaf: number;
  /** Class weights of the node. */
  readonly totals: Float64Array;
  totalWeight: number;
  totalCount: number;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** Returns no split yet. */
export function createBest(nClasses: number): BestSplit {
  return {
    feature: -1,
    score: Number.NEGATIVE_INFINITY,
    lastLeftBin: 0,
    firstRightBin: 0,
    nan: 'heavier',
    levels: null,
    leftSums: new Float64Array(nClasses),
  };
}

/** A feature to look at. */
export interface Candidate {
  readonly feature: number;
  readonly isCategorical: boolean;
}

/**
 * Replaces `best` where the feature splits the node better. Every boundary between two occupied bins is tried, with the
 * missing values on the right, then on the left, and the boundary between all values and the missing ones (the order and
 * the strict comparison are scikit-learn's). Categories are put in the order of their classes first.
 */
export function scanSplits(
  histogram: Histogram,
  context: ScanContext,
  candidate: Candidate,
  best: BestSplit,
): void {
  if (candidate.isCategorical) orderLevels(histogram, context.totals);
  scanSide(histogram, context, candidate, best);
  if (histogram.counts[MISSING_BIN]! > 0) scanSide(histogram, context, candidate, best, MISSING_BIN);
}

/** One pass over the occupied bins, starting from what `firstBin` holds on the left (nothing, or the missing values). */
function scanSide(
  histogram: Histogram,
  context: ScanContext,
  candidate: Candidate,
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
    if (!(score > best.score)) continue;
    best.score = score;
    best.feature = candidate.feature;
    best.lastLeftBin = bin;
    best.firstRightBin = k + 1 < nOccupied ? occupied[k + 1]! : -1;
    best.nan = nMissing === 0 ? 'heavier' : missingLeft ? 'left' : 'right';
    best.levels = candidate.isCategorical ? { order: occupied.slice(0, nOccupied), nLeft: k + 1 } : null;
    best.leftSums.set(left);
  }
}
