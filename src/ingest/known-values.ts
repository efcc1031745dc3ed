import { EVENT_FIELDS, type EventFieldType, type EventValue } from '../data/index.js';
import type { RowFault } from './row.js';

const TYPES: ReadonlyMap<string, EventFieldType> = new Map(
  EVENT_FIELDS.map(({ name, type }) => [name, type]),
);

/** 8080.0 is what pandas writes for a whole number in a column with gaps. */
const PORT = /^\d{1,5}(?:\.0{1,16})?$/;
const WHOLE = /^-?\d{1,16}(?:\.0{1,16})?$/;
const NUMBER = /^[+-]?\d{1,32}(?:\.\d{1,32})?(?:[eE][+-]?\d{1,3})?$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:([T ])\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-][01]\d:?[0-5]\d)?)?$/;
const EPOCH_MS = /^-?\d{1,16}$/;
const LATEST_MS = 8.64e15;

type Fault = Omit<RowFault, 'column'>;

const BAD_PORT: Fault = {
  code: 'bad-port',
  reason: 'the field is no port: a whole number from 0 to 65535 is expected',
};
const BAD_TIME: Fault = {
  code: 'bad-time',
  reason:
    'the field is no time: ISO 8601 is expected, such as 2026-01-12T00:10:01.417608+00:00, with a day that exists',
};
const BAD_NUMBER: Fault = { code: 'bad-number', reason: 'the field is no number' };
const BAD_WHOLE: Fault = { code: 'bad-number', reason: 'the field is no whole number' };

/**
 * Returns the value that an event field has for the text of a cell, or what is wrong with it. Text stays as it is; an empty
 * cell of a number or time is missing. `column` is the name in the input: only one named @timestamp may count milliseconds.
 */
export function readEventValue(field: string, text: string, column: string): EventValue | Fault {
  const type = TYPES.get(field);
  if (type === undefined || type === 'text' || type === 'address') return text;
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (type === 'port') return PORT.test(trimmed) && Number(trimmed) <= 65_535 ? Number(trimmed) : BAD_PORT;
  if (type === 'time') return readTime(text, column === field) ?? BAD_TIME;
  if (type === 'integer') return wholeNumber(trimmed) ?? BAD_WHOLE;
  return NUMBER.test(trimmed) && Number.isFinite(Number(trimmed)) ? Number(trimmed) : BAD_NUMBER;
}

/** Returns milliseconds since 1970 of a time written as ISO 8601, NaN where it is none; one without a zone is UTC. */
export function isoTimeMs(text: string): number {
  return readTime(text.trim(), false) ?? Number.NaN;
}

function wholeNumber(text: string): number | undefined {
  const value = WHOLE.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Returns milliseconds since 1970; a time without a zone is UTC, wherever the program runs. */
function readTime(text: string, mayBeEpoch: boolean): number | undefined {
  if (mayBeEpoch && EPOCH_MS.test(text)) {
    const ms = Number(text);
    return Math.abs(ms) <= LATEST_MS ? ms : undefined;
  }
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, clock, zone] = parts;
  const ms = Date.parse(clock !== undefined && zone === undefined ? `${text}Z` : text);
  // Date takes 30 February for 2 March.
  const exists =
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return Number.isFinite(ms) && exists ? ms : undefined;
}
