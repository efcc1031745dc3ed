import {
  EVENT_FIELDS,
  type EventValue,
  type PythonDict,
  type PythonValue,
  pythonRepr,
} from '../data/index.js';
import type { SecretRange } from './secret-range.js';
import {
  CLIENT_TEXTS,
  findSecrets,
  isMark,
  isSecretField,
  isSecretKey,
  memberState,
  type Secrets,
  secretText,
  spelledSecrets,
} from './secrets.js';

type Fields = Readonly<Record<string, EventValue>>;

/** Fields of the event form in which a secret is looked for. */
const TEXTS: ReadonlySet<string> = new Set([
  ...CLIENT_TEXTS,
  'user.name',
  'credential.text',
  'event.original',
]);
/** Fields the sensor fills with its own words. A secret that happens to be one of them is not looked for there: whoever tries the password "data" must not be able to change the label. */
const SENSOR_FIELDS: ReadonlySet<string> = new Set(
  EVENT_FIELDS.flatMap(({ name }) => (TEXTS.has(name) ? [] : [name])),
);
const HTTP_METHODS = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROPFIND)$/;
/** No secret at all. */
export const NO_SECRETS: Secrets = { whole: new Set(), parts: [], tooMany: false };

/**
 * Returns the fields with every secret replaced by `[redacted:N]`, N its length in characters: values under secret keys of
 * the payload, arguments of log-in commands, passwords spelled out in any text, and every other text of the event that is one of
 * these or, from 4 characters on, holds one. The payload is rendered anew where it
 * held a secret, and left as it was where not; a mark that stands in place of a secret stays.
 * Deterministic. Cost O(length × secrets), with at most 100 secrets: beyond, all text that is not the sensor's is replaced.
 */
export function redactFields(fields: Fields, payload: PythonValue): Fields {
  const secrets = findSecrets(fields, payload);
  if (secrets.whole.size === 0) return fields;
  const result: Record<string, EventValue> = Object.create(null);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string' || value === '') result[name] = value;
    else if (name === 'payload') {
      const hidden = hideValue(payload, 'open', secrets);
      // What is no literal is the text itself.
      result[name] = hidden === payload ? value : payload === value ? String(hidden) : pythonRepr(hidden);
    } else result[name] = hideField(name, value, secrets);
  }
  return result;
}

function hideField(name: string, value: string, secrets: Secrets): string {
  if (isSecretField(name)) return mark(value);
  return hideClientText(name, value, SENSOR_FIELDS.has(name) ? NO_SECRETS : secrets);
}

/** Does what `hideText` does for a field of an event: a method that HTTP has is no password, whatever was tried. */
export function hideClientText(
  name: string,
  value: string,
  secrets: Secrets,
  markOf: (secret: string) => string = mark,
): string {
  const isMethod = name === 'http.request.method' && HTTP_METHODS.test(value);
  return hideText(value, isMethod ? NO_SECRETS : secrets, markOf);
}

function hideValue(value: PythonValue, state: 'open' | 'secret', secrets: Secrets): PythonValue {
  const text = secretText(value);
  if (text !== undefined) {
    if (text !== '' && !isMark(text) && (state === 'secret' || secrets.whole.has(text))) return mark(text);
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
  const ranges = [...spelledSecrets(text), ...partsIn(text, secrets)];
  return ranges.length === 0 ? text : replaceRanges(text, ranges, markOf);
}

/** Returns a text in which secrets are replaced, but not what only the text itself says is one; as it is where they are too many. */
export function hideParts(text: string, secrets: Secrets, markOf: (secret: string) => string): string {
  const ranges = partsIn(text, secrets);
  return ranges.length === 0 ? text : replaceRanges(text, ranges, markOf);
}

function partsIn(text: string, { parts }: Secrets): SecretRange[] {
  const ranges: SecretRange[] = [];
  for (const part of parts)
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length))
      ranges.push({ from: at, to: at + part.length });
  return ranges;
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
  return isMark(secret) ? secret : `[redacted:${[...secret].length}]`;
}
