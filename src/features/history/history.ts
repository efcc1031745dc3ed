import { invalidParameter } from '../../core/index.js';
import { Arena } from './arena.js';
import { HISTORY_FEATURES, WIDTHS } from './catalogue.js';
import { checkOrder, compareEvents, type EventOrder, type HistoryEvent } from './event.js';
import { KeyedHash } from './keyed-hash.js';
import { type CheckedOptions, checkOptions, type HistoryOptions } from './options.js';
import { observeRecord } from './record-step.js';
import { NO_VALUE, nothingTaken } from './record-update.js';
import { Records } from './records.js';
import { loadHistory, saveHistory } from './state.js';
import { damagedState } from './state-bytes.js';
import { Trails } from './trails.js';

/** Memory held for each byte that sources and sessions may take, before it is made compact. */
const MOST_HELD = 1.25;

/** What a history holds and what it let go. */
export interface HistoryCounts {
  readonly events: number;
  /** Events that came after one that follows them in the order. */
  readonly late: number;
  readonly sources: number;
  readonly sessions: number;
  /** Sources forgotten because the longest window held nothing of them. */
  readonly idleSources: number;
  readonly idleSessions: number;
  /** Sources forgotten, the least recently seen first, to make room. */
  readonly evictedSources: number;
  readonly evictedSessions: number;
  /** Bytes that sources and sessions take, without the tables that find them. */
  readonly memoryBytes: number;
  /** Bytes held for them: more, where what was forgotten left gaps. */
  readonly heldBytes: number;
}

/**
 * The history of sources and sessions: turns each event into features of what came before it, then takes it in. The one
 * implementation for training (a replay) and scoring (live), the same to the bit for the same events in the same order.
 * Throws INVALID_PARAMETER for options out of range. Deterministic given `randomState`.
 *
 * @example
 * ```ts
 * const history = new EventHistory();
 * const row = new Float32Array(history.width);
 * const event = { sensor: 'ssh-1', source: '192.0.2.1', session: 'a1', destinationPort: 22, user: 'root', action: 'login', outcome: 'failure' } as const;
 * history.observe({ ...event, timeMs: 0, position: 0 }, row); // false
 * history.observe({ ...event, timeMs: 4000, position: 1 }, row); // false
 * const at = describeHistoryFeatures().findIndex(({ name }) => name === 'source_gap');
 * row[at]; // 4
 * ```
 */
export class EventHistory {
  /** Numbers of a row. */
  readonly width = HISTORY_FEATURES.length;
  readonly options: CheckedOptions;
  /** Where the events stand: the latest in the order of all taken in. Null before the first. */
  last: EventOrder | null = null;
  events = 0;
  late = 0;
  /** @internal */
  readonly arena = new Arena();
  /** @internal */
  readonly sources: Records;
  /** @internal */
  readonly sessions: Records;
  private readonly hash: KeyedHash;
  /** Words held beyond which the memory is made compact. */
  private compactAt: number;
  private readonly portIds = new Float64Array(65_536).fill(NO_VALUE);
  // Filled again for each event, so that none makes garbage.
  private readonly source = { low: 0, high: 0 };
  private readonly taken = { source: nothingTaken('source'), session: nothingTaken('session') };

  constructor(options: HistoryOptions = {}) {
    this.options = checkOptions(options);
    const trails = new Trails(this.arena);
    this.sources = new Records(this.arena, trails, 'source', this.options.maxSources);
    this.sessions = new Records(this.arena, trails, 'session', this.options.maxSessions);
    this.compactAt = (MOST_HELD * this.options.maxMemoryBytes) / 4;
    this.hash = new KeyedHash(this.options.randomState);
  }

  /** Whether an event comes after one that follows it in the order. */
  isLate(event: EventOrder): boolean {
    return this.last !== null && compareEvents(event, this.last) < 0;
  }

