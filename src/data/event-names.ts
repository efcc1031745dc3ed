import type { EventFieldName, EventValue } from './event-fields.js';

/** The columns of the week-6 honeypot schema, in the order the sample is written, with the event field that each is. */
export const WEEK6_FIELDS = {
  timestamp: '@timestamp',
  honeypot_type: 'network.protocol',
  event: 'event.action',
  source_ip: 'source.ip',
  port: 'destination.port',
  method: 'http.request.method',
  path: 'url.original',
  user_agent: 'user_agent.original',
  level: 'log.level',
  data: 'payload',
} as const satisfies Readonly<Record<string, EventFieldName>>;

/** The name of a column of the week-6 honeypot schema. */
export type EventColumn = keyof typeof WEEK6_FIELDS;

/** The columns of the week-6 honeypot schema, in the order the sample is written. */
export const EVENT_COLUMNS = Object.keys(WEEK6_FIELDS) as readonly EventColumn[];

const FIELD_OF: ReadonlyMap<string, string> = new Map(Object.entries(WEEK6_FIELDS));
const SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(WEEK6_FIELDS).map(([column, field]) => [field, [field, column]]),
);

/**
 * Returns the name that an event has for a column of the user: `log.level` for the week-6 column `level`; any other name
 * is its own.
 *
 * @example
 * ```ts
 * eventFieldName('level'); // 'log.level'
 * eventFieldName('log.level'); // 'log.level'
 * ```
 */
export function eventFieldName(column: string): string {
  return FIELD_OF.get(column) ?? column;
}

/** Returns how a user may write the name of an event field: its own name, then the week-6 one where it has one. */
export function fieldSpellings(field: string): readonly string[] {
  return SPELLINGS.get(field) ?? [field];
}

/** Returns the value of an event field as text: a time as ISO 8601 in UTC. */
export function fieldText(field: string, value: Exclude<EventValue, null>): string {
  return field === '@timestamp' && typeof value === 'number' ? new Date(value).toISOString() : String(value);
}

/**
 * Returns whether fields are those of a log in event form, which say what log it was and leave out what has no value; a
 * week-6 event has every column of its file.
 */
export function isEventForm(fields: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(fields, 'event.dataset');
}
