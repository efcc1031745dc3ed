import { keepThreshold } from './best';
import { bitmaps, counts, highs, kinds, leftSums, levels, lows, nClasses } from './config';
import { below, nextDouble } from './random';
import { addBin, emptySums, keepIfBetter, keepSet, listOccupied } from './scan-sums';

const MISSING: usize = 255;

/**
 * Draws one split of a feature from its float64 histogram, which it empties: a threshold anywhere between the lowest and
 * the highest value of the node, or for categories a set of any size (Geurts, Ernst and Wehenkel 2006). Missing values are
 * tried on the right, then on the left. Returns whether the node has more than one value.
 */
export function drawSplit(feature: u32): bool {
  const nOccupied = listOccupied();
  const hasMissing = (load<u64>(bitmaps, 24) >> 63) != 0;
  if (hasMissing) store<u64>(bitmaps, load<u64>(bitmaps, 24) & 0x7fffffffffffffff, 24);
  const several = nOccupied + <u32>hasMissing > 1;
  if (several) trySplit(feature, nOccupied, hasMissing);
  emptySums(nOccupied, hasMissing);
  return several;
}

function trySplit(feature: u32, nOccupied: u32, hasMissing: bool): void {
  const isSet = (load<u8>(kinds + feature) & 1) != 0;
  let last: u32 = 0;
  let threshold: f32 = NaN;
  if (nOccupied > 1) {
    if (isSet) last = drawLevels(nOccupied);
    else {
      threshold = drawThreshold(feature, nOccupied);
      last = lastAtOrBelow(feature, nOccupied, threshold);
      threshold = between(feature, last, threshold) ? threshold : NaN;
    }
  }
  let improved = trySide(feature, last, nOccupied, hasMissing, false);
  if (hasMissing && nOccupied > 1) improved = trySide(feature, last, nOccupied, true, true) || improved;
  if (!improved) return;
  if (isSet) keepSet();
  else keepThreshold(threshold);
}

/** Puts the levels in a drawn order and returns the place of the last that goes left. */
function drawLevels(n: u32): u32 {
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1);
    const level = load<u8>(levels + i);
    store<u8>(levels + i, load<u8>(levels + j));
    store<u8>(levels + j, level);
  }
  return below(n - 1);
}

/** Returns a value from that of the lowest bin (included) to that of the highest (excluded). */
function drawThreshold(feature: u32, nOccupied: u32): f32 {
  const low = lowOf(feature, 0);
  const high = highOf(feature, nOccupied - 1);
  const drawn = <f32>(<f64>low + nextDouble() * (<f64>high - <f64>low));
  return drawn < high ? drawn : low;
}

// @ts-ignore: decorator
@inline
function lowOf(feature: u32, k: u32): f32 {
  return load<f32>(lows + (<usize>feature << 10) + (<usize>load<u8>(levels + k) << 2));
}

// @ts-ignore: decorator
@inline
function highOf(feature: u32, k: u32): f32 {
  return load<f32>(highs + (<usize>feature << 10) + (<usize>load<u8>(levels + k) << 2));
}

/** Returns the last occupied bin, but for the highest, whose values are all at or below the threshold; the lowest where there is none. */
function lastAtOrBelow(feature: u32, nOccupied: u32, threshold: f32): u32 {
  let last: u32 = 0;
  for (let k: u32 = 1; k + 1 < nOccupied; k++) if (highOf(feature, k) <= threshold) last = k;
  return last;
}

/** Says whether a threshold lies between an occupied bin and the next. */
function between(feature: u32, k: u32, threshold: f32): bool {
  return highOf(feature, k) <= threshold && threshold < lowOf(feature, k + 1);
}

function trySide(feature: u32, last: u32, nOccupied: u32, hasMissing: bool, missingLeft: bool): bool {
  memory.fill(leftSums, 0, (<usize>nClasses) << 3);
  let weight: f64 = 0;
  let count: u32 = 0;
  if (missingLeft) {
    weight = addBin(MISSING, 0);
    count = load<u32>(counts + (MISSING << 2));
  }
  for (let k: u32 = 0; k <= last; k++) {
    const bin = <usize>load<u8>(levels + k);
    weight = addBin(bin, weight);
    count += load<u32>(counts + (bin << 2));
  }
  return keepIfBetter(feature, last, nOccupied, weight, count, hasMissing ? <u32>missingLeft : 2);
}
