import { PhantomNetError, show } from '../../core/index.js';

/** What the history of an event's source and session is made from; nothing else of the event is looked at. */
export interface HistoryEvent {
  /** Milliseconds since 1970, UTC; parts of a millisecond are cut off. */
  readonly timeMs: number;
  /** Name of the sensor; decides the order of events of one time. */
  readonly sensor: string;
  /** Place among the sensor's events; decides the order of those of one time. */
  readonly position: number;
  /** Address the event came from, compared as text. Events without one, which give the empty text, share a history. */
  readonly source: string;
  /** The sensor's id of the session; null where the event belongs to none. */
  readonly session: string | null;
  readonly destinationPort: number | null;
  readonly user: string | null;
  readonly action: string | null;
  readonly outcome: 'success' | 'failure' | null;
  /** Bytes moved, 0 or more; counted as 0 where it is missing or no such number. */
  readonly bytes?: number | null;
}

/** What decides the order of events. */
export type EventOrder = Pick<HistoryEvent, 'timeMs' | 'sensor' | 'position'>;

/** The last millisecond that a date can hold. */
export const MAX_TIME_MS = 8.64e15;

/**
 * Returns a negative number where `a` comes before `b`, a positive one where it comes after, and 0 where neither does:
 * by time in whole milliseconds, then sensor by code units, then position.
 */
export function compareEvents(a: EventOrder, b: EventOrder): number {
  const apart = Math.floor(a.timeMs) - Math.floor(b.timeMs);
  if (apart !== 0) return apart;
  if (a.sensor !== b.sensor) return a.sensor < b.sensor ? -1 : 1;
  return a.position - b.position;
}

/** Throws BAD_DATA where an event has no usable time or position: without them it has no place in the order. */
export function checkOrder(event: EventOrder): void {
  if (!(Math.abs(event.timeMs) <= MAX_TIME_MS)) refuse('timeMs', 'milliseconds since 1970', event.timeMs);
  if (!Number.isFinite(event.position)) refuse('position', 'a finite number', event.position);
}

function refuse(field: string, expected: string, value: unknown): never {
  throw new PhantomNetError('BAD_DATA', `${field} of an event must be ${expected}, got ${show(value)}`, {
    hint: 'reject the event before it comes to the history',
    details: { field, value },
  });
}
