import type { Xoshiro128 } from '../core/index.js';
import { BIN_STRIDE, type BinnedSet, MISSING_BIN } from './binned-set.js';
import { drawBelow } from './draw.js';
import { type BestSplit, type Candidate, keepIfBetter, type ScanContext, startSide } from './split-scan.js';
import type { NodeBins, Sides } from './splitter.js';

/** What one split is drawn from. */
interface DrawContext extends ScanContext {
  readonly set: BinnedSet;
  readonly generator: Xoshiro128;
}

/**
 * Draws one split of a feature and replaces `best` where it is better: a threshold anywhere between the lowest and the
 * highest value of the node, or for categories a set of any size (Geurts, Ernst and Wehenkel 2006). Missing values are
 * tried on the right, then on the left.
 */
export function drawSplit(
  bins: NodeBins & Sides,
  context: DrawContext,
  candidate: Candidate,
  best: BestSplit,
): void {
  const { nOccupied, counts } = bins;
  let k = 0;
  let threshold: number | null = null;
  if (nOccupied > 1) {
    if (candidate.isCategorical) k = drawLevels(bins, context.generator);
    else {
      const drawn = drawThreshold(bins, context, candidate.feature);
      k = lastAtOrBelow(bins, context.set, candidate.feature, drawn);
      const [low, high] = gap(bins, context.set, candidate.feature, k);
      if (low <= drawn && drawn < high) threshold = drawn;
    }
  }
  const sides = counts[MISSING_BIN]! > 0 && nOccupied > 1 ? [false, true] : [false];
  for (const missingLeft of sides) {
    startSide(bins, missingLeft);
    for (let i = 0; i <= k; i++) bins.moveLeft(bins.occupied[i]!);
    if (keepIfBetter(bins, context, { candidate, k, missingLeft }, best)) best.threshold = threshold;
  }
}

/** Puts the levels in a drawn order and returns the place of the last that goes left. */
function drawLevels({ occupied, nOccupied }: NodeBins, generator: Xoshiro128): number {
  for (let i = nOccupied - 1; i > 0; i--) {
    const j = drawBelow(generator, i + 1);
    const level = occupied[i]!;
    occupied[i] = occupied[j]!;
    occupied[j] = level;
  }
  return drawBelow(generator, nOccupied - 1);
}

/** Returns a float32 from the value of the lowest bin (included) to that of the highest (excluded). */
function drawThreshold(
  { occupied, nOccupied }: NodeBins,
  { set, generator }: DrawContext,
  feature: number,
): number {
  const base = feature * BIN_STRIDE;
  const low = set.lows[base + occupied[0]!]!;
  const high = set.highs[base + occupied[nOccupied - 1]!]!;
  const drawn = Math.fround(low + generator.nextDouble() * (high - low));
  return drawn < high ? drawn : low;
}

/** Returns the last occupied bin, but for the highest, whose values are all at or below the threshold; the lowest where there is none. */
function lastAtOrBelow(
  { occupied, nOccupied }: NodeBins,
  set: BinnedSet,
  feature: number,
  threshold: number,
): number {
  let last = 0;
  for (let k = 1; k + 1 < nOccupied; k++)
    if (set.highs[feature * BIN_STRIDE + occupied[k]!]! <= threshold) last = k;
  return last;
}

/** Returns the highest value of an occupied bin and the lowest of the next. */
function gap({ occupied }: NodeBins, set: BinnedSet, feature: number, k: number): [number, number] {
  const base = feature * BIN_STRIDE;
  return [set.highs[base + occupied[k]!]!, set.lows[base + occupied[k + 1]!]!];
}
