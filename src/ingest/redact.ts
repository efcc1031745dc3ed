import { type PythonDict, type PythonValue, pythonRepr } from '../data/index.js';
import type { SecretRange } from './secret-range.js';
import {
  findSecrets,
  isSecretKey,
  memberState,
  type Secrets,
  secretText,
  spelledSecrets,
} from './secrets.js';

type Fields = Readonly<Record<string, string | null>>;

/** Columns the sensor fills with its own words. A secret that happens to be one of them is not looked for there: whoever tries the password "data" must not be able to change the label. */
const SENSOR_COLUMNS: ReadonlySet<string> = new Set([
  'timestamp',
  'honeypot_type',
  'event',
  'source_ip',
  'port',
  'level',
]);
const HTTP_METHODS = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROPFIND)$/;
/** No secret at all. */
export const NO_SECRETS: Secrets = { whole: new Set(), parts: [], tooMany: false };

/**
 * Returns the fields with every secret replaced by `[redacted:N]`, N its length in characters: values under secret keys of
 * `data`, arguments of log-in commands, passwords spelled out in any text, and every other text of the event that is one of
 * these or, from 4 characters on, holds one. `data` is rendered anew where it held a secret, and left as it was where not.
 * Deterministic. Cost O(length × secrets), with at most 100 secrets: beyond, all text that is not the sensor's is replaced.
 */
export function redactFields(fields: Fields, data: PythonValue): Fields {
  const secrets = findSecrets(fields, data);
  if (secrets.whole.size === 0) return fields;
  const result: Record<string, string | null> = Object.create(null);
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === '') result[name] = value;
    else if (name === 'data') {
      const hidden = hideValue(data, 'open', secrets);
      result[name] = hidden === data ? value : pythonRepr(hidden);
    } else result[name] = hideColumn(name, value, secrets);
  }
  return result;
}

function hideColumn(name: string, value: string, secrets: Secrets): string {
  if (isSecretKey(name)) return mark(value);
  const isSensors = SENSOR_COLUMNS.has(name) || (name === 'method' && HTTP_METHODS.test(value));
  return hideText(value, isSensors ? NO_SECRETS : secrets);
}

function hideValue(value: PythonValue, state: 'open' | 'secret', secrets: Secrets): PythonValue {
  const text = secretText(value);
  if (text !== undefined) {
    if (text !== '' && (state === 'secret' || secrets.whole.has(text))) return mark(text);
    const hidden = hideText(text, secrets);
    return hidden === text ? value : hidden;
  }
  if (value === null || typeof value !== 'object' || value.kind === 'bytes') return value;
  if (value.kind === 'dict') return hideDict(value, state, secrets);
  const items = value.items.map((item) => hideValue(item, state, secrets));
  return items.every((item, i) => item === value.items[i]) ? value : { kind: value.kind, items };
}

function hideDict(dict: PythonDict, state: 'open' | 'secret', secrets: Secrets): PythonDict {
  let changed = false;
  const entries = dict.entries.map(([key, value]) => {
    const hiddenValue = hideValue(value, memberState(key, dict.entries, state), secrets);
    const hiddenKey = isFieldName(key) && state === 'open' ? key : hideValue(key, state, secrets);
    changed ||= hiddenValue !== value || hiddenKey !== key;
    return [hiddenKey, hiddenValue] as const;
  });
  return changed ? { kind: 'dict', entries } : dict;
}

/** The sensors' own names for what they log: never a client's text. */
const FIELD_NAMES =
  /^(?:username|user|command|cmd|arg|args|hostname|mail_from|rcpt_to|message|query|body|headers)$/;

function isFieldName(key: PythonValue): boolean {
  return typeof key === 'string' && (FIELD_NAMES.test(key) || isSecretKey(key));
}

/** Returns a text in which secrets, and what the text itself says is one, are replaced by what `markOf` gives for them. */
export function hideText(text: string, secrets: Secrets, markOf: (secret: string) => string = mark): string {
  if (secrets.tooMany) return markOf(text);
  const ranges = spelledSecrets(text);
  for (const part of secrets.parts)
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length))
      ranges.push({ from: at, to: at + part.length });
  if (ranges.length === 0) return text;
  return replaceRanges(text, ranges, markOf);
}

/** Replaces the ranges, joined where they overlap, so that no remainder of a secret is left between two marks. */
function replaceRanges(text: string, ranges: SecretRange[], markOf: (secret: string) => string): string {
  ranges.sort((a, b) => a.from - b.from || b.to - a.to);
  const parts: string[] = [];
  let done = 0;
  for (let i = 0; i < ranges.length; ) {
    const { from } = ranges[i]!;
    let { to } = ranges[i]!;
    for (i++; i < ranges.length && ranges[i]!.from < to; i++) to = Math.max(to, ranges[i]!.to);
    parts.push(text.slice(done, from), markOf(text.slice(from, to)));
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

function mark(secret: string): string {
  return `[redacted:${[...secret].length}]`;
}
