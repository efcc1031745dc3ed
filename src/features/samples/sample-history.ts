import type { EventFieldName, EventFields, TableColumn } from '../../data/index.js';
import {
  describeHistoryFeatures,
  EventHistory,
  type HistoryEvent,
  type HistoryScopeName,
  type ObservedEvent,
} from '../history/index.js';
import type { SampleState } from './sample-state.js';

/** The fields that a history is made of. */
export const HISTORY_FIELDS = [
  '@timestamp',
  'observer.name',
  'source.ip',
  'session',
  'destination.port',
  'user.name',
  'event.action',
  'event.outcome',
  'source.bytes',
] as const satisfies readonly EventFieldName[];

/** What came before each event, from its source and in its session, as cells of a table. */
export class SampleHistory {
  readonly columns: readonly TableColumn[];
  /** Whether the event that was told of last came too late to be put in order. */
  isLate = false;
  readonly #state: SampleState | undefined;
  readonly #history: EventHistory;
  #row: Float32Array;
  readonly #at: readonly number[];
  /** What is to be done with the events of this file that wait; nothing with those of earlier files. */
  readonly #waiting = new Map<HistoryEvent, () => void>();
  #nextPosition: number;

  /** `scopes`: whose history. `state`: what earlier files left. */
  constructor(scopes: readonly HistoryScopeName[], state?: SampleState) {
    this.#state = state;
    this.#history = state?.live.history ?? new EventHistory();
    this.#row = new Float32Array(this.#history.width);
    // Behind all of earlier files.
    this.#nextPosition = this.#history.events + (state?.live.counts().pending ?? 0);
    const features = describeHistoryFeatures();
    this.#at = features.flatMap(({ scope }, i) => (scopes.includes(scope) ? [i] : []));
    this.columns = this.#at.map((i) => {
      const { name, isInteger, description } = features[i]!;
      return { name, isInteger, reason: description, type: 'numeric', role: 'feature' };
    });
  }

  /**
   * Takes the next event in. `take` is called when `cells` returns what came before it: at once, or with a state when no
   * event of an earlier file can belong before it, at the latest in `finish`.
   */
  observe(event: EventFields, take: () => void): void {
    const made = historyEvent(event, this.#nextPosition++);
    if (this.#state === undefined) {
      this.#history.observe(made, this.#row);
      take();
      return;
    }
    this.#waiting.set(made, take);
    this.#tell(this.#state.live.push(made));
  }

  /** Ends the file: tells of all events that wait. Returns the state for the next file, where there is one. */
  finish(): Uint8Array | undefined {
    const settled = this.#state?.settle();
    this.#tell(settled?.observed ?? []);
    return settled?.bytes;
  }

  #tell(observed: readonly ObservedEvent[]): void {
    for (const { event, row, late } of observed) {
      this.#row = row;
      this.isLate = late;
      this.#waiting.get(event)?.();
      this.#waiting.delete(event);
    }
  }

  /** Returns what came before the event that was told of last, in the order of the columns. */
  cells(): number[] {
    return this.#at.map((i) => this.#row[i]!);
  }
}

function historyEvent(event: EventFields, position: number): HistoryEvent {
  const outcome = event['event.outcome'];
  return {
    timeMs: event['@timestamp'] as number,
    sensor: textOf(event['observer.name']) ?? '',
    position,
    source: textOf(event['source.ip']) ?? '',
    session: textOf(event.session),
    destinationPort: numberOf(event['destination.port']),
    user: textOf(event['user.name']),
    action: textOf(event['event.action']),
    outcome: outcome === 'success' || outcome === 'failure' ? outcome : null,
    bytes: numberOf(event['source.bytes']),
  };
}

type Value = EventFields[EventFieldName];
const textOf = (value: Value): string | null =>
  value === undefined || value === null ? null : String(value);
const numberOf = (value: Value): number | null => (typeof value === 'number' ? value : null);
