import { z } from 'zod';
import type { Arena } from './arena.js';
import { type EventOrder, MAX_TIME_MS } from './event.js';
import type { CheckedOptions } from './options.js';
import type { Records } from './records.js';
import { damagedState, packState, unpackState } from './state-bytes.js';
import { loadRecords, saveRecords } from './state-records.js';
import { StateWords } from './state-words.js';

const count = z.int().min(0);
const order = z.strictObject({
  timeMs: z.number().min(-MAX_TIME_MS).max(MAX_TIME_MS),
  sensor: z.string(),
  position: z.number(),
});
const scope = z.strictObject({ records: count, idle: count, evicted: count });
const options = z.strictObject({
  randomState: z.int(),
  maxSources: z.int(),
  maxSessions: z.int(),
  maxMemoryBytes: z.int(),
});
const event = z.strictObject({
  ...order.shape,
  source: z.string(),
  session: z.string().nullable(),
  destinationPort: z.number().nullable(),
  user: z.string().nullable(),
  action: z.string().nullable(),
  outcome: z.enum(['success', 'failure']).nullable(),
  bytes: z.number().nullable(),
});
/** What a live history adds: what it waits with, in the order it will let it go. */
const live = z.strictObject({
  allowedLatenessMs: z.number().min(0),
  maxPending: z.int().min(1),
  newestMs: z.number().nullable(),
  releasedEarly: count,
  pending: z.array(event),
  about: z.unknown().optional(),
});
const header = z.strictObject({
  options,
  last: order.nullable(),
  events: count,
  late: count,
  sources: scope,
  sessions: scope,
  live: live.nullable(),
});

/** What a state is of. */
interface Saved {
  readonly options: CheckedOptions;
  readonly arena: Arena;
  readonly sources: Records;
  readonly sessions: Records;
  last: EventOrder | null;
  events: number;
  late: number;
}

/** What a live history adds to a state. */
export type LiveState = z.infer<typeof live>;

/** Returns a history's state as bytes; equal states have equal bytes. `liveState` is null for a history alone. */
export function saveHistory(history: Saved, liveState: LiveState | null): Uint8Array {
  const { options: given, last, events, late, sources, sessions } = history;
  const [ofSources, ofSessions] = [sources, sessions].map((records) => ({
    records: records.size,
    idle: records.evictedIdle,
    evicted: records.evictedForRoom,
  }));
  const parts = {
    options: given,
    last,
    events,
    late,
    sources: ofSources,
    sessions: ofSessions,
    live: liveState,
  };
  // Nothing takes more words in a state than in memory.
  return packState(parts, history.arena.usedWords, (words) => {
    const to = new StateWords(words);
    saveRecords(sources, to);
    saveRecords(sessions, to);
    return to.at;
  });
}

/**
 * Returns the history that bytes hold, put into the empty one that `create` returns, and what a live history added. Throws
 * INTEGRITY, or UNSUPPORTED for another version.
 */
export function loadHistory<H extends Saved>(
  bytes: Uint8Array,
  create: (options: CheckedOptions) => H,
): { history: H; live: LiveState | null } {
  const parts = unpackState(bytes);
  const {
    last,
    events,
    late,
    sources,
    sessions,
    live: liveState,
    options: given,
  } = parseHeader(parts.header);
  const history = createChecked(given, create);
  if (sources.records > given.maxSources || sessions.records > given.maxSessions)
    throw damagedState('it has more records than its options allow');
  const from = new StateWords(parts.words);
  const clockMs = last?.timeMs ?? Number.NEGATIVE_INFINITY;
  loadRecords(history.sources, from, sources.records, clockMs);
  loadRecords(history.sessions, from, sessions.records, clockMs);
  from.expectEnd();
  if (history.arena.usedWords * 4 > given.maxMemoryBytes)
    throw damagedState('it takes more memory than its options allow');
  Object.assign(history, { last, events, late });
  Object.assign(history.sources, { evictedIdle: sources.idle, evictedForRoom: sources.evicted });
  Object.assign(history.sessions, { evictedIdle: sessions.idle, evictedForRoom: sessions.evicted });
  return { history, live: liveState };
}

function parseHeader(value: unknown): z.infer<typeof header> {
  const parsed = header.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw damagedState(`in its header at ${issue.path.join('.') || 'the top level'}: ${issue.message}`);
}

function createChecked<H>(given: CheckedOptions, create: (options: CheckedOptions) => H): H {
  try {
    return create(given);
  } catch (cause) {
    throw damagedState(`its options are out of range: ${(cause as Error).message}`);
  }
}
