import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import type { SecretVault } from './secret-vault.js';
import type { EventSink, FieldTrace, LineReader } from './source.js';

/** What every line of one input shares. */
export interface LineRules {
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
const ADDRESSES = ['source.ip', 'destination.ip'] as const;

/** Collects the events of one line at a time, without secrets and with their place in the input. */
export class EventCollector implements EventSink {
  readonly zoneMinutes: number;
  readonly timeBaseMs: number | undefined;
  trace?: (step: FieldTrace) => void;
  readonly #rules: LineRules;
  #events: EventFields[] = [];
  #passwords: string[] = [];

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.zoneMinutes = rules.zoneMinutes;
    this.timeBaseMs = rules.timeBaseMs;
  }

  add(fields: EventFields, passwords: readonly string[] = NO_PASSWORDS): RowFault | undefined {
    if (fields['@timestamp'] === undefined)
      return { code: 'missing-value', reason: 'the record has no time', column: '@timestamp' };
    const { vault, pseudonym } = this.#rules;
    const [first] = passwords;
    if (first !== undefined && first !== '') vault.note(first, fields);
    vault.hide(fields, passwords);
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
    const fault = reader(line, this);
    if (fault !== undefined) return fault;
    const events = this.#events;
    if (events.length > 0) this.#place(events, line, number);
    return events;
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
