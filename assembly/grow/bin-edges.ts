/** Finds the edges of bins from the counts of a column; see column-region.ts. */
import { bitsOfKey, COLUMN_BYTES, columnStates, DUMP, HAS_MANY, keyOf, LEVEL_BYTES, LEVELS, MAX_BINS, MOST_EDGES, MUST_COUNT, N_BINS, N_LEVELS, N_VALUES, SHARED_BITS, slotOf, SPLIT, TABLE, TABLE_SLOTS, TOP, TOP_BYTES } from './column-region';

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
