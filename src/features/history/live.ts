import { invalidParameter } from '../../core/index.js';
import { checkOrder, type HistoryEvent } from './event.js';
import { EventQueue } from './event-queue.js';
import { EventHistory, type HistoryCounts } from './history.js';
import { type LiveState, loadHistory, saveHistory } from './state.js';
import { damagedState } from './state-bytes.js';

/** How long a live history waits. */
export interface LiveHistoryOptions {
  /** How much later than the newest event one may come and still be put in order; default 60,000 ms. */
  readonly allowedLatenessMs?: number | undefined;
  /** Events that wait at most; the first is let go early when there are more. Default 1,000,000. */
  readonly maxPending?: number | undefined;
}

/** An event with the features of what came before it. */
export interface ObservedEvent {
  readonly event: HistoryEvent;
  readonly row: Float32Array;
  /** Whether it came too late to be put in order, and was scored on the history as it was. */
  readonly late: boolean;
}

/** What a live history holds and what it let go. */
export interface LiveHistoryCounts extends HistoryCounts {
  readonly pending: number;
  /** Events let go before their time, because more than `maxPending` waited. */
  readonly releasedEarly: number;
}

/**
 * A history for events as they come: each waits until nothing that is at most `allowedLatenessMs` late can come before it,
 * so input that is less out of order than that gives the rows of a replay, bit for bit. Time is that of the events, so the
 * last ones wait until a newer one comes or `flush` is called. Throws INVALID_PARAMETER for options out of range.
 *
 * @example
 * ```ts
 * const live = new LiveHistory(new EventHistory(), { allowedLatenessMs: 1000 });
 * const event = { sensor: 'ssh-1', source: '192.0.2.1', session: null, destinationPort: 22, user: null, action: null, outcome: null } as const;
 * live.push({ ...event, timeMs: 5000, position: 1 }).length; // 0
 * live.push({ ...event, timeMs: 4500, position: 0 }).length; // 0
 * live.push({ ...event, timeMs: 6200, position: 2 }).map((o) => o.event.position); // [0, 1]
 * live.flush().map((o) => o.event.position); // [2]
 * ```
 */
export class LiveHistory {
  /** What is to be saved with the state, as JSON: whoever reads it must check it. */
  about: unknown = null;
  private readonly allowedLatenessMs: number;
  private readonly maxPending: number;
  private readonly queue = new EventQueue();
  private newestMs = Number.NEGATIVE_INFINITY;
  private releasedEarly = 0;

  constructor(
    readonly history: EventHistory,
    { allowedLatenessMs = 60_000, maxPending = 1_000_000 }: LiveHistoryOptions = {},
  ) {
    if (!(allowedLatenessMs >= 0 && allowedLatenessMs < Number.POSITIVE_INFINITY))
      invalidParameter('allowedLatenessMs', 'a number of milliseconds of 0 or more', allowedLatenessMs);
    if (!Number.isInteger(maxPending) || maxPending < 1)
      invalidParameter('maxPending', 'a whole number of 1 or more', maxPending);
    this.allowedLatenessMs = allowedLatenessMs;
    this.maxPending = maxPending;
  }

  /** Takes an event and returns those whose turn it is, in order. Throws BAD_DATA as `EventHistory.observe` does. */
  push(event: HistoryEvent): ObservedEvent[] {
    checkOrder(event);
    if (this.history.isLate(event)) return [this.observe(event)];
    this.newestMs = Math.max(this.newestMs, Math.floor(event.timeMs));
    this.queue.add(event);
    const released = this.release(this.newestMs - this.allowedLatenessMs);
    if (this.queue.size > this.maxPending) {
      this.releasedEarly += 1;
      released.push(this.observe(this.queue.takeFirst()!));
    }
    return released;
  }

  /** Returns all that still waits, in order. What comes later and belongs before it is late. */
  flush(): ObservedEvent[] {
    return this.release(Number.POSITIVE_INFINITY);
  }

  /** Returns the state, what waits included, as bytes that `fromBytes` reads. */
  toBytes(): Uint8Array {
    const { about, allowedLatenessMs, maxPending, newestMs, releasedEarly } = this;
    return saveHistory(this.history, {
      allowedLatenessMs,
      maxPending,
      newestMs: Number.isFinite(newestMs) ? newestMs : null,
      releasedEarly,
      pending: this.queue.inOrder().map(stored),
      about,
    });
  }

  /** Returns what the history holds, what waits, and what was let go. */
  counts(): LiveHistoryCounts {
    return { ...this.history.counts(), pending: this.queue.size, releasedEarly: this.releasedEarly };
  }

  /**
   * Returns the live history that `toBytes` saved. Throws INTEGRITY for bytes that are damaged or cannot have come about,
   * UNSUPPORTED for those of another version.
   */
  static fromBytes(bytes: Uint8Array): LiveHistory {
    const { history, live: state } = loadHistory(bytes, (options) => new EventHistory(options));
    if (state === null)
      throw damagedState('it is that of a history alone, which EventHistory.fromBytes reads');
    const live = new LiveHistory(history, state);
    live.newestMs = state.newestMs ?? Number.NEGATIVE_INFINITY;
    live.releasedEarly = state.releasedEarly;
    live.about = state.about ?? null;
    for (const event of state.pending) live.queue.add(event);
    return live;
  }

  /** An event of the watermark's own time waits: another of that time, of a sensor that comes before, may follow. */
  private release(watermarkMs: number): ObservedEvent[] {
    const released: ObservedEvent[] = [];
    while (this.queue.size > 0 && Math.floor(this.queue.first!.timeMs) < watermarkMs)
      released.push(this.observe(this.queue.takeFirst()!));
    return released;
  }

  private observe(event: HistoryEvent): ObservedEvent {
    const row = new Float32Array(this.history.width);
    const late = this.history.observe(event, row);
    return { event, row, late };
  }
}

/** Only what is of the event's own form: a caller's object may carry more. */
function stored(event: HistoryEvent): LiveState['pending'][number] {
  const {
    timeMs,
    sensor,
    position,
    source,
    session,
    destinationPort,
    user,
    action,
    outcome,
    bytes = null,
  } = event;
  return { timeMs, sensor, position, source, session, destinationPort, user, action, outcome, bytes };
}
