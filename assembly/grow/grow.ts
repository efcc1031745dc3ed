import { bestFeature, bestFirst, bestLast, bestNan, bestThreshold } from './best';
import {
  bestSet,
  bestSums,
  events,
  eventsBytes,
  highs,
  kinds,
  leftSums,
  lows,
  maxDepth,
  maxLeafNodes,
  minSamplesLeaf,
  minSamplesSplit,
  minWeightFraction,
  nClasses,
  rightSums,
  samples,
  stack,
  stop,
  totals,
} from './config';
import { EPSILON, findSplit, resetFeatures } from './find-split';
import { keepOpen, nOpen, resetOpen, takeBest } from './frontier';
import { labelOf, weightOf } from './histogram';
import { impurity } from './impurity';
import { partition, partitionBySet } from './partition';
import { base, enterPlace, featureStride, level, placeColumns, rowStride, setPlace } from './place';
import { gatherSamples, isWhole, packed } from './samples';

/** What `grow` returns. */
const DONE: i32 = 0;
const EVENTS_FULL: i32 = 1;
const STOPPED: i32 = 2;
/** Bytes of an event before its class weights: node, feature, threshold, flags, then the 256 bits of a set. */
const EVENT_HEAD: usize = 48;
/** Bytes of an entry of the stack before its class weights: start, end, depth, node, base, strides, level. */
const ENTRY_HEAD: usize = 32;
/** Weight up to which whole numbers add up without rounding. */
const MOST_WHOLE_WEIGHT: f64 = 9007199254740992;
const LARGEST: f32 = 3.4028234663852886e38;

let top: usize = 0;
let nNodes: u32 = 0;
let nEvents: u32 = 0;
let rootWeight: f64 = 0;
let nLeaves: u32 = 0;
let nodeDepth: u32 = 0;
let nodeId: u32 = 0;
/** Whether children are ordered by their weight. */
let byWeight: bool = false;

/** Draws the samples of tree `tree` and opens its root, whose class weights it leaves at `totals`. Returns the number of samples. */
export function startTree(randomState: u32, tree: u32): u32 {
  const count = gatherSamples(randomState, tree);
  resetFeatures(count);
  placeColumns();
  sumClasses(0, count, totals);
  rootWeight = weigh(totals);
  byWeight = isWhole && rootWeight <= MOST_WHOLE_WEIGHT;
  top = stack;
  nNodes = 1;
  nEvents = 0;
  resetOpen();
  nLeaves = 1;
  offer(0, count, 0, 0, totals);
  return count;
}

/** Opens a node that may be split: on the stack, or with its best split among the nodes that grow best first. */
function offer(start: u32, end: u32, depth: u32, node: u32, sums: usize): void {
  if (isLeaf(sums, end - start, depth)) return;
  if (maxLeafNodes == 0) {
    push(start, end, depth, node, sums);
    return;
  }
  copySums(totals, sums);
  const decrease = findSplit(start, end, weigh(totals), rootWeight);
  if (decrease >= 0) keepOpen(start, end, depth, node, decrease);
}

/** Returns the number of events written since it was last asked, and starts writing them from the front again. */
export function takeEvents(): u32 {
  const n = nEvents;
  nEvents = 0;
  return n;
}

/** Splits the best of the open nodes until there are as many leaves as there may be, or as `grow` says. */
function growBestFirst(): i32 {
  const eventBytes = EVENT_HEAD + ((<usize>nClasses) << 4);
  while (nLeaves < maxLeafNodes && nOpen > 0) {
    if (<usize>(nEvents + 1) * eventBytes > eventsBytes) return EVENTS_FULL;
    if (atomic.load<u32>(stop) != 0) return STOPPED;
    const entry = takeBest();
    nodeDepth = load<u32>(entry, 8);
    nodeId = load<u32>(entry, 12);
    nLeaves++;
    split(load<u32>(entry), load<u32>(entry, 4));
  }
  return DONE;
}

/** Grows depth first, the smaller child before the larger one, until the tree is done, the events are full, or it is told to stop. */
export function grow(): i32 {
  if (maxLeafNodes > 0) return growBestFirst();
  const eventBytes = EVENT_HEAD + ((<usize>nClasses) << 4);
  while (top > stack) {
    if (<usize>(nEvents + 1) * eventBytes > eventsBytes) return EVENTS_FULL;
    if (atomic.load<u32>(stop) != 0) return STOPPED;
    const entry = pop();
    const start = load<u32>(entry);
    const end = load<u32>(entry, 4);
    if (findSplit(start, end, weigh(totals), rootWeight) < 0) continue;
    split(start, end);
  }
  return DONE;
}

// @ts-ignore: decorator
@inline
function entryBytes(): usize {
  return ENTRY_HEAD + ((<usize>nClasses) << 3);
}

function push(start: u32, end: u32, depth: u32, node: u32, sums: usize): void {
  store<u32>(top, start);
  store<u32>(top, end, 4);
  store<u32>(top, depth, 8);
  store<u32>(top, node, 12);
  store<u32>(top, <u32>base, 16);
  store<u32>(top, featureStride, 20);
  store<u32>(top, rowStride, 24);
  store<u32>(top, level, 28);
  copySums(top + ENTRY_HEAD, sums);
  top += entryBytes();
}

