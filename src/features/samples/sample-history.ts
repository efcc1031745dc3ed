import type { EventFieldName, EventFields, TableColumn } from '../../data/index.js';
import {
  describeHistoryFeatures,
  EventHistory,
  type HistoryEvent,
  type HistoryScopeName,
} from '../history/index.js';

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
  readonly #history = new EventHistory();
  readonly #row = new Float32Array(this.#history.width);
  readonly #at: readonly number[];

  /** `scopes`: whose history. */
  constructor(scopes: readonly HistoryScopeName[]) {
    const features = describeHistoryFeatures();
    this.#at = features.flatMap(({ scope }, i) => (scopes.includes(scope) ? [i] : []));
    this.columns = this.#at.map((i) => {
      const { name, isInteger, description } = features[i]!;
      return { name, isInteger, reason: description, type: 'numeric', role: 'feature' };
    });
  }

  /** Takes the next event in; `cells` then returns what came before it. */
  observe(event: EventFields, position: number): void {
    this.#history.observe(historyEvent(event, position), this.#row);
  }

  /** Returns what came before the event that was taken in last, in the order of the columns. */
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
