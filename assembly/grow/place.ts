import { blocks, blockShift, columns, nBlocks, nSamples, rowBytes, rows, samples } from './config';
import { packed, rowMask } from './samples';

/**
 * Where the node at hand reads its bin codes: that of feature f and row r is at base + f × featureStride + r × rowStride.
 * A large node reads column after column, which the processor sees coming. When a node has few of the rows of its place
 * left, and so would fetch a cache line for every code, its rows are copied side by side into a block; the words of its
 * samples then hold the number of the row in that block. Block k has room for nSamples >> (k × blockShift) rows.
 */
export let base: usize = 0;
export let featureStride: u32 = 0;
export let rowStride: u32 = 0;
/** 0 is all samples, k is block k. */
export let level: u32 = 0;

/** Goes back to the place a node was put on the stack with. */
export function setPlace(newBase: usize, newFeatureStride: u32, newRowStride: u32, newLevel: u32): void {
  base = newBase;
  featureStride = newFeatureStride;
  rowStride = newRowStride;
  level = newLevel;
}

/** Reads columns of all samples. */
export function placeColumns(): void {
  setPlace(columns, nSamples, 1, 0);
}

/** Copies the rows of a node of `count` samples from `start` into the smallest block that holds them, unless they are there. */
export function enterPlace(start: u32, count: u32): void {
  let deepest = level;
  let block = blocks;
  let skipped = blocks;
  for (let k: u32 = 1; k <= nBlocks; k++) {
    const room = nSamples >> (k * blockShift);
    if (count > room) break;
    if (k > level) {
      deepest = k;
      block = skipped;
    }
    skipped += <usize>room * <usize>rowBytes;
  }
  if (deepest > level && packed) copyRows(start, count, block, deepest);
}

function copyRows(start: u32, count: u32, block: usize, newLevel: u32): void {
  const source = level == 0 ? rows : base;
  const bytes = <usize>rowBytes;
  const mask = rowMask;
  let at = samples + (<usize>start << 2);
  let to = block;
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u32>(at);
    const from = source + <usize>(word & mask) * bytes;
    for (let b: usize = 0; b < bytes; b += 16) v128.store(to + b, v128.load(from + b));
    store<u32>(at, (word & ~mask) | i);
    to += bytes;
    at += 4;
  }
  setPlace(block, 1, rowBytes, newLevel);
}
