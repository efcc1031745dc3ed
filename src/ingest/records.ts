import { PhantomNetError, show } from '../core/index.js';
import type { HoneypotEvent, PythonValue } from '../data/index.js';
import { buildEvent, type EventRules } from './build-event.js';

/** How plain objects become events. */
export interface RecordOptions {
  /** What messages and events call the input; `records` by default. */
  readonly name?: string;
  readonly keepSecrets?: boolean;
  /** Fields every record must have a value for (`data` may have none); those of its form by default. */
  readonly requiredColumns?: readonly string[];
}

const MAX_DEPTH = 100;
const MAX_CHARACTERS = 1_048_576;

/**
 * Returns the events of plain objects, such as the raw events of a scoring request. Each gets its index as position and its
 * index + 1 as line. `undefined` and null are missing; numbers, bools, arrays and objects become the text Python prints.
 *
 * Throws BAD_DATA that names the record and the field for the first record that is no event; it quotes no value.
 *
 * @example
 * ```ts
 * eventsFromRecords([{ honeypot_type: 'ssh', event: 'login_failed', data: { username: 'root' } }])[0]!.fields.payload;
 * // "{'username': 'root'}"
 * ```
 */
export function eventsFromRecords(records: readonly unknown[], options: RecordOptions = {}): HoneypotEvent[] {
  const rules: EventRules = {
    file: options.name ?? 'records',
    requiredColumns: options.requiredColumns,
    keepSecrets: options.keepSecrets ?? false,
    maxRecordBytes: MAX_CHARACTERS,
  };
  return records.map((record, position) => {
    const where = `${rules.file}[${position}]`;
    if (typeof record !== 'object' || record === null || Array.isArray(record))
      fail(where, 'must be an object of fields by name', { position });
    const cells = Object.entries(record).map(
      ([name, value]) => [name, toPython(value, { where, name, position }, MAX_DEPTH)] as const,
    );
    const event = buildEvent(cells, { line: position + 1, position }, rules);
    if (!('code' in event)) return event;
    const { column } = event;
    return fail(column === undefined ? where : fieldPath(where, column), event.reason, {
      position,
      ...(column === undefined ? {} : { field: column }),
    });
  });
}

interface FieldPlace {
  readonly where: string;
  readonly name: string;
  readonly position: number;
}

function toPython(value: unknown, place: FieldPlace, depth: number): PythonValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      failField(place, 'must be a finite number; leave the field out where it has no value');
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
  }
  if (typeof value !== 'object')
    failField(place, `must be text, a number, a bool, a list or an object, not a ${typeof value}`);
  if (depth === 0) failField(place, `must not be nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item) => toPython(item, place, depth - 1)) };
  const entries = Object.entries(value).map(([key, v]) => [key, toPython(v, place, depth - 1)] as const);
  return { kind: 'dict', entries };
}

function fieldPath(where: string, name: string): string {
  return /^\w{1,64}$/.test(name) ? `${where}.${name}` : `${where}[${show(name)}]`;
}

function failField(place: FieldPlace, what: string): never {
  return fail(fieldPath(place.where, place.name), what, { position: place.position, field: place.name });
}

function fail(where: string, what: string, details: { position: number; field?: string }): never {
  throw new PhantomNetError('BAD_DATA', `${where}: ${what}`, {
    hint: 'give one object an event, with the fields of the honeypot schema',
    details,
  });
}
