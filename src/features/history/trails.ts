import { DROPPED, depthOf, ENTRIES, LENGTH, NEXT, TrailBlocks } from './trail-blocks.js';
import { type CountPlace, countTrail } from './trail-counts.js';
import { LONGEST_MS, WINDOW_MS } from './windows.js';

/** Words that a trail takes in its owner's record: its address, and id and time of its only entry. */
export const TRAIL_WORDS = 3;
/** In place of an address: the only entry stands in the record, as it does of most, so that no block is looked up. */
export const SINGLE = 1;

/**
 * Trails of what was seen lately: ids with their last times, oldest first, in blocks that grow up to `EXACT` entries.
 * When the largest drops an entry it gets a next level, which keeps the latest `EXACT` of half of the ids, and so on
 * (waves: Gibbons and Tirthapura 2002). A window is read at the first level that has dropped nothing of it.
 *
 * Times are the low 32 bits of milliseconds. They never come round, after 49 days: the owner is forgotten when it is idle
 * for the longest window, and it drops what that has lost every `EXPIRE_EVERY` events.
 */
export class Trails extends TrailBlocks {
  /** Adds an id that the trail at `slot` does not hold. */
  add(page: Uint32Array, slot: number, id: number, time: number): void {
    const address = page[slot]!;
    if (address === 0) {
      page[slot] = SINGLE;
      page[slot + 1] = id;
      page[slot + 2] = time;
      return;
    }
    let block = address;
    if (address === SINGLE) block = this.addTo(this.create(0), page[slot + 1]!, page[slot + 2]!, 0);
    page[slot] = this.addTo(block, id, time, 0);
  }

  /** Moves an id to the trail's end, or adds it. */
  touch(page: Uint32Array, slot: number, id: number, time: number): void {
    const address = page[slot]!;
    if (address === SINGLE && page[slot + 1] === id) {
      page[slot + 2] = time;
      return;
    }
    if (address > SINGLE) {
      if (this.touchLast(address, id, time)) return;
      this.forget(address, id);
    }
    this.add(page, slot, id, time);
  }

  /** Drops what is out of the longest window. */
  expire(page: Uint32Array, slot: number, now: number): void {
    const address = page[slot]!;
    if (address > SINGLE) page[slot] = this.expireBlock(address, now, 0);
    else if (address === SINGLE && (now - page[slot + 2]!) >>> 0 >= LONGEST_MS) page[slot] = 0;
  }

  /** Writes how many events or different values each window holds, as `countTrail` does. */
  count(page: Uint32Array, slot: number, now: number, place: CountPlace): void {
    const address = page[slot]!;
    if (address > SINGLE) {
      countTrail(this.arena, address, now, place);
      return;
    }
    const { row, to } = place;
    const age = address === SINGLE ? (now - page[slot + 2]!) >>> 0 : LONGEST_MS;
    for (let w = 0; w < WINDOW_MS.length; w++) row[to + w] = age < WINDOW_MS[w]! ? 1 : 0;
  }

  /** Moves the blocks of the trail at `slot` out of closing slabs. */
  evacuate(page: Uint32Array, slot: number): void {
    let owner = page;
    let link = slot;
    while (owner[link]! > SINGLE) {
      if (this.arena.isClosing(owner[link]!)) owner[link] = this.arena.move(owner[link]!);
      const block = owner[link]!;
      owner = this.arena.pageOf(block);
      link = this.arena.offsetOf(block) + NEXT;
    }
  }

  /** Returns the address of a trail of levels as they were saved: pairs of id and time, and when each dropped one last. */
  restore(levels: readonly { readonly entries: Uint32Array; readonly dropped: number }[]): number {
    let below = 0;
    for (const { entries, dropped } of levels.toReversed()) {
      const block = this.createWith(entries);
      const page = this.arena.pageOf(block);
      const at = this.arena.offsetOf(block);
      page[at + NEXT] = below;
      if (below !== 0) page[at + DROPPED] = dropped;
      below = block;
    }
    return below;
  }

  /** Where an id is the last already, as it is most often, sets its time. It is the last of each level that holds it. */
  private touchLast(address: number, id: number, time: number): boolean {
    const deepest = depthOf(id);
    for (let block = address, depth = 0; block !== 0 && depth <= deepest; depth++) {
      const page = this.arena.pageOf(block);
      const at = this.arena.offsetOf(block);
      const last = at + ENTRIES + 2 * (page[at]! & LENGTH) - 2;
      if (page[last] !== id) return false;
      page[last + 1] = time;
      block = page[at + NEXT]!;
    }
    return true;
  }
}
