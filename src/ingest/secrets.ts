import {
  EVENT_FIELDS,
  type EventFieldName,
  type EventValue,
  type PythonValue,
  pythonRepr,
} from '../data/index.js';
import { assignedSecrets } from './assigned-secrets.js';
import type { SecretRange } from './secret-range.js';
import { shellSecrets } from './shell-secrets.js';

/** The secrets of one event: what must not leave ingest. */
export interface Secrets {
  /** Every secret, of any length. */
  readonly whole: ReadonlySet<string>;
  /** Spellings of the secrets that are looked for inside other text, longest first. */
  readonly parts: readonly string[];
  /** More secrets than are looked for one by one: every text of the event counts as secret. */
  readonly tooMany: boolean;
}

const MAX_SECRETS = 100;
const MIN_PART_LENGTH = 4;

/** Passwords that everyone tries first and that are ordinary words of paths and texts: hiding them there protects nobody and blinds the features. */
const ORDINARY_WORDS: ReadonlySet<string> = new Set(
  'admin administrator root user test guest login logon password pass default support manager server system index home public private'.split(
    ' ',
  ),
);

/** Every text that spells a secret, and every secret key, holds one of these: a cheap first look. */
const HINT = /pass|pwd|pw$|psw|secret|token|key|auth|credential|cookie|mysql|login attempt|:\/\//i;

const SECRET_KEY =
  /pass[^a-z0-9]?(?:word|wd|phrase|code)|pwd|secret|cookie|token|api[^a-z0-9]?key|private[^a-z0-9]?key|access[^a-z0-9]?key|authorization|credential|(?:^|[^a-z])(?:pass|passw|pw|psw|auth)$/i;

