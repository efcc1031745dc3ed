import { type HistoryScopeName, VALUES } from './catalogue.js';
import type { HistoryEvent } from './event.js';
import { COUNTERS, DOUBLES, EVENTS_TRAIL, FAILURES_TRAIL, type Records, VALUE_TRAILS } from './records.js';
import { TRAIL_WORDS } from './trails.js';
import { BURST_EVENTS, BURST_GAP_MS } from './windows.js';

/** No value: the field is missing. */
export const NO_VALUE = -1;

/** What a record takes in of an event. */
export interface Taken {
  timeMs: number;
  outcome: HistoryEvent['outcome'];
  bytes: number;
  /** Ids of the values of the scope's fields, in the order of `VALUES`; `NO_VALUE` where a field is missing. */
  readonly values: Float64Array;
}

/** Returns a place for what the records of a scope take in. */
export function nothingTaken(scope: HistoryScopeName): Taken {
  return { timeMs: 0, outcome: null, bytes: 0, values: new Float64Array(VALUES[scope].length) };
}

/** Takes an event into a record and makes it the one seen last. */
export function updateRecord(records: Records, record: number, taken: Taken): void {
  const page = records.arena.pageOf(record);
  const doubles = records.arena.doublesOf(record);
  const at = records.arena.offsetOf(record);
  const half = at >>> 1;
  const gapMs = taken.timeMs - doubles[half + DOUBLES.lastSeen]!;
  const events = page[at + COUNTERS.events]!;
  if (events > 0) addGap(doubles, half, gapMs / 1000, events);
  addToRun(page, at, events > 0 && gapMs <= BURST_GAP_MS);
  page[at + COUNTERS.events] = events + 1;
  doubles[half + DOUBLES.lastSeen] = taken.timeMs;
  doubles[half + DOUBLES.bytes]! += taken.bytes;
  addOutcome(page, at, taken.outcome);
  addToTrails(records, record, taken);
  records.moveToNewest(record);
}

/** Mean and sum of squares after one more gap (Welford 1962): the same bits however the state was saved in between. */
function addGap(doubles: Float64Array, half: number, gap: number, gaps: number): void {
  const before = gap - doubles[half + DOUBLES.gapMean]!;
  doubles[half + DOUBLES.gapMean]! += before / gaps;
  doubles[half + DOUBLES.gapSquares]! += before * (gap - doubles[half + DOUBLES.gapMean]!);
}

function addToRun(page: Uint32Array, at: number, goesOn: boolean): void {
  const run = goesOn ? page[at + COUNTERS.run]! + 1 : 1;
  page[at + COUNTERS.run] = run;
  if (run === BURST_EVENTS) page[at + COUNTERS.bursts]! += 1;
  if (run > page[at + COUNTERS.longestRun]!) page[at + COUNTERS.longestRun] = run;
}

function addOutcome(page: Uint32Array, at: number, outcome: Taken['outcome']): void {
  if (outcome === 'success') page[at + COUNTERS.successes]! += 1;
  if (outcome !== 'failure') return;
  page[at + COUNTERS.failures]! += 1;
  if (page[at + COUNTERS.successes] === 0) page[at + COUNTERS.failuresBefore]! += 1;
}

function addToTrails({ arena, trails }: Records, record: number, taken: Taken): void {
  const page = arena.pageOf(record);
  const at = arena.offsetOf(record);
  const now = taken.timeMs >>> 0;
  trails.add(page, at + EVENTS_TRAIL, page[at + COUNTERS.events]!, now);
  if (taken.outcome === 'failure') trails.add(page, at + FAILURES_TRAIL, page[at + COUNTERS.failures]!, now);
  for (let value = 0; value < taken.values.length; value++) {
    const id = taken.values[value]!;
    if (id !== NO_VALUE) trails.touch(page, at + VALUE_TRAILS + value * TRAIL_WORDS, id, now);
  }
}
