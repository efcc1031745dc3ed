import type { Arena } from './arena.js';
import { type HistoryScopeName, VALUES } from './catalogue.js';
import { KeyTable } from './key-table.js';
import { SINGLE, TRAIL_WORDS, type Trails } from './trails.js';
import { LONGEST_MS } from './windows.js';

// A record, in words: the key; its neighbours by time last seen; five numbers of 64 bits; counters; trails.
export const OLDER = 2;
const NEWER = 3;
/** In 64-bit numbers: times in milliseconds, gaps in seconds. */
export const DOUBLES = { firstSeen: 2, lastSeen: 3, gapMean: 4, gapSquares: 5, bytes: 6 } as const;
/** `run` is the length of the burst the last event belongs to. */
export const COUNTERS = {
  events: 14,
  failures: 15,
  successes: 16,
  failuresBefore: 17,
  run: 18,
  bursts: 19,
  longestRun: 20,
} as const;
/** Trails by their places: events, failures, then the values of `VALUES`. */
export const EVENTS_TRAIL = 21;
export const FAILURES_TRAIL = EVENTS_TRAIL + TRAIL_WORDS;
export const VALUE_TRAILS = FAILURES_TRAIL + TRAIL_WORDS;

/** What is remembered of the sources, or of the sessions: one record each, in the order they were last seen. */
export class Records {
  oldest = 0;
  newest = 0;
  evictedIdle = 0;
  evictedForRoom = 0;
  /** Trails of a record. */
  readonly nTrails: number;
  private readonly words: number;
  private readonly table: KeyTable;

  constructor(
    readonly arena: Arena,
    readonly trails: Trails,
    readonly scope: HistoryScopeName,
    private readonly maxRecords: number,
  ) {
    this.nTrails = 2 + VALUES[scope].length;
    this.words = 2 * Math.ceil((EVENTS_TRAIL + this.nTrails * TRAIL_WORDS) / 2);
    this.table = new KeyTable(arena);
  }

  get size(): number {
    return this.table.size;
  }

  /** Returns the address of the record with a key, or 0. */
  find(low: number, high: number): number {
    return this.table.find(low, high);
  }

  /** Returns the address of a new record, the one seen last. The oldest goes where there are too many. */
  create(low: number, high: number, timeMs: number): number {
    if (this.size >= this.maxRecords) this.evictForRoom();
    const record = this.arena.allocate(this.words);
    const page = this.arena.pageOf(record);
    const at = this.arena.offsetOf(record);
    page[at] = low;
    page[at + 1] = high;
    this.arena.doublesOf(record)[(at >>> 1) + DOUBLES.firstSeen] = timeMs;
    this.arena.doublesOf(record)[(at >>> 1) + DOUBLES.lastSeen] = timeMs;
    this.table.insert(record);
    this.append(record);
    return record;
  }

  /** Makes a record the one seen last. */
  moveToNewest(record: number): void {
    if (record === this.newest) return;
    this.unlink(record);
    this.append(record);
  }

  /** When a record was seen last. */
  lastSeenMs(record: number): number {
    return this.arena.doublesOf(record)[(this.arena.offsetOf(record) >>> 1) + DOUBLES.lastSeen]!;
  }

  /** When the record that was not seen for longest was seen; Infinity where there is none. */
  oldestSeenMs(): number {
    return this.oldest === 0 ? Number.POSITIVE_INFINITY : this.lastSeenMs(this.oldest);
  }

  /** Returns the address of the record that was seen next, or 0. */
  newerThan(record: number): number {
    return this.arena.pageOf(record)[this.arena.offsetOf(record) + NEWER]!;
  }

  /** Forgets all that the longest window has nothing of. */
  evictIdle(clockMs: number): void {
    while (this.oldestSeenMs() <= clockMs - LONGEST_MS) {
      this.remove(this.oldest);
      this.evictedIdle += 1;
    }
  }

  /** Forgets the record that was not seen for longest. */
  evictForRoom(): void {
    this.remove(this.oldest);
    this.evictedForRoom += 1;
  }

  /** Moves all that is in closing slabs, records and trails. */
  evacuate(): void {
    for (let record = this.oldest; record !== 0; record = this.newerThan(record)) {
      if (this.arena.isClosing(record)) record = this.move(record);
      const page = this.arena.pageOf(record);
      const at = this.arena.offsetOf(record);
      for (let trail = 0; trail < this.nTrails; trail++)
        this.trails.evacuate(page, at + EVENTS_TRAIL + trail * TRAIL_WORDS);
    }
  }

  private move(record: number): number {
    this.table.remove(record);
    const moved = this.arena.move(record);
    this.table.insert(moved);
    const page = this.arena.pageOf(moved);
    const at = this.arena.offsetOf(moved);
    const older = page[at + OLDER]!;
    const newer = page[at + NEWER]!;
    if (older === 0) this.oldest = moved;
    else this.link(older, NEWER, moved);
    if (newer === 0) this.newest = moved;
    else this.link(newer, OLDER, moved);
    return moved;
  }

  private remove(record: number): void {
    const page = this.arena.pageOf(record);
    const at = this.arena.offsetOf(record);
    for (let trail = 0; trail < this.nTrails; trail++) {
      const address = page[at + EVENTS_TRAIL + trail * TRAIL_WORDS]!;
      if (address > SINGLE) this.trails.release(address);
    }
    this.table.remove(record);
    this.unlink(record);
    this.arena.release(record, this.words);
  }

  private append(record: number): void {
    if (this.newest === 0) this.oldest = record;
    else this.link(this.newest, NEWER, record);
    this.link(record, OLDER, this.newest);
    this.link(record, NEWER, 0);
    this.newest = record;
  }

  private unlink(record: number): void {
    const page = this.arena.pageOf(record);
    const at = this.arena.offsetOf(record);
    const older = page[at + OLDER]!;
    const newer = page[at + NEWER]!;
    if (older === 0) this.oldest = newer;
    else this.link(older, NEWER, newer);
    if (newer === 0) this.newest = older;
    else this.link(newer, OLDER, older);
  }

  private link(record: number, side: number, other: number): void {
    this.arena.pageOf(record)[this.arena.offsetOf(record) + side] = other;
  }
}
