import {
  balancedSubsample,
  cumulative,
  labels,
  leftSums,
  nClasses,
  nDraws,
  nSamples,
  samples,
  sampleWeights,
  scratch,
  treeWeights,
} from './config';
import { below, countDraws, nextDouble, seed } from './random';

/**
 * Whether a sample is one word of row, class and weight, from the low bits up. Otherwise the word is the row, its class
 * is read from `labels` and its weight from `treeWeights`: for weights that are no small whole numbers.
 */
export let packed: bool = false;
/** Low bits of a packed word that hold the row, and the bits after them that hold the class. */
export let rowBits: u32 = 0;
export let labelBits: u32 = 0;
export let rowMask: u32 = 0;
/** Whether all weights are whole numbers. */
export let isWhole: bool = false;

function bitsFor(count: u32): u32 {
  return count <= 1 ? 0 : 32 - clz<u32>(count - 1);
}

/** Seeds the stream of tree `tree`, draws its bootstrap, writes its samples in ascending order of their rows, and returns their number. */
export function gatherSamples(randomState: u32, tree: u32): u32 {
  seed(randomState, tree);
  rowBits = bitsFor(nSamples);
  labelBits = bitsFor(nClasses);
  rowMask = <u32>((<u64>1 << rowBits) - 1);
  packed = rowBits + labelBits < 32;
  isWhole = true;
  if (nDraws == 0) {
    packed = packed && sampleWeights == 0;
    return packed ? packAll() : keepWeighted(sampleWeights);
  }
  packed = packed && cumulative == 0 && !balancedSubsample;
  if (packed) {
    const count = drawPacked();
    if (count > 0) return count;
    packed = false;
    seed(randomState, tree);
  }
  drawWide();
  return keepWeighted(treeWeights);
}

function packAll(): u32 {
  const one = <u32>1 << (rowBits + labelBits);
  for (let row: u32 = 0; row < nSamples; row++)
    store<u32>(samples + (<usize>row << 2), row | (classOf(row) << rowBits) | one);
  return nSamples;
}

// @ts-ignore: decorator
@inline
export function classOf(row: u32): u32 {
  return <u32>load<u16>(labels + (<usize>row << 1));
}

/** Draws with a byte a row; returns 0 where a count does not fit its bits in the word, or went round in its byte. */
function drawPacked(): u32 {
  const draws = scratch;
  memory.fill(draws, 0, nSamples);
  countDraws(nDraws, nSamples, draws);
  const shift = rowBits + labelBits;
  let at = samples;
  let all: u32 = 0;
  let sum: u32 = 0;
  for (let row: u32 = 0; row < nSamples; row++) {
    const drawn = <u32>load<u8>(draws + row);
    store<u32>(at, row | (classOf(row) << rowBits) | (drawn << shift));
    at += <usize>(drawn != 0) << 2;
    all |= drawn;
    sum += drawn;
  }
  const fits = shift <= 24 || all >> (32 - shift) == 0;
  return fits && sum == nDraws ? <u32>((at - samples) >> 2) : 0;
}

/** Draws into `treeWeights`, in proportion to the weights where there are any. */
function drawWide(): void {
  memory.fill(treeWeights, 0, (<usize>nSamples) << 3);
  const total = cumulative == 0 ? 0 : load<f64>(cumulative + ((<usize>(nSamples - 1)) << 3));
  for (let i: u32 = 0; i < nDraws; i++) {
    const row = cumulative == 0 ? below(nSamples) : firstAbove(nextDouble() * total);
    const at = treeWeights + ((<usize>row) << 3);
    store<f64>(at, load<f64>(at) + 1);
  }
  if (balancedSubsample) balance();
}

/** Returns the first row whose running sum is above `target`, so that rows of weight 0 are never drawn. */
function firstAbove(target: f64): u32 {
  let low: u32 = 0;
  let high = nSamples - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(cumulative + ((<usize>middle) << 3)) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Multiplies each row's draws by all draws / (classes drawn × draws of its class). */
function balance(): void {
  const byClass = leftSums;
  memory.fill(byClass, 0, (<usize>nClasses) << 3);
  let total: f64 = 0;
  for (let row: u32 = 0; row < nSamples; row++) {
    const drawn = load<f64>(treeWeights + ((<usize>row) << 3));
    const at = byClass + ((<usize>classOf(row)) << 3);
    store<f64>(at, load<f64>(at) + drawn);
    total += drawn;
  }
  let present: f64 = 0;
  for (let c: u32 = 0; c < nClasses; c++) if (load<f64>(byClass + ((<usize>c) << 3)) > 0) present += 1;
  for (let row: u32 = 0; row < nSamples; row++) {
    const at = treeWeights + ((<usize>row) << 3);
    const drawn = load<f64>(at);
    if (drawn > 0) store<f64>(at, drawn * (total / (present * load<f64>(byClass + ((<usize>classOf(row)) << 3)))));
  }
}

/** Lists the rows of weight above 0; without weights all are 1. Weights are read from `treeWeights` from here on. */
function keepWeighted(weights: usize): u32 {
  if (weights != treeWeights) {
    for (let row: u32 = 0; row < nSamples; row++) {
      const weight: f64 = weights == 0 ? 1 : load<f64>(weights + ((<usize>row) << 3));
      store<f64>(treeWeights + ((<usize>row) << 3), weight);
    }
  }
  let at = samples;
  for (let row: u32 = 0; row < nSamples; row++) {
    const weight = load<f64>(treeWeights + ((<usize>row) << 3));
    if (weight != floor(weight)) isWhole = false;
    store<u32>(at, row);
    at += <usize>(weight > 0) << 2;
  }
  rowMask = 0xffffffff;
  return <u32>((at - samples) >> 2);
}
