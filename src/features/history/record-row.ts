import { type HistoryScopeName, WIDTHS } from './catalogue.js';
import { COUNTERS, DOUBLES, EVENTS_TRAIL, type Records } from './records.js';
import type { CountPlace } from './trail-counts.js';
import { TRAIL_WORDS } from './trails.js';
import { BURST_GAP_MS, EXPIRE_EVERY, WINDOW_MS } from './windows.js';

const N = WINDOW_MS.length;
/** A rate is over one second at least: two events within a millisecond are no thousand a second. */
const SHORTEST_AGE_MS = 1000;
/** Numbers of a row behind those of the windows; the first three are missing while there is no history. */
const LIFE_WIDTH = 12;

/** Where features are written. */
export interface Place {
  readonly row: Float32Array;
  readonly to: number;
}

/**
 * Writes the features of a record to `row` from `to` on, as `catalogue.ts` lists them, at a time not before the record was
 * last seen. Every `EXPIRE_EVERY` events drops what the longest window has lost.
 */
export function writeRecord(records: Records, record: number, timeMs: number, out: Place): void {
  const { arena, trails } = records;
  const page = arena.pageOf(record);
  const at = arena.offsetOf(record);
  const now = timeMs >>> 0;
  const expires = page[at + COUNTERS.events]! % EXPIRE_EVERY === 0;
  // One object for all trails: a dozen an event would be garbage.
  const place: CountPlace = { row: out.row, to: out.to, kind: 'events' };
  for (let trail = 0; trail < records.nTrails; trail++) {
    const slot = at + EVENTS_TRAIL + trail * TRAIL_WORDS;
    if (expires) trails.expire(page, slot, now);
    if (trail === 2) place.kind = 'values';
    trails.count(page, slot, now, place);
    // Rates, which are no trail, stand between events and failures.
    place.to += trail === 0 ? 2 * N : N;
  }
  const ageMs = timeMs - arena.doublesOf(record)[(at >>> 1) + DOUBLES.firstSeen]!;
  writeRates(out.row, out.to, ageMs);
  writeLife(records, record, timeMs, { row: out.row, to: out.to + (records.nTrails + 1) * N });
}

function writeRates(row: Float32Array, to: number, ageMs: number): void {
  for (let w = 0; w < N; w++) {
    const spanMs = Math.max(SHORTEST_AGE_MS, Math.min(ageMs, WINDOW_MS[w]!));
    row[to + N + w] = (row[to + w]! * 1000) / spanMs;
  }
}

function writeLife({ arena }: Records, record: number, timeMs: number, { row, to }: Place): void {
  const page = arena.pageOf(record);
  const doubles = arena.doublesOf(record);
  const at = arena.offsetOf(record);
  const half = at >>> 1;
  const gapMs = timeMs - doubles[half + DOUBLES.lastSeen]!;
  const events = page[at + COUNTERS.events]!;
  const successes = page[at + COUNTERS.successes]!;
  const failuresBefore = page[at + COUNTERS.failuresBefore]!;
  row[to] = gapMs / 1000;
  row[to + 1] = events > 1 ? doubles[half + DOUBLES.gapMean]! : Number.NaN;
  row[to + 2] = events > 1 ? doubles[half + DOUBLES.gapSquares]! / (events - 1) : Number.NaN;
  row[to + 3] = gapMs <= BURST_GAP_MS ? page[at + COUNTERS.run]! : 0;
  row[to + 4] = page[at + COUNTERS.bursts]!;
  row[to + 5] = page[at + COUNTERS.longestRun]!;
  row[to + 6] = successes;
  row[to + 7] = failuresBefore;
  row[to + 8] = successes > 0 && failuresBefore > 0 ? 1 : 0;
  row[to + 9] = (timeMs - doubles[half + DOUBLES.firstSeen]!) / 1000;
  row[to + 10] = events;
  row[to + 11] = doubles[half + DOUBLES.bytes]!;
}

/** Writes the features of what has no history yet. */
export function writeFirst({ row, to }: Place, scope: HistoryScopeName): void {
  const end = to + WIDTHS[scope];
  row.fill(0, to, end);
  row.fill(Number.NaN, end - LIFE_WIDTH, end - LIFE_WIDTH + 3);
}
