/** Counts the values of columns from chunks of rows; see column-region.ts. */
import { COLUMN_BYTES, columnStates, EARLY_SLOTS, HAS_MANY, isMissing, keyOf, MAX_BINS, N_BAD, N_DISTINCT, N_EARLY, N_LEVELS, N_MISSING, nFeatures, openSlot, SEEN_BITS, slotAt, slotOf, SPLIT, TABLE, TABLE_SLOTS, TOP, TOP_BYTES, WIDE, wideAt } from './column-region';

/** Counts the values of a chunk: column `f` of rows `start` to `end` of the chunk at `at`; `place` is the column's region. */
export function countColumn(at: usize, start: u32, end: u32, f: u32, place: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  const stride = (<usize>nFeatures) << 2;
  const from = at + <usize>start * stride + (<usize>f << 2);
  const last = at + <usize>end * stride;
  const next = load<u32>(state, HAS_MANY) ? from : countDistinct(state, from, last, stride);
  for (let p = next; p < last; p += stride) {
    const bits = reinterpret<u32>(load<f32>(p) + 0);
    if (isMissing(bits)) countMissing(state, bits);
    else countTop(state, keyOf(bits), 1);
  }
}

/** Counts distinct values while they are few; returns where it went over, or the end. */
function countDistinct(state: usize, from: usize, last: usize, stride: usize): usize {
  const maxBins = load<u32>(state, MAX_BINS);
  const nLevels = <f32>load<u32>(state, N_LEVELS);
  for (let p = from; p < last; p += stride) {
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
    const slot = slotOf(state + TABLE, bits);
    const seen = load<u32>(slot, 4);
    if (seen == 0) {
      const distinct = load<u32>(state, N_DISTINCT);
      if (distinct == maxBins) {
        goOver(state);
        return p;
      }
      store<u32>(state, distinct + 1, N_DISTINCT);
      store<u32>(slot, bits);
    }
    store<u32>(slot, seen + 1, 4);
  }
  return last;
}

function countMissing(state: usize, bits: u32): void {
  store<u32>(state, load<u32>(state, N_MISSING) + 1, N_MISSING);
  if ((bits & 0x7fffffff) == 0x7f800000) store<u32>(state, load<u32>(state, N_BAD) + 1, N_BAD);
}

/** Moves what the table counted to the counts by the top of the key. */
function goOver(state: usize): void {
  store<u32>(state, 1, HAS_MANY);
  // Not sooner: few columns go over, and pages that nobody touches take no memory.
  memory.fill(state + TOP, 0, TOP_BYTES);
  for (let i: u32 = 0; i < TABLE_SLOTS; i++) {
    const slot = state + TABLE + (<usize>i << 3);
    const seen = load<u32>(slot, 4);
    if (seen != 0) countTop(state, keyOf(load<u32>(slot)), seen);
  }
}

/** Counts a key `n` times by its top, and in its slot where it has one. */
// @ts-ignore: decorator
@inline
function countTop(state: usize, key: u32, n: u32): void {
  const at = state + TOP + ((<usize>(key >> 16)) << 2);
  let word = load<u32>(at);
  if (word == 0) {
    word = takeSlot(state);
    store<u32>(at, word);
  }
  if (word & SPLIT) countIn(state, word, key, 12, n);
  else store<u32>(at, word + n);
}

/** Returns the word that leads to a new slot, or 0, a count, where all are taken. */
function takeSlot(state: usize): u32 {
  const slot = load<u32>(state, N_EARLY);
  if (slot == EARLY_SLOTS) return 0;
  store<u32>(state, slot + 1, N_EARLY);
  return openSlot(state, slot);
}

/** Counts a key `n` times in the slot that `word` leads to, by the four bits from `shift` on. */
// @ts-ignore: decorator
@inline
function countIn(state: usize, word: u32, key: u32, shift: u32, n: u32): void {
  const count = slotAt(state, word) + ((<usize>(key >> shift) & 15) << 2);
  store<u32>(count, load<u32>(count) + n);
  const bits = state + ((<usize>(word & ~SPLIT)) << 3);
  store<u64>(bits, load<u64>(bits, SEEN_BITS) | (<u64>key << 32) | <u64>~key, SEEN_BITS);
}

/** Counts at `level`, 1 to 4, the values whose word at the level before leads to a slot that was opened since. */
export function countLevel(at: usize, start: u32, end: u32, f: u32, place: u32, level: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  const stride = (<usize>nFeatures) << 2;
  const last = at + <usize>end * stride;
  for (let p = at + <usize>start * stride + (<usize>f << 2); p < last; p += stride) {
    const bits = reinterpret<u32>(load<f32>(p) + 0);
    if (isMissing(bits)) continue;
    const key = keyOf(bits);
    let word = load<u32>(state + TOP + ((<usize>(key >> 16)) << 2));
    let shift: u32 = 12;
    for (let l: u32 = 1; l < level && word & SPLIT; l++) {
      word = load<u32>(slotAt(state, word) + ((<usize>(key >> shift) & 15) << 2));
      shift -= 4;
    }
    if (!(word & SPLIT) || (level == 1 && (word & ~SPLIT) < EARLY_SLOTS)) continue;
    if (word & WIDE) {
      const count = wideAt(state, word) + ((<usize>key & 4095) << 2);
      store<u32>(count, load<u32>(count) + 1);
    } else countIn(state, word, key, shift, 1);
  }
}
