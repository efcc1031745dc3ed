import type { EventFieldName, EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import type { EventSink, Json, JsonRecord } from './source.js';
import { BadValue, checkText, type ReadValue } from './values.js';

/** A key of a record, or a path of keys into its objects. */
type RecordPath = string | readonly string[];

/** One field of an event and where in a record it is read from. */
export interface FieldRule {
  readonly to: EventFieldName;
  readonly path: readonly string[];
  readonly read: ReadValue;
}

/** Returns the rule that field `to` is what `read` makes of the value at `from`. */
export function fieldRule(to: EventFieldName, from: RecordPath, read: ReadValue): FieldRule {
  return { to, path: typeof from === 'string' ? [from] : from, read };
}

/** Returns the value at a path of a record; undefined where there is none. */
export function valueAt(record: JsonRecord, path: readonly string[]): Json | undefined {
  let value: Json | undefined = record;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonRecord)[key];
  }
  return value;
}

/** Returns the text at a path that a record of this source must have, or what is wrong with it. */
export function requiredText(record: JsonRecord, path: readonly string[]): string | RowFault {
  const value = valueAt(record, path);
  if (typeof value !== 'string' || value === '') {
    const column = path.join('.');
    return { code: 'missing-value', reason: `the record has no ${column}`, column };
  }
  const checked = checkText(value);
  if (!(checked instanceof BadValue)) return value;
  return { code: checked.code, reason: checked.reason, column: path.join('.') };
}

/** Fills fields by rules; a field that has a value already keeps it. Returns what is wrong with the record, or nothing. */
export function applyRules(
  rules: readonly FieldRule[],
  record: JsonRecord,
  fields: EventFields,
  sink: EventSink,
): RowFault | undefined {
  for (const { to, path, read } of rules) {
    const raw = path.length === 1 ? ownValue(record, path[0]!) : valueAt(record, path);
    if (raw === undefined) continue;
    const value = read(raw, sink);
    if (value instanceof BadValue) return { code: value.code, reason: value.reason, column: path.join('.') };
    if (value === null || (fields[to] ?? null) !== null) continue;
    fields[to] = value;
    sink.trace?.({ from: path.join('.'), to });
  }
  return undefined;
}

function ownValue(record: JsonRecord, key: string): Json | undefined {
  const value = record[key];
  // What every object inherits is no value of the record; nothing of a parsed record is undefined.
  return value === undefined || Object.hasOwn(record, key) ? value : undefined;
}