/** The password of a URL ends at the last @ of its authority, which no quote is part of. */
const USER_INFO = /:\/\/[^\s/:@]{0,256}:([^\s/@]{1,1024}(?:@[^\s/?#@"'<>]{1,256})*)@/dg;
/** One with a slash in it, but no port with a path. */
const SLASHED_USER_INFO =
  /:\/\/(?!\[)[^\s/:@]{1,256}:(?!\d{0,5}[/?#])([^\s/@"'<>]{0,256}\/[^\s@"'<>]{0,256}(?:@[^\s/?#@"'<>]{1,256})*)@/dg;
const LOGIN_LINE = /^[ \t]*(?:PASS|AUTH)[ \t]+(?:(?:PLAIN|LOGIN)[ \t]+)?([^\s][^\r\n]*)/dgim;
const COOKIE_LINE = /(?<![a-z])cookie["']?\s{0,8}:\s{0,8}["']?([^\r\n"']+)/dgi;
const NO_SECRET = /^(?:null|none|true|false|undefined|\*+)$/i;
const MARK = /^\[redacted:\d{1,10}(?::[\da-f]{16})?\]$/;

const COMMAND_KEYS: ReadonlySet<string> = new Set(['command', 'cmd', 'verb']);
const ARGUMENT_KEYS: ReadonlySet<string> = new Set([
  'arg',
  'args',
  'argument',
  'arguments',
  'params',
  'value',
]);

/** Returns whether a key or column of this name holds a secret, in any case and spelling: `Password`, `new_password`, `x-api-key`. */
export function isSecretKey(name: string): boolean {
  return HINT.test(name) && SECRET_KEY.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** The fields of the event form in which a client's own text stands, but for the name of the user. */
export const CLIENT_TEXTS: readonly EventFieldName[] = [
  'process.command_line',
  'http.request.method',
  'url.original',
  'url.domain',
  'user_agent.original',
  'file.name',
  'ssh.client.version',
  'tls.client.server_name',
  'dns.question.name',
  'email.from.address',
  'email.to.address',
  'payload',
];

const FORM_NAMES: ReadonlySet<string> = new Set(EVENT_FIELDS.map(({ name }) => name));

/** Returns whether a field of an event is a secret: of the event form only the password itself, of extra columns by name. */
export function isSecretField(name: string): boolean {
  return FORM_NAMES.has(name) ? name === 'credential.text' : isSecretKey(name);
}

/** Returns whether a text is what stands in place of a secret, as `[redacted:8]`: an event that was read before has them. */
export function isMark(text: string): boolean {
  return MARK.test(text);
}

/** Returns whether `key` holds the argument of a log-in command of its dict, as in `{'command': 'PASS', 'arg': …}`. */
function isSecretArgument(
  key: PythonValue,
  entries: readonly (readonly [PythonValue, PythonValue])[],
): boolean {
  if (typeof key !== 'string' || !ARGUMENT_KEYS.has(key.toLowerCase())) return false;
  return entries.some(
    ([name, value]) =>
      typeof name === 'string' &&
      COMMAND_KEYS.has(name.toLowerCase()) &&
      typeof value === 'string' &&
      /^\s*(?:PASS|AUTH)\s*$/i.test(value),
  );
}

/** Returns where a text itself says that a secret follows: `password=…`, `scheme://user:…@host`, `PASS …`, `mysql -p…`. Cost O(length). */
export function spelledSecrets(text: string): SecretRange[] {
  const ranges: SecretRange[] = [];
  if (!HINT.test(text)) return ranges;
  for (const pattern of [USER_INFO, SLASHED_USER_INFO, LOGIN_LINE, COOKIE_LINE]) {
    for (const match of text.matchAll(pattern)) {
      const [from] = match.indices![1]!;
      ranges.push({ from, to: from + match[1]!.trimEnd().length });
    }
  }
  for (const found of [assignedSecrets(text), shellSecrets(text)])
    for (const range of found) ranges.push(range);
  return ranges.filter(({ from, to }) => isSecretText(text.slice(from, to)));
}

/** Returns whether a text below a secret key is one: neither a mark, nor a word that says whether there is one. */
export function isSecretText(text: string): boolean {
  return !NO_SECRET.test(text) && !isMark(text);
}

/** Returns the secrets of an event from its fields and the parsed payload. */
export function findSecrets(fields: Readonly<Record<string, EventValue>>, payload: PythonValue): Secrets {
  const whole = new Set<string>();
  const addText = (text: string) => {
    for (const { from, to } of spelledSecrets(text)) whole.add(text.slice(from, to));
  };
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string' || value === '' || name === 'payload') continue;
    if (!isSecretField(name)) addText(value);
    else if (!isMark(value)) whole.add(value);
  }
  visit(payload, 'open', (value, state) => {
    const text = secretText(value);
    if (state === 'secret' && text !== undefined && text !== '' && !isMark(text)) whole.add(text);
    else if (typeof value === 'string') addText(value);
  });
  return secretsOf(whole);
}

/** Returns these secrets with the ways they may be spelled inside other text. */
export function secretsOf(whole: ReadonlySet<string>): Secrets {
  const tooMany = whole.size > MAX_SECRETS;
  return { whole, parts: tooMany ? [] : spellings(whole), tooMany };
}

/** Returns the text of a scalar that can be a secret: text, bytes and numbers, not None, True or False. */
export function secretText(value: PythonValue): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return pythonRepr(value);
  return value !== null && typeof value === 'object' && value.kind === 'bytes' ? value.latin1 : undefined;
}

type State = 'open' | 'secret';

function visit(value: PythonValue, state: State, see: (value: PythonValue, state: State) => void): void {
  see(value, state);
  if (value === null || typeof value !== 'object' || value.kind === 'bytes') return;
  if (value.kind !== 'dict') {
    for (const item of value.items) visit(item, state, see);
    return;
  }
  for (const [key, member] of value.entries) {
    visit(key, state, see);
    visit(member, memberState(key, value.entries, state), see);
  }
}

/** Returns whether the value under `key` is secret, given that its dict is. */
export function memberState(
  key: PythonValue,
  entries: readonly (readonly [PythonValue, PythonValue])[],
  state: State,
): State {
  if (state === 'secret') return state;
  return (typeof key === 'string' && isSecretKey(key)) || isSecretArgument(key, entries) ? 'secret' : 'open';
}

/** Returns the ways a secret may be written inside other text: as it is, in a URL, in a form, in JSON, in a Python literal. */
function spellings(secrets: ReadonlySet<string>): string[] {
  const parts = new Set<string>();
  for (const secret of secrets) {
    const plain = decoded(secret);
    for (const text of [secret, plain, plain.trim()]) {
      if (text.length < MIN_PART_LENGTH || ORDINARY_WORDS.has(text.toLowerCase())) continue;
      const url = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
      parts.add(text).add(url).add(url.replaceAll('%20', '+'));
      parts.add(url.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase()));
      parts.add(JSON.stringify(text).slice(1, -1)).add(pythonRepr(text).slice(1, -1));
    }
  }
  return [...parts].sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
