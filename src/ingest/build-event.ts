import { didYouMean, PhantomNetError } from '../core/index.js';
import {
  type EventValue,
  eventFieldName,
  fieldSpellings,
  type HoneypotEvent,
  isEventForm,
  type PayloadStatistics,
  type PythonValue,
  parseJsonLiteral,
  parsePayloadStatistics,
  parsePythonLiteral,
  payloadStatistics,
  pythonRepr,
} from '../data/index.js';
import { readEventValue } from './known-values.js';
import { redactFields } from './redact.js';
import type { RowFault } from './row.js';
import { requiredColumnsOf } from './schema.js';

/** What every event of one input shares. */
export interface EventRules {
  readonly file: string;
  /** Absent: those of the form that the row is in. */
  readonly requiredColumns?: readonly string[] | undefined;
  readonly keepSecrets: boolean;
  readonly maxRecordBytes: number;
}

/** Where an event stands in its input. */
interface EventPlace {
  readonly line: number;
  readonly position: number;
}

type Cells = readonly (readonly [name: string, value: PythonValue])[];
const NOT_TEXT = /[\0\p{Cs}]/u;

/** Cells as text, by the names of the input. */
type Texts = Record<string, string | null>;
type Fields = Record<string, EventValue>;

/**
 * Returns the event of one row, or why the row is none. Cells are named as in week 6 or as in the event form; numbers, bools
 * and nested values become the text Python prints for them, or a number where the form says so, so an event is the same
 * whatever the format it was read from. Secrets are replaced after the statistics were taken.
 */
export function buildEvent(cells: Cells, place: EventPlace, rules: EventRules): HoneypotEvent | RowFault {
  const texts: Texts = Object.create(null);
  for (const [name, value] of cells)
    texts[name] = value === null || typeof value === 'string' ? value : pythonRepr(value);
  const fault = textFault(texts, rules);
  if (fault !== undefined) return fault;
  const named = toFields(texts);
  if ('code' in named) return named;
  const payload = readPayload(cells, texts, rules);
  if ('code' in payload) return payload;
  return {
    position: place.position,
    file: rules.file,
    line: place.line,
    fields: rules.keepSecrets ? named.fields : redactFields(named.fields, payload.value),
    payload: payload.statistics,
  };
}

/** Gives every cell its name and type in the event form; the one place where columns are renamed. */
function toFields(texts: Readonly<Texts>): { readonly fields: Fields } | RowFault {
  const fields: Fields = Object.create(null);
  const keepsMissing = !isEventForm(texts);
  for (const column in texts) {
    const field = eventFieldName(column);
    if (field !== column && field in texts) return twice(field);
    const text = texts[column]!;
    const value = text === null ? null : readEventValue(field, text, column);
    if (typeof value === 'object' && value !== null) return { ...value, column };
    // Of the 70 columns of a file in event form an event has about 15.
    if (value !== null || keepsMissing) fields[field] = value;
  }
  return { fields };
}

function twice(field: string): RowFault {
  const [name, column] = fieldSpellings(field);
  return {
    code: 'duplicate-column',
    reason: `the row has ${column} and ${name}, which are one field`,
    column: field,
  };
}

/** What a row sent: what its text says, and the statistics of it before secrets were replaced. */
interface Payload {
  readonly value: PythonValue;
  readonly statistics: PayloadStatistics | null;
}

function readPayload(cells: Cells, texts: Readonly<Texts>, rules: EventRules): Payload | RowFault {
  const column = 'data' in texts ? 'data' : 'payload';
  const text = texts[column] ?? null;
  const given = text === null ? null : (cells.find(([name]) => name === column)?.[1] ?? null);
  const parsed = typeof given === 'string' ? parseData(given, rules) : { value: given };
  // A sensor's payload may be any text, the data of week 6 is a literal.
  if ('code' in parsed && column === 'data') return parsed;
  const value = 'code' in parsed ? text : parsed.value;
  const stored = texts['payload.statistics'] ?? null;
  if (stored === null || stored === '')
    return { value, statistics: text === null ? null : payloadStatistics(text, value) };
  const statistics = parsePayloadStatistics(stored);
  return statistics === undefined ? BAD_STATISTICS : { value, statistics };
}

const BAD_STATISTICS: RowFault = {
  code: 'bad-data',
  reason: 'the field holds no statistics of a payload',
  column: 'payload.statistics',
};

function textFault(fields: Readonly<Texts>, rules: EventRules): RowFault | undefined {
  for (const name in fields) {
    const value = fields[name]!;
    if (value === null) continue;
    if (value.length > rules.maxRecordBytes)
      return {
        code: 'too-large',
        reason: `the field is longer than ${rules.maxRecordBytes} characters`,
        column: name,
      };
    if (!NOT_TEXT.test(value)) continue;
    if (value.includes('\0')) return { code: 'nul', reason: 'the field holds a NUL character', column: name };
    return { code: 'bad-text', reason: 'the field holds half a surrogate pair', column: name };
  }
  for (const name of requiredColumnsOf(Object.keys(fields), rules.requiredColumns)) {
    const field = eventFieldName(name);
    if (field === 'payload' || fieldSpellings(field).some((spelling) => (fields[spelling] ?? '') !== ''))
      continue;
    return { code: 'missing-value', reason: missingReason(name, fields), column: name };
  }
  return undefined;
}

function missingReason(name: string, fields: Readonly<Texts>): string {
  if (fieldSpellings(eventFieldName(name)).some((spelling) => spelling in fields))
    return 'the field is required and has no value';
  const suggestion = didYouMean(name, Object.keys(fields));
  return `the field is required and absent${suggestion === undefined ? '' : `; ${suggestion}`}`;
}

/** Reads a `data` text as a Python literal, else as JSON; where it is neither, the reader that got further says why. */
function parseData(text: string, rules: EventRules): { value: PythonValue } | RowFault {
  if (text === '') return { value: null };
  const limits = { maxLength: rules.maxRecordBytes };
  let python: PhantomNetError;
  try {
    return { value: parsePythonLiteral(text, limits) };
  } catch (error) {
    python = literalError(error);
  }
  try {
    return { value: parseJsonLiteral(text, limits) };
  } catch (error) {
    const json = literalError(error);
    const further = Number(json.details.offset) > Number(python.details.offset) ? json : python;
    return {
      code: 'bad-data',
      reason: `neither a Python literal nor JSON: ${further.message}`,
      column: 'data',
    };
  }
}

function literalError(error: unknown): PhantomNetError {
  if (error instanceof PhantomNetError && error.code === 'BAD_DATA') return error;
  throw error;
}
