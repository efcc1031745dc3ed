/** Finds the edges of bins from the counts of a column; see column-region.ts. */
import { bitsOfKey, CODES, COLUMN_BYTES, columnStates, CUT, differing, EARLY_SLOTS, HAS_MANY, HAS_WIDE, keyOf, LEVEL_SLOTS, MAX_BINS, MUST_COUNT, N_BINS, N_EARLY, N_LEVELS, N_VALUES, openSlot, openWide, SAME_CODES, slotAt, slotOf, SPLIT, TABLE, TABLE_SLOTS, TOP, TOP_BYTES, WIDE, WIDE_SLOTS, wideAt } from './column-region';

/**
 * Opens slots for what is more than a 1024th of the values and not known to be one value: at `level` 0 for tops that have
 * none, at 1 to 3 for words of the slots of that level. Notes in the header how many, so that the values must be counted
 * again. Tops that are no more than that give their slots up.
 */
export function splitColumn(place: u32, level: u32): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  if (!load<u32>(state, HAS_MANY)) return;
  const nLast = load<u32>(state, MUST_COUNT);
  let opened: u32 = 0;
  if (level == 0) opened = splitTops(state);
  else if (level == 1) opened = splitParts(state, load<u32>(state, N_EARLY), nLast);
  else if (!load<u32>(state, HAS_WIDE)) opened = splitSlots(state, firstSlot(level), nLast, level, 0, false);
  store<u32>(state, opened, MUST_COUNT);
}

/** Opens slots for words of the slots of tops: wide ones where they are few. */
function splitParts(state: usize, nEarly: u32, nLate: u32): u32 {
  const nHeavy = countHeavy(state, 0, nEarly) + countHeavy(state, EARLY_SLOTS, nLate);
  const isWide = nHeavy <= WIDE_SLOTS;
  store<u32>(state, u32(isWide), HAS_WIDE);
  return splitSlots(state, EARLY_SLOTS, nLate, 1, splitSlots(state, 0, nEarly, 1, 0, isWide), isWide);
}

/** Returns the first of the slots that are opened for a level, 1 for tops. */
// @ts-ignore: decorator
@inline
function firstSlot(level: u32): u32 {
  return EARLY_SLOTS + (level - 1) * LEVEL_SLOTS;
}

function splitTops(state: usize): u32 {
  let total: u64 = 0;
  for (let at = state + TOP; at < state + TOP + TOP_BYTES; at += 4) total += countOf(state, load<u32>(at));
  store<u64>(state, total, N_VALUES);
  let opened: u32 = 0;
  for (let at = state + TOP; at < state + TOP + TOP_BYTES; at += 4) {
    const word = load<u32>(at);
    const count = countOf(state, word);
    if (<u64>count << 10 <= total) store<u32>(at, count);
    else if (!(word & SPLIT)) store<u32>(at, openSlot(state, firstSlot(1) + opened++));
  }
  return opened;
}

/** Returns what a word counts, in its slot where it leads to one. */
function countOf(state: usize, word: u32): u32 {
  if (!(word & SPLIT)) return word;
  const slot = slotAt(state, word);
  const low = i32x4.add(v128.load(slot), v128.load(slot, 16));
  const all = i32x4.add(low, i32x4.add(v128.load(slot, 32), v128.load(slot, 48)));
  return i32x4.extract_lane(all, 0) + i32x4.extract_lane(all, 1) + i32x4.extract_lane(all, 2) + i32x4.extract_lane(all, 3);
}

/** Opens slots of the next level for words of `n` slots from `first` on; `opened` were before. Returns how many now. */
function splitSlots(state: usize, first: u32, n: u32, level: u32, opened: u32, isWide: bool): u32 {
  const total = load<u64>(state, N_VALUES);
  for (let slot = first; slot < first + n; slot++) {
    if (isOneValueEach(state, slot, level)) continue;
    const last = slotAt(state, slot) + 64;
    for (let at = last - 64; at < last; at += 4)
      if (<u64>load<u32>(at) << 10 > total) {
        store<u32>(at, isWide ? openWide(state, opened) : openSlot(state, firstSlot(level + 1) + opened));
        opened++;
      }
  }
  return opened;
}

/** Returns how many words of `n` slots of tops from `first` on are heavy and not known to be one value. */
function countHeavy(state: usize, first: u32, n: u32): u32 {
  const total = load<u64>(state, N_VALUES);
  let heavy: u32 = 0;
  for (let slot = first; slot < first + n; slot++) {
    if (isOneValueEach(state, slot, 1)) continue;
    const last = slotAt(state, slot) + 64;
    for (let at = last - 64; at < last; at += 4) heavy += u32(<u64>load<u32>(at) << 10 > total);
  }
  return heavy;
}

