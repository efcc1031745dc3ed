import { bestScore, keepBest, keepSums } from './best';
import {
  bestSet,
  bitmaps,
  counts,
  histograms,
  kinds,
  leftSums,
  levels,
  minSamplesLeaf,
  minWeightFraction,
  nClasses,
  rightSums,
  totals,
} from './config';
import { impurity } from './impurity';
import { orderLevels } from './levels';

const MISSING: usize = 255;
let minWeightLeaf: f64 = 0;
let totalWeight: f64 = 0;
let totalCount: u32 = 0;

/** Tells the scans the weight and the samples of the node, and the weight a leaf must have. */
export function describeNode(weight: f64, count: u32, rootWeight: f64): void {
  totalWeight = weight;
  totalCount = count;
  minWeightLeaf = minWeightFraction * rootWeight;
}

/**
 * Looks for the best split of one feature from the float64 histogram, which it empties: every boundary between two
 * occupied bins with the missing values on the right, then on the left, and that between all values and the missing ones.
 * The levels of a category are put in the order of their classes first. Returns whether the node has more than one value.
 */
export function scanSums(feature: u32): bool {
  const nOccupied = listOccupied();
  const hasMissing = (load<u64>(bitmaps, 24) >> 63) != 0;
  if (hasMissing) store<u64>(bitmaps, load<u64>(bitmaps, 24) & 0x7fffffffffffffff, 24);
  const several = nOccupied + <u32>hasMissing > 1;
  if (several) {
    const isSet = load<u8>(kinds + feature) & 1;
    if (isSet) orderLevels(nOccupied);
    let improved = scanSide(feature, nOccupied, hasMissing, false);
    if (hasMissing) improved = scanSide(feature, nOccupied, true, true) || improved;
    if (improved && isSet) keepSet();
  }
  emptySums(nOccupied, hasMissing);
  return several;
}

/** Writes the occupied value bins in ascending order to `levels` and returns their number. */
export function listOccupied(): u32 {
  let n: u32 = 0;
  for (let w: usize = 0; w < 4; w++) {
    let bits = load<u64>(bitmaps + (w << 3));
    if (w == 3) bits &= 0x7fffffffffffffff;
    while (bits != 0) {
      store<u8>(levels + n, (w << 6) + <usize>ctz(bits));
      bits &= bits - 1;
      n++;
    }
  }
  return n;
}

/** Adds a bin to the left sums and returns its weight added to `weight`, class after class. */
export function addBin(bin: usize, weight: f64): f64 {
  const from = histograms + ((bin * <usize>nClasses) << 3);
  const end = (<usize>nClasses) << 3;
  for (let c: usize = 0; c < end; c += 8) {
    const sum = load<f64>(from + c);
    store<f64>(leftSums + c, load<f64>(leftSums + c) + sum);
    weight += sum;
  }
  return weight;
}

/** One pass over the occupied bins; with `missingLeft` it starts from the missing values on the left. */
function scanSide(feature: u32, nOccupied: u32, hasMissing: bool, missingLeft: bool): bool {
  memory.fill(leftSums, 0, (<usize>nClasses) << 3);
  let leftWeight: f64 = 0;
  let leftCount: u32 = 0;
  if (missingLeft) {
    leftWeight = addBin(MISSING, 0);
    leftCount = load<u32>(counts + (MISSING << 2));
  }
  const end = hasMissing && !missingLeft ? nOccupied : nOccupied - 1;
  let improved = false;
  for (let k: u32 = 0; k < end; k++) {
    const bin = <usize>load<u8>(levels + k);
    leftWeight = addBin(bin, leftWeight);
    leftCount += load<u32>(counts + (bin << 2));
    if (keepIfBetter(feature, k, nOccupied, leftWeight, leftCount, hasMissing ? <u32>missingLeft : 2)) improved = true;
  }
  return improved;
}

/** Keeps the split after occupied bin `k`, whose left class weights are at leftSums, where it is allowed and better. */
export function keepIfBetter(feature: u32, k: u32, nOccupied: u32, leftWeight: f64, leftCount: u32, nan: u32): bool {
  if (minSamplesLeaf > 1 && (leftCount < minSamplesLeaf || totalCount - leftCount < minSamplesLeaf)) return false;
  const rightWeight = totalWeight - leftWeight;
  if (leftWeight < minWeightLeaf || rightWeight < minWeightLeaf) return false;
  const bytes = (<usize>nClasses) << 3;
  for (let c: usize = 0; c < bytes; c += 8)
    store<f64>(rightSums + c, load<f64>(totals + c) - load<f64>(leftSums + c));
  const score = -rightWeight * impurity(rightSums, rightWeight) - leftWeight * impurity(leftSums, leftWeight);
  if (!(score > bestScore)) return false;
  const first: i32 = k + 1 < nOccupied ? load<u8>(levels + k + 1) : -1;
  keepBest(feature, score, load<u8>(kinds + feature) & 1 ? k : <u32>load<u8>(levels + k), first, nan);
  keepSums(leftSums);
  return true;
}

/** Keeps the levels in their order, so that the split's set can be written once it is chosen. */
export function keepSet(): void {
  memory.copy(bestSet, levels, 256);
  memory.copy(bestSet + 256, bitmaps, 32);
}

/** Empties the histogram. */
export function emptySums(nOccupied: u32, hasMissing: bool): void {
  for (let k: u32 = 0; k < nOccupied; k++) clearBin(load<u8>(levels + k));
  if (hasMissing) clearBin(MISSING);
  memory.fill(bitmaps, 0, 32);
}

function clearBin(bin: usize): void {
  memory.fill(histograms + ((bin * <usize>nClasses) << 3), 0, (<usize>nClasses) << 3);
  store<u32>(counts + (bin << 2), 0);
}
