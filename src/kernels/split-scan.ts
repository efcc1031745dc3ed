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
  /** Threshold that was drawn; null for the middle between the bins. */
  threshold: number | null;
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
    threshold: null,
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
  if (histogram.counts[MISSING_BIN]! > 0) scanSide(histogram, context, candidate, best, true);
}

/** One pass over the occupied bins, with the missing values on the left where `missingLeft`. */
function scanSide(
  histogram: Histogram,
  context: ScanContext,
  candidate: Candidate,
  best: BestSplit,
  missingLeft = false,
): void {
  const { nOccupied, counts } = histogram;
  const side = startSide(histogram, context, missingLeft);
  const last = counts[MISSING_BIN]! > 0 && !missingLeft ? nOccupied : nOccupied - 1;
  for (let k = 0; k < last; k++) {
    addBin(histogram, context, side, histogram.occupied[k]!);
    keepIfBetter(histogram, context, { ...candidate, k, side }, best);
  }
}

/** What lies on the left of a boundary; its class weights are in the context. */
export interface LeftSide {
  weight: number;
  count: number;
  readonly missingLeft: boolean;
}

/** Empties the left side but for the missing values, where they are on it. */
export function startSide(histogram: Histogram, context: ScanContext, missingLeft: boolean): LeftSide {
  context.left.fill(0);
  const side = { weight: 0, count: 0, missingLeft };
  if (missingLeft) addBin(histogram, context, side, MISSING_BIN);
  return side;
}

/** Moves a bin to the left side, class after class. */
export function addBin(histogram: Histogram, { left }: ScanContext, side: LeftSide, bin: number): void {
  const { nClasses, sums, counts } = histogram;
  side.count += counts[bin]!;
  for (let c = 0; c < nClasses; c++) {
    const sum = sums[bin * nClasses + c]!;
    left[c] = left[c]! + sum;
    side.weight += sum;
  }
}

/** Keeps the split after occupied bin `k` where it is allowed and better. Returns whether it is. */
export function keepIfBetter(
  { occupied, nOccupied, counts }: Histogram,
  context: ScanContext,
  at: Candidate & { readonly k: number; readonly side: LeftSide },
  best: BestSplit,
): boolean {
  const { entropy, minSamplesLeaf, minWeightLeaf, totals, totalWeight, totalCount, left, right } = context;
  const { weight: leftWeight, count: leftCount, missingLeft } = at.side;
  if (leftCount < minSamplesLeaf || totalCount - leftCount < minSamplesLeaf) return false;
  const rightWeight = totalWeight - leftWeight;
  if (leftWeight < minWeightLeaf || rightWeight < minWeightLeaf) return false;
  for (let c = 0; c < left.length; c++) right[c] = totals[c]! - left[c]!;
  const score =
    -rightWeight * impurity(right, rightWeight, entropy) - leftWeight * impurity(left, leftWeight, entropy);
  if (!(score > best.score)) return false;
  best.score = score;
  best.feature = at.feature;
  best.lastLeftBin = occupied[at.k]!;
  best.firstRightBin = at.k + 1 < nOccupied ? occupied[at.k + 1]! : -1;
  best.threshold = null;
  best.nan = counts[MISSING_BIN]! === 0 ? 'heavier' : missingLeft ? 'left' : 'right';
  best.levels = at.isCategorical ? { order: occupied.slice(0, nOccupied), nLeft: at.k + 1 } : null;
  best.leftSums.set(left);
  return true;
}