/** Makes the entry on top the node at hand and returns its address. */
function pop(): usize {
  top -= entryBytes();
  setPlace(<usize>load<u32>(top, 16), load<u32>(top, 20), load<u32>(top, 24), load<u32>(top, 28));
  nodeDepth = load<u32>(top, 8);
  nodeId = load<u32>(top, 12);
  copySums(totals, top + ENTRY_HEAD);
  enterPlace(load<u32>(top), load<u32>(top, 4) - load<u32>(top));
  return top;
}

// @ts-ignore: decorator
@inline
function copySums(to: usize, from: usize): void {
  const bytes = (<usize>nClasses) << 3;
  for (let c: usize = 0; c < bytes; c += 8) store<f64>(to + c, load<f64>(from + c));
}

/** Returns the sum of class weights, class after class. */
function weigh(sums: usize): f64 {
  let weight: f64 = 0;
  for (let c: usize = 0; c < <usize>nClasses; c++) weight += load<f64>(sums + (c << 3));
  return weight;
}

/** Sums the classes of the samples from `start` to `end` in ascending position. */
function sumClasses(start: u32, end: u32, sums: usize): void {
  memory.fill(sums, 0, (<usize>nClasses) << 3);
  for (let i = start; i < end; i++) {
    const word = load<u32>(samples + (<usize>i << 2));
    const at = sums + (<usize>labelOf(word) << 3);
    store<f64>(at, load<f64>(at) + weightOf(word));
  }
}

/** Says whether a node is a leaf whatever its samples hold. */
function isLeaf(sums: usize, count: u32, depth: u32): bool {
  if (depth >= maxDepth || count < minSamplesSplit || count < 2 * minSamplesLeaf) return true;
  const weight = weigh(sums);
  return weight < 2 * minWeightFraction * rootWeight || impurity(sums, weight) <= EPSILON;
}

/** Splits the node at hand by the best split: writes the event, moves the samples, and puts the children that may be split on the stack. */
function split(start: u32, end: u32): void {
  const depth = nodeDepth + 1;
  const left = nNodes;
  nNodes += 2;
  const bytes = (<usize>nClasses) << 3;
  copySums(leftSums, bestSums);
  for (let c: usize = 0; c < bytes; c += 8)
    store<f64>(rightSums + c, load<f64>(totals + c) - load<f64>(leftSums + c));
  const nanLeft = bestNan == 2 ? weigh(leftSums) > weigh(rightSums) : bestNan == 1;
  const event = events + <usize>nEvents * (EVENT_HEAD + 2 * bytes);
  nEvents++;
  const isSet = (load<u8>(kinds + <usize>bestFeature) & 1) != 0;
  store<u32>(event, nodeId);
  store<u32>(event, bestFeature, 4);
  store<f32>(event, isSet ? 0 : threshold(), 8);
  store<u32>(event, <u32>nanLeft | (<u32>isSet << 1), 12);
  if (isSet) writeSet(event + 16, nanLeft);
  // Whole weights add up the same in any order; others are summed again by position, after the samples have moved.
  const mayGrow = depth < maxDepth && !(packed && isLeaf(leftSums, 0x7fffffff, 0) && isLeaf(rightSums, 0x7fffffff, 0));
  if (mayGrow || !packed) {
    const middle = isSet ? partitionBySet(start, end, event + 16) : partition(start, end, nanLeft);
    if (!packed) {
      sumClasses(start, middle, leftSums);
      sumClasses(middle, end, rightSums);
    }
    copySums(event + EVENT_HEAD, leftSums);
    copySums(event + EVENT_HEAD + bytes, rightSums);
    // The larger child lies deeper, so the stack never holds more than one entry for each halving of the samples, or of
    // their weight where it is whole: then a weight of 2 draws what two rows draw.
    const leftIsLarger =
      maxLeafNodes > 0 || (byWeight ? weigh(leftSums) > weigh(rightSums) : middle - start > end - middle);
    if (leftIsLarger) offer(start, middle, depth, left, event + EVENT_HEAD);
    offer(middle, end, depth, left + 1, event + EVENT_HEAD + bytes);
    if (!leftIsLarger) offer(start, middle, depth, left, event + EVENT_HEAD);
    return;
  }
  copySums(event + EVENT_HEAD, leftSums);
  copySums(event + EVENT_HEAD + bytes, rightSums);
}

/** Returns the float32 t with low ≤ t < high between the bins on both sides, as kernels/binning.ts does, or the one that was drawn. */
function threshold(): f32 {
  if (bestThreshold == bestThreshold) return bestThreshold;
  if (bestFirst < 0) return LARGEST;
  const at = <usize>bestFeature << 10;
  const low = load<f32>(highs + at + (<usize>bestLast << 2));
  const high = load<f32>(lows + at + (<usize>bestFirst << 2));
  const middle = <f32>((<f64>low + <f64>high) / 2);
  return (middle < high ? middle : low) + 0;
}

/** Writes the levels that go left: those of the split, and where missing values go left also those the node has none of. */
function writeSet(set: usize, nanLeft: bool): void {
  memory.fill(set, 0, 32);
  for (let k: u32 = 0; k <= bestLast; k++) {
    const bin = <usize>load<u8>(bestSet + k);
    store<u8>(set + (bin >> 3), load<u8>(set + (bin >> 3)) | (1 << (<u8>bin & 7)));
  }
  if (!nanLeft) return;
  const here = bestSet + 256;
  for (let w: usize = 0; w < 32; w += 8)
    store<u64>(set + w, load<u64>(set + w) | ~load<u64>(here + w));
}
