/**
 * Finds the bins of columns and encodes their values, from chunks of rows that another thread copies in. The readable
 * form, with the reasons, is src/kernels/binning.ts: equal data give equal bins to the bit.
 *
 * A column starts with a table of its distinct values. Once they are more than `maxBins` it goes over to counts by the
 * top 16 bits of its sortable keys; what is more than a 1024th of the values and not one value is counted again by the
 * next four bits, and so on.
 */

/**
 * The region of one column: header, table of distinct values, counts by the top 16 bits, then for each of the four
 * levels below 1,023 slots of 16 counts and one that takes what is counted elsewhere, and the bits that all and that some
 * of the keys of a top share.
 */
const HEADER: usize = 64;
const TABLE_SLOTS: u32 = 512;
const TABLE: usize = HEADER;
const TOP: usize = TABLE + ((<usize>TABLE_SLOTS) << 3);
const TOP_BYTES: usize = 65536 << 2;
const LEVELS: usize = TOP + TOP_BYTES;
const LEVEL_BYTES: usize = 1024 << 6;
const SHARED_BITS: usize = LEVELS + 4 * LEVEL_BYTES;
export const COLUMN_BYTES: usize = SHARED_BITS + (1024 << 3);
const SPLIT: u32 = 0x80000000;
const DUMP: u32 = 1023;

/**
 * Header: whether it has gone over, distinct values, missing values, values that must not be, most edges within one top,
 * most bins it may have, values counted, categories (0: numbers), whether it must be counted again, bins.
 */
const HAS_MANY: usize = 0;
const N_DISTINCT: usize = 4;
const N_MISSING: usize = 8;
const N_BAD: usize = 12;
const MOST_EDGES: usize = 16;
const MAX_BINS: usize = 20;
const N_VALUES: usize = 24;
const N_LEVELS: usize = 32;
const MUST_COUNT: usize = 36;
const N_BINS: usize = 40;

let nFeatures: u32 = 0;
let columnStates: usize = 0;

/** Tells the passes the width of a row and where the regions of the columns start. */
export function configureBinning(features: u32, states: usize): void {
  nFeatures = features;
  columnStates = states;
}

/** Empties the region of a column and tells it the most bins and, for categories, how many there are. */
export function openColumn(place: u32, maxBins: u32, nLevels: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  memory.fill(state, 0, TOP);
  store<u32>(state, maxBins, MAX_BINS);
  store<u32>(state, nLevels, N_LEVELS);
}

// @ts-ignore: decorator
@inline
function isMissing(bits: u32): bool {
  return (bits & 0x7fffffff) >= 0x7f800000;
}

