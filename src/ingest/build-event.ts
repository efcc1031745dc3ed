import { didYouMean, PhantomNetError } from '../core/index.js';
import {
  type HoneypotEvent,
  type PythonValue,
  parseJsonLiteral,
  parsePythonLiteral,
  payloadStatistics,
  pythonRepr,
} from '../data/index.js';
import { valueFault } from './known-values.js';
import { redactFields } from './redact.js';
import type { RowFault } from './row.js';

/** What every event of one input shares. */
export interface EventRules {
  readonly file: string;
  readonly requiredColumns: readonly string[];
  readonly keepSecrets: boolean;
  readonly maxRecordBytes: number;
}

/** Where an event stands in its input. */
export interface EventPlace {
  readonly line: number;
  readonly position: number;
}

type Cells = readonly (readonly [name: string, value: PythonValue])[];
const NOT_TEXT = /[\0\p{Cs}]/u;

type Fields = Record<string, string | null>;

/**
 * Returns the event of one row, or why the row is none. Numbers, bools and nested values become the text Python prints for them,
 * so an event is the same whatever the format it was read from. Secrets are replaced after the statistics were taken.
 */
export function buildEvent(cells: Cells, place: EventPlace, rules: EventRules): HoneypotEvent | RowFault {
  const fields: Fields = Object.create(null);
  for (const [name, value] of cells)
    fields[name] = value === null || typeof value === 'string' ? value : pythonRepr(value);
  const fault = fieldFault(fields, rules) ?? valueFault(fields);
  if (fault !== undefined) return fault;
  const text = fields['data'] ?? null;
  const given = cells.find(([name]) => name === 'data')?.[1] ?? null;
  const data = typeof given === 'string' ? parseData(given, rules) : { value: given };
  if ('code' in data) return data;
  return {
    position: place.position,
    file: rules.file,
    line: place.line,
    fields: rules.keepSecrets ? fields : redactFields(fields, data.value),
    payload: text === null ? null : payloadStatistics(text, data.value),
  };
}

function fieldFault(fields: Readonly<Fields>, rules: EventRules): RowFault | undefined {
  for (const [name, value] of Object.entries(fields)) {
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
  for (const name of rules.requiredColumns) {
    if (name === 'data' || (fields[name] ?? '') !== '') continue;
    return { code: 'missing-value', reason: missingReason(name, fields), column: name };
  }
  return undefined;
}

function missingReason(name: string, fields: Readonly<Fields>): string {
  if (name in fields) return 'the field is required and has no value';
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
