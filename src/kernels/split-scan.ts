import { MISSING_BIN } from './binned-set.js';
import type { NodeBins, Sides } from './splitter.js';

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
  /** Where missing values go: to the side that was tried, or, where the node has none, to the heavier one. */
  nanLeft: boolean;
  /** The categories of the node in the order of the split, and how many of them go left; null for a split by threshold. */
  levels: { readonly order: Uint8Array; readonly nLeft: number } | null;
}

/** What a scan needs to know of the node and the rules. */
export interface ScanContext {
  readonly minSamplesLeaf: number;
  minWeightLeaf: number;
  totalWeight: number;
  totalCount: number;
}

/** Returns no split yet. */
export function createBest(): BestSplit {
  return {
    feature: -1,
    score: Number.NEGATIVE_INFINITY,
    lastLeftBin: 0,
    firstRightBin: 0,
    threshold: null,
    nanLeft: false,
    levels: null,
  };
}

/** A feature to look at. */
export interface Candidate {
  readonly feature: number;
  readonly isCategorical: boolean;
}

/**
 * Replaces `best` where the feature, whose bins are filled, splits the node better. Every boundary between two occupied
 * bins is tried, with the missing values on the right, then on the left, and the boundary between all values and the
 * missing ones (the order and the strict comparison are scikit-learn's). Categories are in their order already.
 */
export function scanSplits(
  bins: NodeBins & Sides,
  context: ScanContext,
  candidate: Candidate,
  best: BestSplit,
): void {
  scanSide(bins, context, candidate, best);
  if (bins.counts[MISSING_BIN]! > 0) scanSide(bins, context, candidate, best, true);
}

/** One pass over the occupied bins, with the missing values on the left where `missingLeft`. */
function scanSide(
  bins: NodeBins & Sides,
  context: ScanContext,
  candidate: Candidate,
  best: BestSplit,
  missingLeft = false,
): void {
  const { nOccupied, occupied, counts } = bins;
  startSide(bins, missingLeft);
  const last = counts[MISSING_BIN]! > 0 && !missingLeft ? nOccupied : nOccupied - 1;
  for (let k = 0; k < last; k++) {
    bins.moveLeft(occupied[k]!);
    keepIfBetter(bins, context, { candidate, k, missingLeft }, best);
  }
}

/** Empties the left side but for the missing values, where they are on it. */
export function startSide(bins: Sides, missingLeft: boolean): void {
  bins.reset();
  if (missingLeft) bins.moveLeft(MISSING_BIN);
}

/** Keeps the split after occupied bin `k` where it is allowed and better. Returns whether it is. */
export function keepIfBetter(
  bins: NodeBins & Sides,
  context: ScanContext,
  at: { readonly candidate: Candidate; readonly k: number; readonly missingLeft: boolean },
  best: BestSplit,
): boolean {
  const { minSamplesLeaf, minWeightLeaf, totalWeight, totalCount } = context;
  const { leftWeight, leftCount } = bins;
  if (leftCount < minSamplesLeaf || totalCount - leftCount < minSamplesLeaf) return false;
  if (leftWeight < minWeightLeaf || totalWeight - leftWeight < minWeightLeaf) return false;
  const score = bins.score();
  if (!(score > best.score)) return false;
  const { occupied, nOccupied, counts } = bins;
  const { feature, isCategorical } = at.candidate;
  // The bins of a feature keep their order, so that it is copied once.
  const order = best.feature === feature && best.levels ? best.levels.order : null;
  best.score = score;
  best.feature = feature;
  best.lastLeftBin = occupied[at.k]!;
  best.firstRightBin = at.k + 1 < nOccupied ? occupied[at.k + 1]! : -1;
  best.threshold = null;
  best.nanLeft = counts[MISSING_BIN]! > 0 ? at.missingLeft : bins.isLeftHeavier();
  best.levels = isCategorical ? { order: order ?? occupied.slice(0, nOccupied), nLeft: at.k + 1 } : null;
  return true;
}
