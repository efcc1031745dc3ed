import type { ColumnSchema, EventValue, HoneypotEvent, PayloadStatistics } from '#src/data/index.js';

/** Statistics of an empty payload but for what is given. */
export function statistics(given: Partial<PayloadStatistics> = {}): PayloadStatistics {
  const zero = {
    length: 0,
    entropy: 0,
    digits: 0,
    letters: 0,
    uppercase: 0,
    spaces: 0,
    specials: 0,
    quotes: 0,
  };
  const values = { nonAscii: 0, keys: 0, maxValueLength: 0, totalValueLength: 0, sqlSigns: 0, shellSigns: 0 };
  return { ...zero, ...values, emptyValues: 0, ...given };
}

/** An event of the named fields; the payload is missing unless given. */
export function eventOf(
  fields: Readonly<Record<string, EventValue>> = {},
  payload: Partial<PayloadStatistics> | null = null,
  line = 2,
): HoneypotEvent {
  return {
    position: line - 2,
    file: 'events.csv',
    line,
    fields,
    payload: payload === null ? null : statistics(payload),
  };
}

/** The roles of the week-6 schema, by the names of the event form. */
export const SCHEMA: readonly ColumnSchema[] = [
  { name: '@timestamp', role: 'time', reason: 'when it happened' },
  { name: 'source.ip', role: 'identifier', reason: 'who sent it' },
  { name: 'event.action', role: 'label-defining', reason: 'is_attack is made from it' },
  { name: 'log.level', role: 'outcome', reason: 'the sensor writes it after the event' },
  ...[
    'network.protocol',
    'destination.port',
    'http.request.method',
    'url.original',
    'user_agent.original',
    'payload',
  ].map((name): ColumnSchema => ({ name, role: 'feature', reason: 'known before the outcome' })),
];
