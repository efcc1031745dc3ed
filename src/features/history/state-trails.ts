import type { Arena } from './arena.js';
import { damagedState } from './state-bytes.js';
import type { StateWords } from './state-words.js';
import { DROPPED, depthOf, ENTRIES, EXACT, LENGTH, MAX_DEPTH, NEXT } from './trail-blocks.js';
import { SINGLE, type Trails } from './trails.js';
import { EXPIRE_EVERY, LONGEST_MS } from './windows.js';

/** No entry is older when its owner is seen: an idle owner is forgotten, the others expire what they have. */
const OLDEST_MS = (EXPIRE_EVERY + 1) * LONGEST_MS;

// A trail: 0 where it is empty; 1, id and time of an only entry in the record; else levels + 1, and of each level its
// length, when it dropped something last, and its entries.

/** Writes the trail at `slot`. */
export function saveTrail(arena: Arena, page: Uint32Array, slot: number, to: StateWords): void {
  const address = page[slot]!;
  if (address <= SINGLE) {
    to.putAll(page.subarray(slot, address === 0 ? slot + 1 : slot + 3));
    return;
  }
  const head = to.at;
  to.put(0);
  let levels = 0;
  for (let block = address; block !== 0; levels++) {
    const level = arena.pageOf(block);
    const at = arena.offsetOf(block);
    const length = level[at]! & LENGTH;
    const next = level[at + NEXT]!;
    to.put(length);
    to.put(next === 0 ? 0 : level[at + DROPPED]!);
    to.putAll(level.subarray(at + ENTRIES, at + ENTRIES + 2 * length));
    block = next;
  }
  to.set(head, levels + 1);
}

/** Reads a trail into `slot` of a record that was seen last at `seen`. Throws INTEGRITY for one that cannot have come about. */
export function loadTrail(
  trails: Trails,
  owner: { page: Uint32Array; slot: number; seen: number },
  from: StateWords,
): void {
  const { page, slot, seen } = owner;
  const head = from.takeOne();
  if (head === 0) return;
  if (head === SINGLE) {
    const entry = from.take(2);
    checkTimes(entry, seen);
    page[slot] = SINGLE;
    page.set(entry, slot + 1);
    return;
  }
  if (head > MAX_DEPTH + 2)
    throw damagedState(`a trail has ${head - 1} levels, at most ${MAX_DEPTH + 1} are possible`);
  const levels = Array.from({ length: head - 1 }, () => {
    const length = from.takeOne();
    if (length > EXACT) throw damagedState(`a level has ${length} entries, at most ${EXACT} are possible`);
    return { dropped: from.takeOne(), entries: from.take(2 * length) };
  });
  levels.forEach(({ entries, dropped }, depth) => {
    checkTimes(entries, seen);
    if (depth + 1 < levels.length) {
      checkBelow(entries, levels[depth + 1]!.entries, depth);
      checkTimes(Uint32Array.of(0, dropped, 0, entries[1]!), seen);
    }
  });
  if (levels[0]!.entries.length === 0) throw damagedState('a trail has no entries');
  page[slot] = trails.restore(levels);
}

/** Entries stand in the order of their times, none of them later than their owner was seen. */
function checkTimes(entries: Uint32Array, seen: number): void {
  let before = OLDEST_MS;
  for (let i = 1; i < entries.length; i += 2) {
    const age = (seen - entries[i]!) >>> 0;
    if (age > before) throw damagedState('the entries of a trail are not in the order of time');
    before = age;
  }
}

/** A level with one below it is full, and the one below ends with those of its entries that belong there. */
function checkBelow(entries: Uint32Array, below: Uint32Array, depth: number): void {
  if (entries.length !== 2 * EXACT) throw damagedState('a level that is not full has one below it');
  let end = below.length;
  for (let i = entries.length - 2; i >= 0; i -= 2) {
    if (depthOf(entries[i]!) <= depth) continue;
    end -= 2;
    if (end < 0 || below[end] !== entries[i] || below[end + 1] !== entries[i + 1])
      throw damagedState('the levels of a trail contradict each other');
  }
}