/** Says whether the keys of a slot differ in no bit below its words. */
// @ts-ignore: decorator
@inline
function isOneValueEach(state: usize, slot: u32, level: u32): bool {
  return (differing(state, slot) & ((1 << (16 - 4 * level)) - 1)) == 0;
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

/** Adds the units of the keys that start with `prefix` and go on with `shift` bits; `word` is theirs. */
function addWord(state: usize, word: u32, prefix: u32, shift: u32): void {
  if (!(word & SPLIT)) {
    addUnit(lastKey(prefix, shift), word);
    return;
  }
  if (word & WIDE) {
    for (let i: u32 = 0; i < 16; i++) addWide(wideAt(state, word), load<u64>(state, N_VALUES), (prefix << 4) | i, 8);
    return;
  }
  const slot = slotAt(state, word);
  for (let i: u32 = 0; i < 16; i++) addWord(state, load<u32>(slot + (<usize>i << 2)), (prefix << 4) | i, shift - 4);
}

/** The same for keys in a wide slot: what is no more than a 1024th of the values is one unit. */
function addWide(wide: usize, total: u64, prefix: u32, shift: u32): void {
  const first = wide + ((<usize>(prefix << shift) & 4095) << 2);
  let count: u32 = 0;
  for (let at = first; at < first + ((<usize>4) << shift); at += 4) count += load<u32>(at);
  if (shift == 0 || <u64>count << 10 <= total) addUnit(lastKey(prefix, shift), count);
  else for (let i: u32 = 0; i < 16; i++) addWide(wide, total, (prefix << 4) | i, shift - 4);
}

// @ts-ignore: decorator
@inline
function lastKey(prefix: u32, shift: u32): u32 {
  return (prefix << shift) | ((1 << shift) - 1);
}

function cut(state: usize, lows: usize, highs: usize): u32 {
  edges = state + TABLE;
  nEdges = 0;
  inBin = 0;
  left = load<u64>(state, N_VALUES);
  maxBins = load<u32>(state, MAX_BINS);
  for (let a: u32 = 0; a < 65536; a++) {
    const word = load<u32>(state + TOP + (<usize>a << 2));
    if (word != 0) addWord(state, word, a, 16);
  }
  // What the last unit closed is the last bin: there is nothing above its edge.
  const nBins = inBin > 0 ? nEdges + 1 : nEdges;
  for (let e = nBins - 1; e < 255; e++) store<f32>(edges + (<usize>e << 2), Infinity);
  for (let b: u32 = 0; b < 256; b++) {
    store<f32>(lows + (<usize>b << 2), Infinity);
    store<f32>(highs + (<usize>b << 2), -Infinity);
  }
  nEdges = nBins - 1;
  writeCodes(state);
  return nBins;
}

/** Writes the codes of the parts of each top, and over the top's word where they lie. */
function writeCodes(state: usize): void {
  for (let code: u32 = 0; code < 256; code++) memory.fill(state + SAME_CODES + (<usize>code << 4), <u8>code, 16);
  let code: u32 = 0;
  for (let a: u32 = 0; a < 65536; a++) {
    const at = state + TOP + (<usize>a << 2);
    const word = load<u32>(at);
    if (word == 0) continue;
    if (!(word & SPLIT)) {
      code = codeUpTo(lastKey(a, 16), code);
      store<u32>(at, state + SAME_CODES + (<usize>code << 4));
      continue;
    }
    const codes = state + CODES + ((<usize>(word & ~SPLIT)) << 4);
    const slot = slotAt(state, word);
    for (let i: u32 = 0; i < 16; i++) {
      const isCut = load<u32>(slot + (<usize>i << 2)) & SPLIT;
      if (!isCut) code = codeUpTo(lastKey((a << 4) | i, 12), code);
      store<u8>(codes + i, isCut ? CUT : code);
    }
    store<u32>(at, codes);
  }
}

/** Returns the code of the unit whose last key is `upper`: the edges below that, of which `code` are known to be. */
// @ts-ignore: decorator
@inline
function codeUpTo(upper: u32, code: u32): u32 {
  while (code < nEdges && keyOf(load<u32>(edges + (<usize>code << 2))) < upper) code++;
  return code;
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
