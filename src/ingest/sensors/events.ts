import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { ACTION_COLUMNS, columnRules, MESSAGE_COLUMNS, TIME_COLUMNS } from './event-columns.js';
import { applyRules, valueAt } from './field-rules.js';
import { jsonSource } from './json-source.js';
import { passwordsOfRow } from './row-passwords.js';
import type { EventSink, JsonRecord } from './source.js';

/** What a row needs to be an event, in words. */
export const EVENT_NEEDS = `a time (${TIME_COLUMNS.join(', ')}) and an action (${ACTION_COLUMNS.join(', ')}) or message`;

const RULES = columnRules();
/** What says where an event was first read; only all of it together is believed. */
const PLACE = ['event.dataset', 'event.action', 'event.hash', 'log.file.path', 'log.line'] as const;
const HASH = /^[\da-f]{32}$/;

/**
 * Rows that have the fields of an event by name, flat or nested, or by a usual name of their column: tables of any origin,
 * and what `ingest` itself wrote, whose events are given again as they were. Surest of nothing, so every other source goes
 * before it.
 */
export const EVENTS = {
  ...jsonSource({
    name: 'events',
    title: 'rows in the event form or with usual names of columns (CSV, JSON lines, Parquet)',
    recognise: ({ records }) => (2 * records.filter(isEvent).length >= Math.max(1, records.length) ? 0.5 : 0),
    readRecord,
  }),
  // The events of one line of a log stand in rows of their own, and are told from repeats by those before.
  lines: 'in-order',
} as const;

function isEvent(record: JsonRecord): boolean {
  const has = (name: string): boolean =>
    Object.hasOwn(record, name) || valueAt(record, name.split('.')) !== undefined;
  return TIME_COLUMNS.some(has) && [...ACTION_COLUMNS, ...MESSAGE_COLUMNS].some(has);
}

function readRecord(record: JsonRecord, sink: EventSink, line: string): RowFault | undefined {
  const fields: EventFields = {};
  const fault = applyRules(RULES, record, fields, sink) ?? settlePlace(fields);
  if (fault !== undefined) return fault;
  if (typeof fields['event.action'] !== 'string') {
    if ((fields.payload ?? null) === null)
      return {
        code: 'missing-value',
        reason: 'the record has neither an action nor a message',
        column: 'event.action',
      };
    fields['event.action'] = 'message';
  }
  fields['event.dataset'] ??= 'events';
  return sink.add(fields, passwordsOfRow(record, line), 'event');
}

/** Leaves the place out where not all of it is told, so that a row cannot pass for the repeat of a line it never was. */
function settlePlace(fields: EventFields): RowFault | undefined {
  if (PLACE.some((name) => (fields[name] ?? null) === null)) {
    for (const name of ['event.hash', 'log.file.path', 'log.line'] as const) delete fields[name];
    return undefined;
  }
  if (HASH.test(String(fields['event.hash']))) return undefined;
  return { code: 'bad-data', reason: 'the field is no hash of a line: 32 hex digits', column: 'event.hash' };
}
