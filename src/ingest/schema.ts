import { type ColumnRole, type ColumnSchema, EVENT_FIELDS } from '../data/index.js';

/** The columns of the week-6 honeypot schema, by their names in the event form, with what each is for, and why. */
export const WEEK6_SCHEMA: readonly ColumnSchema[] = [
  {
    name: '@timestamp',
    role: 'time',
    reason: 'when the sensor wrote the event; orders events, says nothing about one',
  },
  {
    name: 'network.protocol',
    role: 'feature',
    reason: 'the protocol that was spoken, known before the outcome',
  },
  {
    name: 'event.action',
    role: 'label-defining',
    reason: 'the label is computed from it, so a model that reads it learns nothing else',
  },
  {
    name: 'source.ip',
    role: 'identifier',
    reason: 'names a sender; a model that reads it remembers senders, not attacks',
  },
  {
    name: 'destination.port',
    role: 'feature',
    reason: 'the port the client came in on, known before the outcome',
  },
  {
    name: 'http.request.method',
    role: 'feature',
    reason: 'what the client asked for, known before the outcome',
  },
  { name: 'url.original', role: 'feature', reason: 'what the client asked for, known before the outcome' },
  {
    name: 'user_agent.original',
    role: 'feature',
    reason: 'what the client says it is, known before the outcome',
  },
  {
    name: 'log.level',
    role: 'outcome',
    reason: 'written from the outcome by the sensor, so it is not known when a prediction is due',
  },
  { name: 'payload', role: 'feature', reason: 'what the client sent, known before the outcome' },
];

const REASONS: Readonly<Record<ColumnRole, string>> = {
  feature: 'known before the outcome',
  'label-defining': 'labels are made from it, so a model that reads it learns nothing else',
  outcome: 'it is known only once what it tells of is over',
  identifier: 'names who, where or which record; a model that reads it remembers those',
  time: 'orders events, says nothing about one but its time of day',
};

/** Every field of the event form with what it is for, and why: those of week 6 have the roles that they have there. */
export const EVENT_SCHEMA: readonly ColumnSchema[] = EVENT_FIELDS.map(
  ({ name, role }) =>
    WEEK6_SCHEMA.find((column) => column.name === name) ?? { name, role, reason: REASONS[role] },
);

/** The columns every week-6 file must have, by these names or those of the event form. The cells of `data` may be missing, those of the others may not. */
export const WEEK6_REQUIRED_COLUMNS: readonly string[] = ['honeypot_type', 'event', 'data'];

/** The columns that a file in event form must have, with a value in every row. */
export const EVENT_REQUIRED_COLUMNS: readonly string[] = ['@timestamp', 'event.dataset'];

/** Returns the columns that an input with these columns must have: those asked for, else those of the form that it is in. */
export function requiredColumnsOf(
  names: readonly string[],
  asked: readonly string[] | undefined,
): readonly string[] {
  return asked ?? (names.includes('event.dataset') ? EVENT_REQUIRED_COLUMNS : WEEK6_REQUIRED_COLUMNS);
}
