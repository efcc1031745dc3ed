import { bestFeature, bestScore, resetBest } from './best';
import {
  chosen,
  constants,
  drawFeatures,
  entropy,
  kinds,
  maxFeatures,
  minImpurityDecrease,
  minSamplesLeaf,
  minWeightFraction,
  nClasses,
  nFeatures,
  order,
  randomSplits,
  totals,
} from './config';
import { bitmapOf, fillPairs, fillSums, hasMissing, pairHistogram } from './histogram';
import { impurity } from './impurity';
import { below } from './random';
import { packed } from './samples';
import { scanPairs } from './scan-pairs';
import { drawSplit } from './draw-split';
import { describeNode, scanSums } from './scan-sums';

export const EPSILON: f64 = 2.220446049250313e-16;
/** Whether the tree may use the pass over two classes with whole weights. */
let pairs: bool = false;

/** Forgets the tree before: features in their order, constant over all samples or not known to be. */
export function resetFeatures(count: u32): void {
  pairs = packed && !randomSplits && nClasses == 2 && !entropy && minSamplesLeaf <= 1 && minWeightFraction == 0;
  for (let f: u32 = 0; f < nFeatures; f++) {
    store<u32>(order + (<usize>f << 2), f);
    setConstant(f, 0, load<u8>(kinds + f) & 2 ? count : 0);
  }
}

function setConstant(feature: u32, start: u32, end: u32): void {
  store<u32>(constants + (<usize>feature << 3), start);
  store<u32>(constants + (<usize>feature << 3), end, 4);
}

/** Says whether a feature was found constant in a range of positions that holds the node. */
function isConstant(feature: u32, start: u32, end: u32): bool {
  return (
    load<u32>(constants + (<usize>feature << 3)) <= start && end <= load<u32>(constants + (<usize>feature << 3), 4)
  );
}

/** Returns the feature drawn `drawn`-th at this node. */
function drawFeature(drawn: u32): u32 {
  const here = order + (<usize>drawn << 2);
  const feature = load<u32>(here);
  if (!drawFeatures) return feature;
  const there = order + (<usize>(drawn + below(nFeatures - drawn)) << 2);
  const other = load<u32>(there);
  store<u32>(there, feature);
  store<u32>(here, other);
  return other;
}

/** Finds the best split of the samples from `start` to `end` with class weights at `totals`; returns its decrease of impurity, or -1 where the node stays a leaf. */
export function findSplit(start: u32, end: u32, weight: f64, rootWeight: f64): f64 {
  resetBest();
  describeNode(weight, end - start, rootWeight);
  let drawn: u32 = 0;
  while (drawn < nFeatures && (drawn < maxFeatures || bestFeature < 0)) {
    const upTo = drawn < maxFeatures ? min(maxFeatures, nFeatures) : drawn + 1;
    let n: u32 = 0;
    for (; drawn < upTo; drawn++) {
      const feature = drawFeature(drawn);
      if (isConstant(feature, start, end)) continue;
      store<u32>(chosen + (<usize>n << 2), feature);
      n++;
    }
    tryFeatures(start, end, n);
  }
  if (bestFeature < 0) return -1;
  const decrease = (weight * impurity(totals, weight) + bestScore) / rootWeight;
  return decrease + EPSILON < minImpurityDecrease ? -1 : max<f64>(0, decrease);
}

// @ts-ignore: decorator
@inline
function feature(i: u32): u32 {
  return load<u32>(chosen + (<usize>i << 2));
}

/** Looks at the first `n` features of `chosen`, three in a pass where that can be. */
function tryFeatures(start: u32, end: u32, n: u32): void {
  if (!pairs) {
    for (let i: u32 = 0; i < n; i++) trySums(feature(i), start, end);
    return;
  }
  for (let i: u32 = 0; i < n; i += 3) {
    const k = min<u32>(3, n - i);
    fillPairs(start, end, k, feature(i), feature(i + 1), feature(i + 2));
    for (let j: u32 = 0; j < k; j++) tryPairs(feature(i + j), j, start, end);
  }
}

function tryPairs(f: u32, k: u32, start: u32, end: u32): void {
  if (hasMissing(k) || load<u8>(kinds + f) & 1) {
    clearPairs(k);
    trySums(f, start, end);
  } else if (!scanPairs(f, pairHistogram(k), bitmapOf(k))) setConstant(f, start, end);
}

/** Empties a histogram that the pass over pairs cannot scan. */
function clearPairs(k: u32): void {
  memory.fill(pairHistogram(k), 0, 2048);
  memory.fill(bitmapOf(k), 0, 32);
}

function trySums(f: u32, start: u32, end: u32): void {
  fillSums(start, end, f);
  if (!(randomSplits ? drawSplit(f) : scanSums(f))) setConstant(f, start, end);
}
