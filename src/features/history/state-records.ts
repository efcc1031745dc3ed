import { MAX_TIME_MS } from './event.js';
import { COUNTERS, DOUBLES, EVENTS_TRAIL, OLDER, type Records } from './records.js';
import { damagedState } from './state-bytes.js';
import { loadTrail, saveTrail } from './state-trails.js';
import type { StateWords } from './state-words.js';
import { TRAIL_WORDS } from './trails.js';

/** Where the numbers of a record start, behind key and neighbours. */
const NUMBERS = 2 * DOUBLES.firstSeen;

// A record: its key, its numbers as they stand in memory, its trails. Records stand in the order they were last seen.

/** Writes all records. */
export function saveRecords(records: Records, to: StateWords): void {
  for (let record = records.oldest; record !== 0; record = records.newerThan(record)) {
    const page = records.arena.pageOf(record);
    const at = records.arena.offsetOf(record);
    to.putAll(page.subarray(at, at + OLDER));
    to.putAll(page.subarray(at + NUMBERS, at + EVENTS_TRAIL));
    for (let trail = 0; trail < records.nTrails; trail++)
      saveTrail(records.arena, page, at + EVENTS_TRAIL + trail * TRAIL_WORDS, to);
  }
}

/**
 * Reads `count` records, none of them seen after `clockMs`, into empty ones. Throws INTEGRITY for one that cannot have come
 * about.
 */
export function loadRecords(records: Records, from: StateWords, count: number, clockMs: number): void {
  let beforeMs = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const key = from.take(OLDER);
    if (records.find(key[0]!, key[1]!) !== 0) throw damagedState('two records have one key');
    const record = records.create(key[0]!, key[1]!, 0);
    const page = records.arena.pageOf(record);
    const at = records.arena.offsetOf(record);
    page.set(from.take(EVENTS_TRAIL - NUMBERS), at + NUMBERS);
    checkNumbers(records, record);
    const seenMs = records.lastSeenMs(record);
    if (seenMs < beforeMs || seenMs > clockMs) throw damagedState('records are not in the order of time');
    beforeMs = seenMs;
    for (let trail = 0; trail < records.nTrails; trail++) {
      const slot = at + EVENTS_TRAIL + trail * TRAIL_WORDS;
      loadTrail(records.trails, { page, slot, seen: seenMs >>> 0 }, from);
    }
  }
}

function checkNumbers({ arena }: Records, record: number): void {
  const at = arena.offsetOf(record);
  const doubles = arena.doublesOf(record);
  const [firstSeen, lastSeen, mean, squares, bytes] = Object.values(DOUBLES).map(
    (place) => doubles[(at >>> 1) + place]!,
  ) as [number, number, number, number, number];
  const page = arena.pageOf(record);
  const [events, failures, successes, before, run, bursts, longest] = Object.values(COUNTERS).map(
    (place) => page[at + place]!,
  ) as [number, number, number, number, number, number, number];
  const possible =
    Number.isInteger(firstSeen) &&
    Number.isInteger(lastSeen) &&
    firstSeen <= lastSeen &&
    firstSeen >= -MAX_TIME_MS &&
    [mean, squares, bytes].every((value) => Number.isFinite(value) && value >= 0) &&
    failures + successes <= events &&
    before <= failures &&
    run >= 1 &&
    run <= longest &&
    longest <= events &&
    bursts <= events;
  if (!possible) throw damagedState('the numbers of a record contradict each other');
}
