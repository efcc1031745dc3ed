import type { EventFieldName, EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import type { SecretVault } from './secret-vault.js';
import type { EventSink, FieldTrace, LineReader } from './source.js';
import { type BadValue, HALF, NUL } from './values.js';

/** What every line of one input shares. */
interface LineRules {
  readonly file: string;
  readonly vault: SecretVault;
  readonly zoneMinutes: number;
  readonly timeBaseMs: number | undefined;
  /** Keep the raw line, secrets replaced, as `event.original`. */
  readonly keepOriginal: boolean;
  /** Turns an address into the one that is kept. */
  readonly pseudonym?: ((address: string) => string) | undefined;
}

const NO_PASSWORDS: readonly string[] = [];
/** Longest texts of one event, in UTF-16 units: what replaces a secret may be longer than it was. */
const MAX_EVENT_LENGTH = 2_500_000;
/** Longest texts of all events of one line: each event has those that are of the whole line. */
const MAX_LINE_LENGTH = 8_000_000;
/** Most events of one line. */
const MAX_LINE_EVENTS = 10_000;
const TOO_LARGE: RowFault = { code: 'too-large', reason: 'the event is larger than is allowed' };
const TOO_LARGE_LINE: RowFault = {
  code: 'too-large',
  reason: 'the events of the line are larger than is allowed',
};
const TOO_MANY: RowFault = { code: 'too-large', reason: 'the line has more events than are allowed' };
const ADDRESSES = ['source.ip', 'destination.ip'] as const;

/** Collects the events of one line at a time, without secrets and with their place in the input. */
export class EventCollector implements EventSink {
  readonly zoneMinutes: number;
  readonly timeBaseMs: number | undefined;
  trace?: (step: FieldTrace) => void;
  readonly #rules: LineRules;
  #events: EventFields[] = [];
  #passwords: string[] = [];
  /** The event of the line keeps its place, and its hash, which tells repeats. */
  #isPlaced = false;
  /** How long the texts of all events of the line are, and those of the longest. */
  #length = 0;
  #longest = 0;

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.zoneMinutes = rules.zoneMinutes;
    this.timeBaseMs = rules.timeBaseMs;
  }

  add(fields: EventFields, passwords: readonly string[] = NO_PASSWORDS, was?: 'event'): RowFault | undefined {
    if (fields['@timestamp'] === undefined)
      return { code: 'missing-value', reason: 'the record has no time', column: '@timestamp' };
    if (this.#events.length >= MAX_LINE_EVENTS) return TOO_MANY;
    const { vault, pseudonym } = this.#rules;
    const [first] = passwords;
    if (first !== undefined && first !== '') vault.note(first, fields);
    vault.hide(fields, passwords);
    if (was === 'event') this.#keep(fields, passwords);
    if (pseudonym !== undefined)
      for (const name of ADDRESSES) {
        const value = fields[name];
        if (typeof value === 'string') fields[name] = pseudonym(value);
      }
    this.#events.push(fields);
    for (const password of passwords) this.#passwords.push(password);
    const length = textLength(fields);
    if (typeof length !== 'number') return length;
    this.#longest = Math.max(this.#longest, length);
    return this.#overLimit(length);
  }

  /** Returns the events of a line, or why it gives none. */
  read(line: string, number: number, reader: LineReader): readonly EventFields[] | RowFault {
    this.#events = [];
    this.#passwords = [];
    this.#isPlaced = false;
    this.#length = 0;
    this.#longest = 0;
    const fault = reader(line, this);
    if (fault !== undefined) return fault;
    const events = this.#events;
    if (events.length === 0 || this.#isPlaced) return events;
    return this.#place(events, line, number) ?? events;
  }

  /** Counts texts, and returns the fault where there are more than are allowed. */
  #overLimit(length: number): RowFault | undefined {
    this.#length += length;
    if (this.#longest > MAX_EVENT_LENGTH) return TOO_LARGE;
    return this.#length > MAX_LINE_LENGTH ? TOO_LARGE_LINE : undefined;
  }

  /** Takes what a reading before made: a raw line, and the place it stood in. */
  #keep(fields: EventFields, passwords: readonly string[]): void {
    const original = fields['event.original'];
    if (typeof original === 'string')
      fields['event.original'] = this.#rules.vault.hideLine(original, passwords);
    this.#isPlaced = fields['event.hash'] !== undefined;
  }

  /** Notes in all events what the whole line is. Returns the fault of what no file of events can hold. */
  #place(events: readonly EventFields[], line: string, number: number): RowFault | undefined {
    const { file, vault, keepOriginal } = this.#rules;
    const original: EventFields = keepOriginal
      ? { 'event.original': vault.hideLine(line, this.#passwords) }
      : {};
    const ofLine: EventFields = {
      'event.hash': vault.digest(line),
      'log.file.path': file,
      'log.line': number,
    };
    const [length, ofOriginal] = [textLength(ofLine), textLength(original)];
    if (typeof length !== 'number') return length;
    if (typeof ofOriginal !== 'number') return ofOriginal;
    // No line can have its many events rejected by what it repeats in each of them.
    const isForAll = this.#length + (length + ofOriginal) * events.length <= MAX_LINE_LENGTH;
    const nOriginals = isForAll ? events.length : 1;
    for (const [i, fields] of events.entries()) Object.assign(fields, i < nOriginals ? original : {}, ofLine);
    this.#longest += length + ofOriginal;
    return this.#overLimit(length * events.length + ofOriginal * nOriginals);
  }
}

/** Returns how long the texts of an event are, or the fault of what no file of events can hold, wherever it came from. */
function textLength(event: EventFields): number | RowFault {
  let length = 0;
  for (const name in event) {
    const value = event[name as EventFieldName];
    if (typeof value !== 'string') continue;
    length += value.length;
    if (value.includes('\0')) return faultIn(name, NUL);
    if (!value.isWellFormed()) return faultIn(name, HALF);
  }
  return length;
}

function faultIn(column: string, { code, reason }: BadValue): RowFault {
  return { code, reason, column };
}
