/** Counts the values of columns from chunks of rows; see column-region.ts. */
import { COLUMN_BYTES, columnStates, DUMP, HAS_MANY, isMissing, keyOf, LEVEL_BYTES, LEVELS, MAX_BINS, N_BAD, N_DISTINCT, N_LEVELS, N_MISSING, nFeatures, SHARED_BITS, slotOf, SPLIT, TABLE, TABLE_SLOTS, TOP } from './column-region';

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