  /**
   * Writes the features of an event to `row` from `at` on, `width` numbers, then takes the event in. Returns whether it is
   * late: then it counts as one of the time of the latest event. Throws BAD_DATA for a time or position that is no number,
   * INVALID_PARAMETER for a row that is too short.
   */
  observe(event: HistoryEvent, row: Float32Array, at = 0): boolean {
    checkOrder(event);
    if (row.length < at + this.width)
      invalidParameter('row', `of at least ${at + this.width} numbers`, row.length);
    const late = this.isLate(event);
    if (late) this.late += 1;
    else {
      const { timeMs, sensor, position } = event;
      this.last = { timeMs: Math.floor(timeMs), sensor, position };
    }
    const timeMs = this.last!.timeMs;
    this.events += 1;
    this.sources.evictIdle(timeMs);
    this.sessions.evictIdle(timeMs);
    this.readEvent(event, timeMs);
    observeRecord(this.sources, this.source, this.taken.source, { row, to: at });
    if (event.session === null) row.fill(Number.NaN, at + WIDTHS.source, at + this.width);
    else observeRecord(this.sessions, this.hash, this.taken.session, { row, to: at + WIDTHS.source });
    this.makeRoom();
    return late;
  }

  /** Returns what the history holds and what it let go. */
  counts(): HistoryCounts {
    return {
      events: this.events,
      late: this.late,
      sources: this.sources.size,
      sessions: this.sessions.size,
      idleSources: this.sources.evictedIdle,
      idleSessions: this.sessions.evictedIdle,
      evictedSources: this.sources.evictedForRoom,
      evictedSessions: this.sessions.evictedForRoom,
      memoryBytes: this.arena.usedWords * 4,
      heldBytes: this.arena.heldWords * 4,
    };
  }

  /**
   * Returns the state as bytes that `fromBytes` reads, wherever and whenever: going on from there gives the same rows, bit
   * for bit. Equal states have equal bytes.
   */
  toBytes(): Uint8Array {
    return saveHistory(this, null);
  }

  /**
   * Returns the history that `toBytes` saved. Throws INTEGRITY for bytes that are damaged or cannot have come about,
   * UNSUPPORTED for those of another version.
   */
  static fromBytes(bytes: Uint8Array): EventHistory {
    const { history, live } = loadHistory(bytes, (options) => new EventHistory(options));
    if (live !== null) throw damagedState('it is that of a live history, which LiveHistory.fromBytes reads');
    return history;
  }

  /** Leaves the source's key in `source`, the session's in `hash`, and what records take in `taken`. */
  private readEvent(event: HistoryEvent, timeMs: number): void {
    const { hash, taken, source } = this;
    const { bytes: moved } = event;
    // So bounded, no sum of them is infinite.
    const bytes = moved != null && moved > 0 && moved <= Number.MAX_SAFE_INTEGER ? moved : 0;
    const sensor = this.idOf(event.sensor);
    const port = this.portId(event.destinationPort);
    const user = this.idOf(event.user);
    const action = this.idOf(event.action);
    hash.hash(event.source);
    source.low = hash.low;
    source.high = hash.high;
    if (event.session !== null) hash.hash(event.session, source.low, source.high);
    const session = event.session === null ? NO_VALUE : hash.low;
    for (const part of [taken.source, taken.session]) {
      part.timeMs = timeMs;
      part.outcome = event.outcome;
      part.bytes = bytes;
    }
    // In the order of VALUES.
    const ofSource = taken.source.values;
    const ofSession = taken.session.values;
    ofSource[0] = sensor;
    ofSource[1] = ofSession[0] = port;
    ofSource[2] = ofSession[1] = user;
    ofSource[3] = ofSession[2] = action;
    ofSource[4] = session;
  }

  private idOf(text: string | null): number {
    if (text === null) return NO_VALUE;
    this.hash.hash(text);
    return this.hash.low;
  }

  /** Ports are few and seen again and again, so their hashes are kept. */
  private portId(port: number | null): number {
    if (port === null || !Number.isFinite(port)) return NO_VALUE;
    const known = this.portIds[port];
    if (known !== undefined && known !== NO_VALUE) return known;
    const id = this.idOf(String(port));
    if (known !== undefined) this.portIds[port] = id;
    return id;
  }

  /** Evicts beyond the memory allowed, by what is in use: so it does not matter how that lies. Then moves it together. */
  private makeRoom(): void {
    const { arena, sources, sessions } = this;
    const most = this.options.maxMemoryBytes / 4;
    while (arena.usedWords > most)
      (sources.oldestSeenMs() <= sessions.oldestSeenMs() ? sources : sessions).evictForRoom();
    if (arena.heldWords <= this.compactAt) return;
    if (arena.closeSparse()) {
      sources.evacuate();
      sessions.evacuate();
    }
    this.compactAt = Math.max(MOST_HELD * most, arena.heldWords + (MOST_HELD - 1) * 0.2 * most);
  }
}
