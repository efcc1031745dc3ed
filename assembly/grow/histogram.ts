import { bitmaps, counts, histograms, minSamplesLeaf, nClasses, samples, treeWeights } from './config';
import { base, featureStride, rowStride } from './place';
import { classOf, labelBits, packed, rowBits, rowMask } from './samples';

/** Bytes of one two-class histogram: 256 bins of two u32. */
const PAIRS: usize = 2048;
/** Bytes of the float64 histogram of two classes. */
const SUMS_OF_TWO: usize = 4096;
/** Samples up to which the occupied bins are noted while counting; above it is cheaper to look for them afterwards. */
const FEW: u32 = 128;
/** Samples from which every other one is counted apart. */
const MANY: u32 = 1024;

/** Returns the histogram of place `k` of a pass over two classes: behind the float64 one, which a feature in between may need. */
export function pairHistogram(k: u32): usize {
  return histograms + SUMS_OF_TWO + <usize>k * PAIRS;
}

/** Returns the bitmap of occupied bins of place `k`: four u64. */
export function bitmapOf(k: u32): usize {
  return bitmaps + (<usize>k << 5);
}

// @ts-ignore: decorator
@inline
function column(feature: u32): usize {
  return base + <usize>feature * <usize>featureStride;
}

// @ts-ignore: decorator
@inline
function note(bitmap: usize, bin: usize): void {
  const at = bitmap + ((bin >> 6) << 3);
  store<u64>(at, load<u64>(at) | (<u64>1 << (<u64>bin & 63)));
}

/** Fills the histograms of up to three features for two classes with whole weights, in one pass over the samples. */
export function fillPairs(start: u32, end: u32, k: u32, f0: u32, f1: u32, f2: u32): void {
  if (end - start <= FEW) {
    fillFew(start, end, 0, column(f0));
    if (k > 1) fillFew(start, end, 1, column(f1));
    if (k > 2) fillFew(start, end, 2, column(f2));
    return;
  }
  if (k == 3) {
    if (end - start >= MANY) {
      fillThreeTwice(start, end, column(f0), column(f1), column(f2));
      for (let i: u32 = 0; i < 3; i++) addSecond(pairHistogram(i));
    } else fillThree(start, end, column(f0), column(f1), column(f2));
  } else {
    fillOne(start, end, 0, column(f0));
    if (k > 1) fillOne(start, end, 1, column(f1));
  }
  for (let i: u32 = 0; i < k; i++) findOccupied(pairHistogram(i), bitmapOf(i));
}

function fillThree(start: u32, end: u32, c0: usize, c1: usize, c2: usize): void {
  const h = pairHistogram(0);
  const bits = rowBits;
  const mask = rowMask;
  const stride = <usize>rowStride;
  const last = samples + (<usize>end << 2);
  for (let p = samples + (<usize>start << 2); p < last; p += 4) {
    const word = load<u32>(p);
    const at = <usize>(word & mask) * stride;
    const rest = word >> bits;
    const slot = h + (<usize>(rest & 1) << 2);
    const weight = rest >> 1;
    const a0 = slot + (<usize>load<u8>(c0 + at) << 3);
    store<u32>(a0, load<u32>(a0) + weight);
    const a1 = slot + (<usize>load<u8>(c1 + at) << 3);
    store<u32>(a1, load<u32>(a1, PAIRS) + weight, PAIRS);
    const a2 = slot + (<usize>load<u8>(c2 + at) << 3);
    store<u32>(a2, load<u32>(a2, 2 * PAIRS) + weight, 2 * PAIRS);
  }
}

/**
 * The same with a second set of histograms for every other sample: neighbours often have the same code, and an addition
 * to a count waits for the one before it.
 */
