/**
 * Finds the bins of columns and encodes their values, from chunks of rows that another thread copies in. The readable
 * form, with the reasons, is src/kernels/binning.ts: equal data give equal bins to the bit.
 *
 * A column starts with a table of its distinct values. Once they are more than `maxBins` it goes over to counts by the
 * top 16 bits of its sortable keys. A top takes a slot, which counts by the next four bits, while there are slots; a top
 * that comes later has one count. What then is more than a 1024th of the values and not one value is counted again by the
 * four bits below, and so on.
 */

/**
 * The region of one column: header; table of distinct values; a word for each top, its count or SPLIT and its slot; the
 * slots, of 16 such words each; and for each slot the bits that were 0, and those that were 1, in a key that it counted.
 * Slots: for tops as they come, for tops found heavy later, and for each of three levels below, which are the smaller
 * part of a column's heavy values (a 1024th each, so fewer than 1,024).
 */
export const HEADER: usize = 64;
export const TABLE_SLOTS: u32 = 512;
export const TABLE: usize = HEADER;
export const TOP: usize = TABLE + ((<usize>TABLE_SLOTS) << 3);
export const TOP_BYTES: usize = 65536 << 2;
export const EARLY_SLOTS: u32 = 2048;
export const LEVEL_SLOTS: u32 = 1024;
export const TOP_SLOTS: u32 = EARLY_SLOTS + LEVEL_SLOTS;
export const SLOTS: usize = TOP + TOP_BYTES;
export const N_ALL_SLOTS: u32 = TOP_SLOTS + 3 * LEVEL_SLOTS;
export const SEEN_BITS: usize = SLOTS + ((<usize>N_ALL_SLOTS) << 6);
export const COLUMN_BYTES: usize = SEEN_BITS + ((<usize>N_ALL_SLOTS) << 3);
export const SPLIT: u32 = 0x80000000;
/** With SPLIT: the slot is a wide one. */
export const WIDE: u32 = 0x40000000;
/**
 * Wide slots count all twelve bits below a level 1 at once, where few words need it: one more pass over the rows instead
 * of three. They lie over the slots of the levels below.
 */
export const WIDE_SLOTS: u32 = 12;
export const WIDE_BYTES: usize = 4096 << 2;

/**
 * Once the edges are known: the code of each of 16 parts of a top, for each slot of a top, then 16 times each code. They
 * lie over the slots of the levels below, whose counts have been used by then.
 */
export const CODES: usize = SLOTS + ((<usize>TOP_SLOTS) << 6);
export const SAME_CODES: usize = CODES + ((<usize>TOP_SLOTS) << 4);
/** Stands for the code of a part that edges cut. */
export const CUT: u32 = 255;

/**
 * Header: whether it has gone over, distinct values, missing values, values that must not be, slots that tops have taken,
 * most bins it may have, values counted, categories (0: numbers), slots that were opened last and must be counted, bins,
 * whether slots are wide.
 */
export const HAS_MANY: usize = 0;
export const N_DISTINCT: usize = 4;
export const N_MISSING: usize = 8;
export const N_BAD: usize = 12;
export const N_EARLY: usize = 16;
export const MAX_BINS: usize = 20;
export const N_VALUES: usize = 24;
export const N_LEVELS: usize = 32;
export const MUST_COUNT: usize = 36;
export const N_BINS: usize = 40;
export const HAS_WIDE: usize = 44;

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

/** Empties a slot, and returns the word that leads to it. */
export function openSlot(state: usize, slot: u32): u32 {
  memory.fill(slotAt(state, slot), 0, 64);
  store<u64>(state + ((<usize>slot) << 3), 0, SEEN_BITS);
  return SPLIT | slot;
}

/** Empties a wide slot, and returns the word that leads to it. */
export function openWide(state: usize, slot: u32): u32 {
  memory.fill(wideAt(state, slot), 0, WIDE_BYTES);
  return SPLIT | WIDE | slot;
}

/** Returns where a wide slot lies, of its number or of the word that leads to it. */
// @ts-ignore: decorator
@inline
export function wideAt(state: usize, slot: u32): usize {
  return state + SLOTS + ((<usize>TOP_SLOTS) << 6) + <usize>(slot & ~(SPLIT | WIDE)) * WIDE_BYTES;
}

/** Returns where a slot lies, of its number or of the word that leads to it. */
// @ts-ignore: decorator
@inline
export function slotAt(state: usize, slot: u32): usize {
  return state + SLOTS + ((<usize>(slot & ~SPLIT)) << 6);
}

/** Returns the bits in which the keys that a slot counted differ. */
// @ts-ignore: decorator
@inline
export function differing(state: usize, slot: u32): u32 {
  const bits = state + ((<usize>slot) << 3);
  return load<u32>(bits, SEEN_BITS) & load<u32>(bits, SEEN_BITS + 4);
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
