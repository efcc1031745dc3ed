import type { ColumnSchema } from '../data/index.js';

/** The columns of the week-6 honeypot schema with what each is for, and why. */
export const WEEK6_SCHEMA: readonly ColumnSchema[] = [
  {
    name: 'timestamp',
    role: 'time',
    reason: 'when the sensor wrote the event; orders events, says nothing about one',
  },
  {
    name: 'honeypot_type',
    role: 'feature',
    reason: 'the protocol that was spoken, known before the outcome',
  },
  {
    name: 'event',
    role: 'label-defining',
    reason: 'the label is computed from it, so a model that reads it learns nothing else',
  },
  {
    name: 'source_ip',
    role: 'identifier',
    reason: 'names a sender; a model that reads it remembers senders, not attacks',
  },
  { name: 'port', role: 'feature', reason: 'the port the client came in on, known before the outcome' },
  { name: 'method', role: 'feature', reason: 'what the client asked for, known before the outcome' },
  { name: 'path', role: 'feature', reason: 'what the client asked for, known before the outcome' },
  { name: 'user_agent', role: 'feature', reason: 'what the client says it is, known before the outcome' },
  {
    name: 'level',
    role: 'outcome',
    reason: 'written from the outcome by the sensor, so it is not known when a prediction is due',
  },
  { name: 'data', role: 'feature', reason: 'what the client sent, known before the outcome' },
];

/** The columns every week-6 file must have. The cells of `data` may be missing, those of the others may not. */
export const WEEK6_REQUIRED_COLUMNS: readonly string[] = ['honeypot_type', 'event', 'data'];