function fillThreeTwice(start: u32, end: u32, c0: usize, c1: usize, c2: usize): void {
  const h = pairHistogram(0);
  const bits = rowBits;
  const mask = rowMask;
  const stride = <usize>rowStride;
  const last = samples + (<usize>end << 2);
  let p = samples + (<usize>start << 2);
  if ((end - start) & 1) {
    fillThree(start, start + 1, c0, c1, c2);
    p += 4;
  }
  for (; p < last; p += 8) {
    let word = load<u32>(p);
    let at = <usize>(word & mask) * stride;
    let rest = word >> bits;
    let slot = h + (<usize>(rest & 1) << 2);
    let weight = rest >> 1;
    let a = slot + (<usize>load<u8>(c0 + at) << 3);
    store<u32>(a, load<u32>(a) + weight);
    a = slot + (<usize>load<u8>(c1 + at) << 3);
    store<u32>(a, load<u32>(a, PAIRS) + weight, PAIRS);
    a = slot + (<usize>load<u8>(c2 + at) << 3);
    store<u32>(a, load<u32>(a, 2 * PAIRS) + weight, 2 * PAIRS);
    word = load<u32>(p, 4);
    at = <usize>(word & mask) * stride;
    rest = word >> bits;
    slot = h + (<usize>(rest & 1) << 2);
    weight = rest >> 1;
    a = slot + (<usize>load<u8>(c0 + at) << 3);
    store<u32>(a, load<u32>(a, 3 * PAIRS) + weight, 3 * PAIRS);
    a = slot + (<usize>load<u8>(c1 + at) << 3);
    store<u32>(a, load<u32>(a, 4 * PAIRS) + weight, 4 * PAIRS);
    a = slot + (<usize>load<u8>(c2 + at) << 3);
    store<u32>(a, load<u32>(a, 5 * PAIRS) + weight, 5 * PAIRS);
  }
}

/** Adds the second histogram of a feature to its first, and empties it. */
function addSecond(h: usize): void {
  const none = i32x4.splat(0);
  for (let b: usize = 0; b < PAIRS; b += 16) {
    v128.store(h + b, i32x4.add(v128.load(h + b), v128.load(h + b, 3 * PAIRS)));
    v128.store(h + b, none, 3 * PAIRS);
  }
}

function fillOne(start: u32, end: u32, k: u32, c: usize): void {
  const h = pairHistogram(k);
  const bits = rowBits;
  const mask = rowMask;
  const stride = <usize>rowStride;
  const last = samples + (<usize>end << 2);
  for (let p = samples + (<usize>start << 2); p < last; p += 4) {
    const word = load<u32>(p);
    const rest = word >> bits;
    const a = h + (<usize>(rest & 1) << 2) + (<usize>load<u8>(c + <usize>(word & mask) * stride) << 3);
    store<u32>(a, load<u32>(a) + (rest >> 1));
  }
}

function fillFew(start: u32, end: u32, k: u32, c: usize): void {
  const h = pairHistogram(k);
  const bitmap = bitmapOf(k);
  const bits = rowBits;
  const mask = rowMask;
  const stride = <usize>rowStride;
  const last = samples + (<usize>end << 2);
  for (let p = samples + (<usize>start << 2); p < last; p += 4) {
    const word = load<u32>(p);
    const rest = word >> bits;
    const bin = <usize>load<u8>(c + <usize>(word & mask) * stride);
    const a = h + (<usize>(rest & 1) << 2) + (bin << 3);
    store<u32>(a, load<u32>(a) + (rest >> 1));
    note(bitmap, bin);
  }
}

/** Sets the bits of the bins that hold weight, two bins at a time. */
function findOccupied(h: usize, bitmap: usize): void {
  const none = i64x2.splat(0);
  for (let w: usize = 0; w < 4; w++) {
    let found: u64 = 0;
    const from = h + (w << 9);
    for (let i: usize = 0; i < 64; i += 2)
      found |= <u64>i64x2.bitmask(i64x2.ne(v128.load(from + (i << 3)), none)) << <u64>i;
    store<u64>(bitmap + (w << 3), found);
  }
}

/**
 * Fills the first histogram, of float64, for any number of classes and any weights, with the sample counts by bin where
 * leaves must have more than one sample. Weights are added in ascending position.
 */
export function fillSums(start: u32, end: u32, feature: u32): void {
  const c = column(feature);
  const bitmap = bitmaps;
  const stride = <usize>rowStride;
  for (let i = start; i < end; i++) {
    const word = load<u32>(samples + (<usize>i << 2));
    const bin = <usize>load<u8>(c + <usize>(word & rowMask) * stride);
    const a = histograms + ((bin * <usize>nClasses + <usize>labelOf(word)) << 3);
    store<f64>(a, load<f64>(a) + weightOf(word));
    note(bitmap, bin);
    if (minSamplesLeaf > 1) store<u32>(counts + (bin << 2), load<u32>(counts + (bin << 2)) + 1);
  }
}

// @ts-ignore: decorator
@inline
export function labelOf(word: u32): u32 {
  return packed ? (word >> rowBits) & ((<u32>1 << labelBits) - 1) : classOf(word);
}

// @ts-ignore: decorator
@inline
export function weightOf(word: u32): f64 {
  return packed ? <f64>(word >> (rowBits + labelBits)) : load<f64>(treeWeights + (<usize>word << 3));
}

/** Says whether the samples of place `k` hold a missing value. */
export function hasMissing(k: u32): bool {
  return load<u64>(bitmapOf(k), 24) >> 63 != 0;
}
