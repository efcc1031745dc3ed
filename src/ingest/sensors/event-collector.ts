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
const TOO_LARGE: RowFault = { code: 'too-large', reason: 'the event is larger than is allowed' };
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

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.zoneMinutes = rules.zoneMinutes;
    this.timeBaseMs = rules.timeBaseMs;
  }

  add(fields: EventFields, passwords: readonly string[] = NO_PASSWORDS, was?: 'event'): RowFault | undefined {
    if (fields['@timestamp'] === undefined)
      return { code: 'missing-value', reason: 'the record has no time', column: '@timestamp' };
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
    this.#passwords.push(...passwords);
    return undefined;
  }

  /** Returns the events of a line, or why it gives none. */
  read(line: string, number: number, reader: LineReader): readonly EventFields[] | RowFault {
    this.#events = [];
    this.#passwords = [];
    this.#isPlaced = false;
    const fault = reader(line, this);
    if (fault !== undefined) return fault;
    const events = this.#events;
    if (events.length > 0 && !this.#isPlaced) this.#place(events, line, number);
    for (const event of events) {
      const unstorable = unstorableText(event);
      if (unstorable !== undefined) return unstorable;
    }
    return events;
  }

  /** Takes what a reading before made: a raw line, and the place it stood in. */
  #keep(fields: EventFields, passwords: readonly string[]): void {
    const original = fields['event.original'];
    if (typeof original === 'string')
      fields['event.original'] = this.#rules.vault.hideLine(original, passwords);
    this.#isPlaced = fields['event.hash'] !== undefined;
  }

  #place(events: readonly EventFields[], line: string, number: number): void {
    const { file, vault, keepOriginal } = this.#rules;
    const digest = vault.digest(line);
    const original = keepOriginal ? vault.hideLine(line, this.#passwords) : undefined;
    for (const fields of events) {
      if (original !== undefined) fields['event.original'] = original;
      fields['event.hash'] = digest;
      fields['log.file.path'] = file;
      fields['log.line'] = number;
    }
  }
}

/** Returns the fault of an event that no file of events can hold, wherever its texts came from; undefined where there is none. */
function unstorableText(event: EventFields): RowFault | undefined {
  let length = 0;
  for (const name in event) {
    const value = event[name as EventFieldName];
    if (typeof value !== 'string') continue;
    length += value.length;
    if (value.includes('\0')) return faultIn(name, NUL);
    if (!value.isWellFormed()) return faultIn(name, HALF);
  }
  return length > MAX_EVENT_LENGTH ? TOO_LARGE : undefined;
}

function faultIn(column: string, { code, reason }: BadValue): RowFault {
  return { code, reason, column };
}
