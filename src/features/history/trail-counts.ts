import type { Arena } from './arena.js';
import { DROPPED, ENTRIES, LENGTH, NEXT } from './trail-blocks.js';
import { WINDOW_MS } from './windows.js';

/** What the ids of a trail are: the numbers of events in turn, or hashes of values. */
export type TrailKind = 'events' | 'values';

/** Where the counts of a trail go. */
export interface CountPlace {
  readonly row: Float32Array;
  readonly to: number;
  readonly kind: TrailKind;
}

/** Counts what the windows hold of a trail of blocks: one walk from the last entry back, and down the levels. */
export class TrailCounts {
  private page: Uint32Array = new Uint32Array(0);
  private at = 0;
  private depth = 0;
  /** The place of the first entry within the last window looked at. */
  private first = 0;
  /** How long ago this level dropped something; Infinity where it never did. */
  private droppedAge = 0;

  constructor(private readonly arena: Arena) {}

  /**
   * Writes how many events, or how many different values, each window holds. Exact up to `EXACT`; above it events are
   * within 1 / EXACT of the truth, and values have a standard error of at most √(2 / EXACT).
   */
  count(address: number, now: number, { row, to, kind }: CountPlace): void {
    this.open(address, now, 0);
    const newest = this.page[this.at + ENTRIES + 2 * this.length() - 2]!;
    for (let w = 0; w < WINDOW_MS.length; w++) {
      const width = WINDOW_MS[w]!;
      while (this.droppedAge < width) this.open(this.page[this.at + NEXT]!, now, this.depth + 1);
      this.moveBack(now, width);
      row[to + w] = kind === 'events' && this.depth > 0 ? this.events(newest) : this.values();
    }
  }

  private open(address: number, now: number, depth: number): void {
    const page = this.arena.pageOf(address);
    const at = this.arena.offsetOf(address);
    this.page = page;
    this.at = at;
    this.depth = depth;
    this.first = page[at]! & LENGTH;
    this.droppedAge = page[at + NEXT] === 0 ? Number.POSITIVE_INFINITY : (now - page[at + DROPPED]!) >>> 0;
  }

  private length(): number {
    return this.page[this.at]! & LENGTH;
  }

  /** Moves `first` back to the first entry within a window: in growing steps, as a short window holds few of many. */
  private moveBack(now: number, width: number): void {
    const { page } = this;
    const times = this.at + ENTRIES + 1;
    let high = this.first;
    // The first entry lies beside the header: where all are within the window, nothing else is looked at.
    if (high === 0 || (now - page[times]!) >>> 0 < width) {
      this.first = 0;
      return;
    }
    let low = high - 1;
    for (let step = 1; low > 0 && (now - page[times + 2 * low]!) >>> 0 < width; step *= 2) {
      high = low;
      low = Math.max(0, low - step);
    }
    low += 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((now - page[times + 2 * middle]!) >>> 0 < width) high = middle;
      else low = middle + 1;
    }
    this.first = high;
  }

  private values(): number {
    return (this.length() - this.first) << this.depth;
  }

  /**
   * Events from the level's first one in the window on, and half of those that may come before it: fewer than 2^depth, for
   * the level holds every 2^depth-th event.
   */
  private events(newest: number): number {
    const first = this.page[this.at + ENTRIES + 2 * this.first]!;
    return ((newest - first) >>> 0) + 1 + (1 << (this.depth - 1));
  }
}