/** Returns a number that orders as the float32 does. */
// @ts-ignore: decorator
@inline
function keyOf(bits: u32): u32 {
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

function bitsOfKey(key: u32): u32 {
  return key & 0x80000000 ? key ^ 0x80000000 : ~key;
}

/** Returns the slot of a value in a table: where it lies, or the free one it would take (a free one counts 0). */
// @ts-ignore: decorator
@inline
function slotOf(table: usize, bits: u32): usize {
  let slot = (bits * 0x9e3779b1) >> 23;
  let at = table + (<usize>slot << 3);
  while (load<u32>(at, 4) != 0 && load<u32>(at) != bits) {
    slot = (slot + 1) & (TABLE_SLOTS - 1);
    at = table + (<usize>slot << 3);
  }
  return at;
}

/** Counts the values of a chunk: column `f` of rows `start` to `end` of the chunk at `at`; `place` is the column's region. */
export function countColumn(at: usize, start: u32, end: u32, f: u32, place: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  const stride = (<usize>nFeatures) << 2;
  let p = at + <usize>start * stride + (<usize>f << 2);
  const last = at + <usize>end * stride;
  const table = state + TABLE;
  const top = state + TOP;
  const maxBins = load<u32>(state, MAX_BINS);
  const nLevels = <f32>load<u32>(state, N_LEVELS);
  if (!load<u32>(state, HAS_MANY)) {
    for (; p < last; p += stride) {
      const value = load<f32>(p) + 0;
      const bits = reinterpret<u32>(value);
      if (isMissing(bits)) {
        countMissing(state, bits);
        continue;
      }
      if (nLevels > 0 && !(value >= 0 && value < nLevels && value == floor(value))) {
        store<u32>(state, load<u32>(state, N_BAD) + 1, N_BAD);
        continue;
      }
      const slot = slotOf(table, bits);
      const seen = load<u32>(slot, 4);
      if (seen == 0) {
        const distinct = load<u32>(state, N_DISTINCT);
        if (distinct == maxBins) {
          goOver(state);
          break;
        }
        store<u32>(state, distinct + 1, N_DISTINCT);
        store<u32>(slot, bits);
      }
      store<u32>(slot, seen + 1, 4);
    }
  }
  for (; p < last; p += stride) {
    const bits = reinterpret<u32>(load<f32>(p) + 0);
    if (isMissing(bits)) {
      countMissing(state, bits);
      continue;
    }
    const count = top + ((<usize>(keyOf(bits) >> 16)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}

function countMissing(state: usize, bits: u32): void {
  store<u32>(state, load<u32>(state, N_MISSING) + 1, N_MISSING);
  if ((bits & 0x7fffffff) == 0x7f800000) store<u32>(state, load<u32>(state, N_BAD) + 1, N_BAD);
}

/** Moves what the table counted to the counts by the top of the key. */
function goOver(state: usize): void {
  store<u32>(state, 1, HAS_MANY);
  // Not sooner: few columns go over, and pages that nobody touches take no memory.
  memory.fill(state + TOP, 0, COLUMN_BYTES - TOP);
  for (let i: u32 = 0; i < TABLE_SLOTS; i++) {
    const slot = state + TABLE + (<usize>i << 3);
    const seen = load<u32>(slot, 4);
    if (seen == 0) continue;
    const count = state + TOP + ((<usize>(keyOf(load<u32>(slot)) >> 16)) << 2);
    store<u32>(count, load<u32>(count) + seen);
  }
}

/**
 * Splits what is more than a 1024th of the values and not known to be one value: of the counts of level `level` - 1 (0:
 * the tops) into the slots of `level`. Notes in the header whether there is any, so that the values must be counted again.
 */
export function splitColumn(place: u32, level: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  if (!load<u32>(state, HAS_MANY)) return;
  store<u32>(state, level == 0 ? splitTops(state) : splitLevel(state, level), MUST_COUNT);
}

function splitLevel(state: usize, level: u32): u32 {
  const counts = state + LEVELS + <usize>(level - 1) * LEVEL_BYTES;
  const total = load<u64>(state, N_VALUES);
  let slots: u32 = 0;
  for (let i: u32 = 0; i < DUMP << 4; i++) {
    const at = counts + (<usize>i << 2);
    if (<u64>load<u32>(at) << 10 <= total) continue;
    const shared = state + SHARED_BITS + ((<usize>i >> 4) << 3);
    if (level == 1 && load<u32>(shared) == load<u32>(shared, 4)) continue;
    store<u32>(at, SPLIT | slots);
    slots++;
  }
  return slots;
}

function splitTops(state: usize): u32 {
  let total: u64 = 0;
  for (let b: usize = 0; b < TOP_BYTES; b += 4) total += load<u32>(state + TOP + b);
  store<u64>(state, total, N_VALUES);
  let slots: u32 = 0;
  for (let b: usize = 0; b < TOP_BYTES; b += 4) {
    if (<u64>load<u32>(state + TOP + b) << 10 <= total) continue;
    store<u32>(state + TOP + b, SPLIT | slots);
    const shared = state + SHARED_BITS + (<usize>slots << 3);
    store<u32>(shared, 0xffffffff);
    store<u32>(shared, 0, 4);
    slots++;
  }
  return slots;
}

// @ts-ignore: decorator
@inline
function slotOrDump(count: u32): u32 {
  return select<u32>(count & 0x7fffffff, DUMP, (count & SPLIT) != 0);
}

/** Counts by the next four bits of the key the values whose top was split. */
export function countFirstLevel(at: usize, start: u32, end: u32, f: u32, place: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  const stride = (<usize>nFeatures) << 2;
  const last = at + <usize>end * stride;
  for (let p = at + <usize>start * stride + (<usize>f << 2); p < last; p += stride) {
    const bits = reinterpret<u32>(load<f32>(p) + 0);
    if (isMissing(bits)) continue;
    const key = keyOf(bits);
    const slot = <usize>slotOrDump(load<u32>(state + TOP + ((<usize>(key >> 16)) << 2)));
    const count = state + (slot << 6) + ((<usize>(key >> 12) & 15) << 2);
    store<u32>(count, load<u32>(count, LEVELS) + 1, LEVELS);
    const shared = state + (slot << 3);
    store<u32>(shared, load<u32>(shared, SHARED_BITS) & key, SHARED_BITS);
    store<u32>(shared, load<u32>(shared, SHARED_BITS + 4) | key, SHARED_BITS + 4);
  }
}

/** Counts at `level`, 1 to 3, the values whose count at the level before was split. */
export function countLevel(at: usize, start: u32, end: u32, f: u32, place: u32, level: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  const stride = (<usize>nFeatures) << 2;
  const last = at + <usize>end * stride;
  for (let p = at + <usize>start * stride + (<usize>f << 2); p < last; p += stride) {
    const bits = reinterpret<u32>(load<f32>(p) + 0);
    if (isMissing(bits)) continue;
    const key = keyOf(bits);
    let slot = load<u32>(state + TOP + ((<usize>(key >> 16)) << 2));
    let table = state + LEVELS;
    let shift: u32 = 12;
    for (let l: u32 = 0; l < level && slot & SPLIT; l++) {
      slot = load<u32>(table + (<usize>(slot & 0x7fffffff) << 6) + ((<usize>(key >> shift) & 15) << 2));
      table += LEVEL_BYTES;
      shift -= 4;
    }
    if (!(slot & SPLIT)) continue;
    const count = table + (<usize>(slot & 0x7fffffff) << 6) + ((<usize>(key >> shift) & 15) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}

let edges: usize = 0;
let nEdges: u32 = 0;
let inBin: u64 = 0;
let left: u64 = 0;
let maxBins: u32 = 0;

/** Adds a unit of values with keys up to `upper`; closes the bin there once it holds its share of what is left. */
function addUnit(upper: u32, count: u32): void {
  if (count == 0) return;
  inBin += count;
  const binsLeft = maxBins - nEdges;
  if (binsLeft <= 1 || inBin * binsLeft < left) return;
  store<u32>(edges + (<usize>nEdges << 2), bitsOfKey(upper));
  nEdges++;
  left -= inBin;
  inBin = 0;
}

/**
 * Finds the edges of a column whose counts are done, and writes them to its region in place of the table. For a column of
 * few values the table's counts become their codes, in ascending order of the values; a category is its own code.
 */
export function findEdges(place: u32, lows: usize, highs: usize): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  store<u32>(state, load<u32>(state, HAS_MANY) ? cut(state, lows, highs) : rank(state, lows, highs), N_BINS);
}

/** Adds the units of the keys that start with `prefix`, whose last count, `count`, is of the level above `level`. */
function addCount(state: usize, level: u32, prefix: u32, count: u32): void {
  const shift = 16 - 4 * level;
  if (!(count & SPLIT)) {
    addUnit((prefix << shift) | ((<u32>1 << shift) - 1), count);
    return;
  }
  const slot = state + LEVELS + <usize>level * LEVEL_BYTES + (<usize>(count & 0x7fffffff) << 6);
  for (let i: u32 = 0; i < 16; i++) addCount(state, level + 1, (prefix << 4) | i, load<u32>(slot + (<usize>i << 2)));
}

function cut(state: usize, lows: usize, highs: usize): u32 {
  edges = state + TABLE;
  nEdges = 0;
  inBin = 0;
  left = load<u64>(state, N_VALUES);
  maxBins = load<u32>(state, MAX_BINS);
  for (let a: u32 = 0; a < 65536; a++) addCount(state, 0, a, load<u32>(state + TOP + (<usize>a << 2)));
  // What the last unit closed is the last bin: there is nothing above its edge.
  const nBins = inBin > 0 ? nEdges + 1 : nEdges;
  for (let e = nBins - 1; e < 255; e++) store<f32>(edges + (<usize>e << 2), Infinity);
  for (let b: u32 = 0; b < 256; b++) {
    store<f32>(lows + (<usize>b << 2), Infinity);
    store<f32>(highs + (<usize>b << 2), -Infinity);
  }
  nEdges = nBins - 1;
  writeStarts(state);
  return nBins;
}

/** Writes over the top counts, a byte each, how many edges lie below every value of that top; the most that lie within one go to the header. */
function writeStarts(state: usize): void {
  let e: u32 = 0;
  let most: u32 = 0;
  for (let a: u32 = 0; a < 65536; a++) {
    while (e < nEdges && keyOf(load<u32>(edges + (<usize>e << 2))) < a << 16) e++;
    store<u8>(state + TOP + a, e);
    let within = e;
    while (within < nEdges && keyOf(load<u32>(edges + (<usize>within << 2))) >> 16 == a) within++;
    if (within - e > most) most = within - e;
  }
  store<u32>(state, most, MOST_EDGES);
}

function rank(state: usize, lows: usize, highs: usize): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < TABLE_SLOTS; i++) {
    const slot = state + TABLE + (<usize>i << 3);
    if (load<u32>(slot, 4) == 0) continue;
    const value = load<f32>(slot);
    let j = n;
    while (j > 0 && load<f32>(lows + (<usize>(j - 1) << 2)) > value) {
      store<f32>(lows + (<usize>j << 2), load<f32>(lows + (<usize>(j - 1) << 2)));
      j--;
    }
    store<f32>(lows + (<usize>j << 2), value);
    n++;
  }
  memory.copy(highs, lows, <usize>n << 2);
  const isCategorical = load<u32>(state, N_LEVELS) > 0;
  for (let b: u32 = 0; b < n; b++) {
    const value = lows + (<usize>b << 2);
    store<u32>(slotOf(state + TABLE, load<u32>(value)), (isCategorical ? <u32>load<f32>(value) : b) + 1, 4);
  }
  return n;
}

/**
 * Encodes column `f` of rows `start` to `end` of a chunk into `codes`, one after the other. Keeps the lowest and highest value of each bin at `lows` and `highs`.
 */
export function encodeColumn(at: usize, start: u32, end: u32, f: u32, place: u32, codes: usize, lows: usize, highs: usize): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  const stride = (<usize>nFeatures) << 2;
  const from = at + <usize>start * stride + (<usize>f << 2);
  const last = at + <usize>end * stride;
  if (load<u32>(state, HAS_MANY)) encodeMany(state, from, last, stride, codes, lows, highs);
  else encodeFew(state, from, last, stride, codes);
}

function encodeFew(state: usize, from: usize, last: usize, stride: usize, codes: usize): void {
  for (let p = from; p < last; p += stride) {
    const bits = reinterpret<u32>(load<f32>(p) + 0);
    // A code lies in the table as one more than it is; missing values find a free slot, 0, and become 255.
    store<u8>(codes, isMissing(bits) ? 255 : load<u32>(slotOf(state + TABLE, bits), 4) - 1);
    codes++;
  }
}

function encodeMany(state: usize, from: usize, last: usize, stride: usize, codes: usize, lows: usize, highs: usize): void {
  const most = load<u32>(state, MOST_EDGES);
  const starts = state + TOP;
  const edges = state + TABLE;
  for (let p = from; p < last; p += stride) {
    const value = load<f32>(p) + 0;
    const bits = reinterpret<u32>(value);
    if (isMissing(bits)) {
      store<u8>(codes, 255);
      codes++;
      continue;
    }
    let code = <usize>load<u8>(starts + (keyOf(bits) >> 16));
    if (most <= 4) {
      for (let i: u32 = 0; i < most; i++) code += <usize>(value > load<f32>(edges + (code << 2)));
    } else code = search(edges, value);
    store<u8>(codes, code);
    codes++;
    const place = code << 2;
    if (value < load<f32>(lows + place)) store<f32>(lows + place, value);
    if (value > load<f32>(highs + place)) store<f32>(highs + place, value);
  }
}

/** Returns the number of the 255 edges below `value`. */
// @ts-ignore: decorator
@inline
function search(edges: usize, value: f32): usize {
  let below: usize = 0;
  let step: usize = 128;
  do {
    below += value > load<f32>(edges + ((below + step - 1) << 2)) ? step : 0;
    step >>= 1;
  } while (step != 0);
  return below;
}

/** Writes the codes of rows `start` to `end`, column after column at `columns`, row after row to `rows`; bytes beyond the features are 0. */
export function interleave(columns: usize, nSamples: u32, start: u32, end: u32, rows: usize, rowBytes: u32): void {
  const width = <usize>rowBytes;
  for (let f: u32 = 0; f < rowBytes; f += 16) {
    let row = start;
    for (; row + 16 <= end; row += 16) interleaveBlock(columns, nSamples, row, f, rows + <usize>row * width + f, width);
    for (; row < end; row++)
      for (let g = f; g < min(f + 16, nFeatures); g++)
        store<u8>(rows + <usize>row * width + g, load<u8>(columns + <usize>g * <usize>nSamples + row));
  }
}

/** The same for 16 rows and 16 columns: four rounds that each merge vectors two by two. */
function interleaveBlock(columns: usize, nSamples: u32, row: u32, f: u32, to: usize, width: usize): void {
  const c0 = column16(columns, nSamples, row, f);
  const c1 = column16(columns, nSamples, row, f + 1);
  const c2 = column16(columns, nSamples, row, f + 2);
  const c3 = column16(columns, nSamples, row, f + 3);
  const c4 = column16(columns, nSamples, row, f + 4);
  const c5 = column16(columns, nSamples, row, f + 5);
  const c6 = column16(columns, nSamples, row, f + 6);
  const c7 = column16(columns, nSamples, row, f + 7);
  const c8 = column16(columns, nSamples, row, f + 8);
  const c9 = column16(columns, nSamples, row, f + 9);
  const ca = column16(columns, nSamples, row, f + 10);
  const cb = column16(columns, nSamples, row, f + 11);
  const cc = column16(columns, nSamples, row, f + 12);
  const cd = column16(columns, nSamples, row, f + 13);
  const ce = column16(columns, nSamples, row, f + 14);
  const cf = column16(columns, nSamples, row, f + 15);
  for (let half: u32 = 0; half < 2; half++) {
    const a0 = half == 0 ? low8(c0, c1) : high8(c0, c1);
    const a1 = half == 0 ? low8(c2, c3) : high8(c2, c3);
    const a2 = half == 0 ? low8(c4, c5) : high8(c4, c5);
    const a3 = half == 0 ? low8(c6, c7) : high8(c6, c7);
    const a4 = half == 0 ? low8(c8, c9) : high8(c8, c9);
    const a5 = half == 0 ? low8(ca, cb) : high8(ca, cb);
    const a6 = half == 0 ? low8(cc, cd) : high8(cc, cd);
    const a7 = half == 0 ? low8(ce, cf) : high8(ce, cf);
    const at = to + <usize>half * 8 * width;
    fourRows(low16(a0, a1), low16(a2, a3), low16(a4, a5), low16(a6, a7), at, width);
    fourRows(high16(a0, a1), high16(a2, a3), high16(a4, a5), high16(a6, a7), at + 4 * width, width);
  }
}

/** Writes four rows from vectors that hold four bytes of each row. */
function fourRows(b0: v128, b1: v128, b2: v128, b3: v128, to: usize, width: usize): void {
  const l0 = v128.shuffle<u32>(b0, b1, 0, 4, 1, 5);
  const l1 = v128.shuffle<u32>(b2, b3, 0, 4, 1, 5);
  const h0 = v128.shuffle<u32>(b0, b1, 2, 6, 3, 7);
  const h1 = v128.shuffle<u32>(b2, b3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(l0, l1, 0, 2));
  v128.store(to + width, v128.shuffle<u64>(l0, l1, 1, 3));
  v128.store(to + 2 * width, v128.shuffle<u64>(h0, h1, 0, 2));
  v128.store(to + 3 * width, v128.shuffle<u64>(h0, h1, 1, 3));
}

// @ts-ignore: decorator
@inline
function column16(columns: usize, nSamples: u32, row: u32, f: u32): v128 {
  return f < nFeatures ? v128.load(columns + <usize>f * <usize>nSamples + row) : i8x16.splat(0);
}

// @ts-ignore: decorator
@inline
function low8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function high8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// @ts-ignore: decorator
@inline
function low16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function high16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
