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
export const HEADER: usize = 64;
export const TABLE_SLOTS: u32 = 512;
export const TABLE: usize = HEADER;
export const TOP: usize = TABLE + ((<usize>TABLE_SLOTS) << 3);
export const TOP_BYTES: usize = 65536 << 2;
export const LEVELS: usize = TOP + TOP_BYTES;
export const LEVEL_BYTES: usize = 1024 << 6;
export const SHARED_BITS: usize = LEVELS + 4 * LEVEL_BYTES;
export const COLUMN_BYTES: usize = SHARED_BITS + (1024 << 3);
export const SPLIT: u32 = 0x80000000;
export const DUMP: u32 = 1023;

/**
 * Header: whether it has gone over, distinct values, missing values, values that must not be, most edges within one top,
 * most bins it may have, values counted, categories (0: numbers), whether it must be counted again, bins.
 */
export const HAS_MANY: usize = 0;
export const N_DISTINCT: usize = 4;
export const N_MISSING: usize = 8;
export const N_BAD: usize = 12;
export const MOST_EDGES: usize = 16;
export const MAX_BINS: usize = 20;
export const N_VALUES: usize = 24;
export const N_LEVELS: usize = 32;
export const MUST_COUNT: usize = 36;
export const N_BINS: usize = 40;

export let nFeatures: u32 = 0;
export let columnStates: usize = 0;

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
export function isMissing(bits: u32): bool {
  return (bits & 0x7fffffff) >= 0x7f800000;
}

/** Returns a number that orders as the float32 does. */
// @ts-ignore: decorator
@inline
export function keyOf(bits: u32): u32 {
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

export function bitsOfKey(key: u32): u32 {
  return key & 0x80000000 ? key ^ 0x80000000 : ~key;
}

/** Returns the slot of a value in a table: where it lies, or the free one it would take (a free one counts 0). */
// @ts-ignore: decorator
@inline
export function slotOf(table: usize, bits: u32): usize {
  let slot = (bits * 0x9e3779b1) >> 23;
  let at = table + (<usize>slot << 3);
  while (load<u32>(at, 4) != 0 && load<u32>(at) != bits) {
    slot = (slot + 1) & (TABLE_SLOTS - 1);
    at = table + (<usize>slot << 3);
  }
  return at;
}
