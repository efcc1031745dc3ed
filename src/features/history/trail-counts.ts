import type { Arena } from './arena.js';
import { DROPPED, ENTRIES, LENGTH, NEXT } from './trail-blocks.js';
import { WINDOW_MS } from './windows.js';

/** What the ids of a trail are: the numbers of events in turn, or hashes of values. */
export type TrailKind = 'events' | 'values';

/** Where the counts of a trail go. */
export interface CountPlace {
  readonly row: Float32Array;
  to: number;
  kind: TrailKind;
}

/**
 * Writes how many events, or how many different values, each window holds of a trail of blocks. Exact up to `EXACT`; above
 * it events are within 1 / EXACT of the truth, and values have a standard error of at most √(2 / EXACT).
 * One walk from the last entry back, and down the levels, each window from where the one before ended.
 */
export function countTrail(arena: Arena, address: number, now: number, { row, to, kind }: CountPlace): void {
  let page = arena.pageOf(address);
  let at = arena.offsetOf(address);
  let depth = 0;
  let length = page[at]! & LENGTH;
  let first = length;
  let next = page[at + NEXT]!;
  const newest = page[at + ENTRIES + 2 * length - 2]!;
  for (let w = 0; w < WINDOW_MS.length; w++) {
    const width = WINDOW_MS[w]!;
    while (next !== 0 && (now - page[at + DROPPED]!) >>> 0 < width) {
      page = arena.pageOf(next);
      at = arena.offsetOf(next);
      depth += 1;
      length = page[at]! & LENGTH;
      first = length;
      next = page[at + NEXT]!;
    }
    if (first > 0) first = firstWithin(page, at + ENTRIES + 1, first, (now - width) >>> 0);
    row[to + w] =
      kind === 'values' || depth === 0
        ? (length - first) << depth
        : eventsFrom(page[at + ENTRIES + 2 * first]!, newest, depth);
  }
}

/**
 * Returns the place of the first entry later than `edge`, or `high` where none is; those from `high` on are. `times` is where
 * the first entry's time stands. Looks at the first, which lies beside the header, then back from `high` in growing steps: a
 * short window holds few of many. Times are less than 2^31 ms apart, so their difference has the right sign.
 */
function firstWithin(page: Uint32Array, times: number, high: number, edge: number): number {
  if (((page[times]! - edge) | 0) > 0) return 0;
  let above = high;
  let below = high - 1;
  for (let step = 1; ((page[times + 2 * below]! - edge) | 0) > 0; step *= 2) {
    above = below;
    below = Math.max(0, below - step);
  }
  while (below + 1 < above) {
    const middle = (below + above) >>> 1;
    if (((page[times + 2 * middle]! - edge) | 0) > 0) above = middle;
    else below = middle;
  }
  return above;
}

/**
 * Returns the events from one that a level holds on, and half of those that may come before it within the window: fewer than
 * 2^depth, for the level holds every 2^depth-th.
 */
function eventsFrom(first: number, newest: number, depth: number): number {
  return ((newest - first) >>> 0) + 1 + (1 << (depth - 1));
}
