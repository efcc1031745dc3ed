import type { Arena } from './arena.js';
import { LONGEST_MS } from './windows.js';

/** Entries a block holds, by its size class. */
const CAPACITIES: readonly number[] = [3, 7, 15, 31, 63, 128];
/** Entries of a block of the largest class. */
export const EXACT = 128;
export const LARGEST = CAPACITIES.length - 1;
/** Levels below the first that a trail may have. */
export const MAX_DEPTH = 24;

// A block: length and size class; address of the next level, 0 while nothing was dropped; pairs of id and time, oldest
// first. The largest ends with the time of what it dropped last.
const SIZE_SHIFT = 16;
export const LENGTH = 0xffff;
export const NEXT = 1;
export const ENTRIES = 2;
export const DROPPED = ENTRIES + 2 * EXACT;

function wordsOf(size: number): number {
  return ENTRIES + 2 * CAPACITIES[size]! + (size === LARGEST ? 2 : 0);
}

/** Returns the deepest level that holds an id: the zeros at its end, so each level holds half of the ids of the one above. */
export function depthOf(id: number): number {
  return id === 0 ? MAX_DEPTH : Math.min(MAX_DEPTH, 31 - Math.clz32(id & -id));
}

/** The blocks that trails are made of: how they are made, grow, make room and go. */
export class TrailBlocks {
  constructor(protected readonly arena: Arena) {}

  /** Gives back a level and all below it. */
  release(address: number): void {
    for (let block = address; block !== 0; ) {
      const page = this.arena.pageOf(block);
      const at = this.arena.offsetOf(block);
      const next = page[at + NEXT]!;
      this.arena.release(block, wordsOf(page[at]! >>> SIZE_SHIFT));
      block = next;
    }
  }

  /** Returns a block without entries. */
  create(size: number): number {
    const block = this.arena.allocate(wordsOf(size));
    this.arena.pageOf(block)[this.arena.offsetOf(block)] = size << SIZE_SHIFT;
    return block;
  }

  /** Moves a full block that never dropped anything to one of the next size. Returns its address. */
  protected grow(block: number, size: number): number {
    const larger = this.create(size + 1);
    const from = this.arena.offsetOf(block);
    const entries = this.arena.pageOf(block).subarray(from + ENTRIES, from + ENTRIES + 2 * CAPACITIES[size]!);
    const page = this.arena.pageOf(larger);
    const at = this.arena.offsetOf(larger);
    page.set(entries, at + ENTRIES);
    page[at]! += CAPACITIES[size]!;
    this.arena.release(block, wordsOf(size));
    return larger;
  }

  /** Makes room for one entry in a full block of the largest size; the first time, what it holds starts the next level. */
  protected dropOldest(page: Uint32Array, at: number, depth: number): void {
    if (page[at + NEXT] === 0 && depth < MAX_DEPTH) page[at + NEXT] = this.startNext(page, at, depth + 1);
    page[at + DROPPED] = page[at + ENTRIES + 1]!;
    page.copyWithin(at + ENTRIES, at + ENTRIES + 2, at + ENTRIES + 2 * EXACT);
    page[at]! -= 1;
  }

  private startNext(page: Uint32Array, at: number, depth: number): number {
    const kept: number[] = [];
    for (let i = at + ENTRIES; i < at + DROPPED; i += 2)
      if (depthOf(page[i]!) >= depth) kept.push(page[i]!, page[i + 1]!);
    return this.createWith(kept);
  }

  /** Returns a block of the smallest size that holds pairs of id and time. */
  createWith(pairs: ArrayLike<number>): number {
    const block = this.create(CAPACITIES.findIndex((capacity) => 2 * capacity >= pairs.length));
    const page = this.arena.pageOf(block);
    const at = this.arena.offsetOf(block);
    page.set(pairs, at + ENTRIES);
    page[at]! += pairs.length / 2;
    return block;
  }

  /** Adds an id to a level and to those below that hold it. Returns the level's address, which changes as it grows. */
  protected addTo(address: number, id: number, time: number, depth: number): number {
    let block = address;
    let page = this.arena.pageOf(block);
    let at = this.arena.offsetOf(block);
    const size = page[at]! >>> SIZE_SHIFT;
    if ((page[at]! & LENGTH) === CAPACITIES[size]!) {
      if (size === LARGEST) this.dropOldest(page, at, depth);
      else {
        block = this.grow(block, size);
        page = this.arena.pageOf(block);
        at = this.arena.offsetOf(block);
      }
    }
    const entry = at + ENTRIES + 2 * (page[at]! & LENGTH);
    page[entry] = id;
    page[entry + 1] = time;
    page[at]! += 1;
    const next = page[at + NEXT]!;
    if (next !== 0 && depthOf(id) > depth) page[at + NEXT] = this.addTo(next, id, time, depth + 1);
    return block;
  }

  /** Drops what is out of the longest window from a level and those below. Returns its address, 0 for an empty first one. */
  protected expireBlock(address: number, now: number, depth: number): number {
    const page = this.arena.pageOf(address);
    const at = this.arena.offsetOf(address);
    const next = page[at + NEXT]!;
    if (next !== 0) {
      const within = (now - page[at + DROPPED]!) >>> 0 < LONGEST_MS;
      if (!within) this.release(next);
      page[at + NEXT] = within ? this.expireBlock(next, now, depth + 1) : 0;
    }
    const length = page[at]! & LENGTH;
    if (length === 0 || (now - page[at + ENTRIES + 1]!) >>> 0 < LONGEST_MS) return address;
    const entries = page.slice(at + ENTRIES + 2 * this.firstWithin(page, at, now), at + ENTRIES + 2 * length);
    // What dropped nothing of the longest window has no next level, so this is all there is.
    this.release(address);
    return entries.length === 0 && depth === 0 ? 0 : this.createWith(entries);
  }

  /** Returns how many entries of a level are out of the longest window: they stand first. */
  private firstWithin(page: Uint32Array, at: number, now: number): number {
    let first = 0;
    while (first < (page[at]! & LENGTH) && (now - page[at + ENTRIES + 2 * first + 1]!) >>> 0 >= LONGEST_MS)
      first += 1;
    return first;
  }

  /** Drops an id from this level and those below. */
  protected forget(address: number, id: number): void {
    const deepest = depthOf(id);
    for (let block = address, depth = 0; block !== 0 && depth <= deepest; depth++) {
      const page = this.arena.pageOf(block);
      const at = this.arena.offsetOf(block);
      const end = at + ENTRIES + 2 * (page[at]! & LENGTH);
      let entry = end - 2;
      while (entry >= at + ENTRIES && page[entry] !== id) entry -= 2;
      if (entry >= at + ENTRIES) {
        page.copyWithin(entry, entry + 2, end);
        page[at]! -= 1;
      }
      block = page[at + NEXT]!;
    }
  }
}
