import type { PythonValue } from './python-value.js';

/**
 * Character statistics of one payload, taken from the raw `data` text before anything is redacted.
 * All counts are of UTF-16 code units unless said otherwise.
 */
export interface PayloadStatistics {
  /** Characters (Unicode code points, as Python's `len`) of the raw text. */
  readonly length: number;
  /** Shannon entropy of the characters, in bits; 0 for an empty text. */
  readonly entropy: number;
  readonly digits: number;
  /** ASCII letters. */
  readonly letters: number;
  /** ASCII upper-case letters. */
  readonly uppercase: number;
  readonly spaces: number;
  /** ASCII that is neither letter, digit, space nor control character. */
  readonly specials: number;
  /** Single, double and back quotes. */
  readonly quotes: number;
  readonly nonAscii: number;
  /** Keys of the top-level dict, 0 where the text is no dict. */
  readonly keys: number;
  /** Characters of the longest string value anywhere in the payload. */
  readonly maxValueLength: number;
  /** Characters of all string values together. */
  readonly totalValueLength: number;
  /** Occurrences of SQL signs: words such as UNION and SELECT, comments, and `or 1=1` in its many spellings. */
  readonly sqlSigns: number;
  /** Occurrences of shell signs: fetching and decoding commands, system paths, and the characters that join commands. */
  readonly shellSigns: number;
  /** Values that are an empty string, list, tuple, dict or None, at any depth. */
  readonly emptyValues: number;
}

const SQL_SIGNS =
  /\b(?:union|select|insert|update|delete|drop|alter|exec|sleep|benchmark|waitfor|having|information_schema|xp_cmdshell|load_file)\b|\b(?:or|and)\b[ '"(]{1,8}\w{1,20}['"]{0,2} ?=|--|\/\*|'\s?;|0x[\da-f]{6}/gi;
const SHELL_SIGNS =
  /\b(?:wget|curl|tftp|chmod|busybox|nohup|base64|uname|python\d?|perl|bash|sh|nc|rm)\b|\/(?:bin|etc|tmp|dev|proc|var)\/|\$\(|\$\{|&&|\|\||[|`]|>\s?\/|\.\.\//gi;

/**
 * Returns the statistics of a payload from its raw text and the value it was parsed to (null for an empty text).
 * Deterministic. Cost O(length).
 */
export function payloadStatistics(text: string, value: PythonValue): PayloadStatistics {
  const isDict = value !== null && typeof value === 'object' && value.kind === 'dict';
  return {
    ...characterStatistics(text),
    keys: isDict ? value.entries.length : 0,
    ...valueStatistics(text === '' ? '' : value),
    sqlSigns: text.match(SQL_SIGNS)?.length ?? 0,
    shellSigns: text.match(SHELL_SIGNS)?.length ?? 0,
  };
}

type CharacterStatistics = Pick<
  PayloadStatistics,
  'length' | 'entropy' | 'digits' | 'letters' | 'uppercase' | 'spaces' | 'specials' | 'quotes' | 'nonAscii'
>;

function characterStatistics(text: string): CharacterStatistics {
  const ascii = new Uint32Array(128);
  const beyond = new Map<number, number>();
  let trailSurrogates = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128) ascii[code]!++;
    else {
      beyond.set(code, (beyond.get(code) ?? 0) + 1);
      if (code >= 0xdc00 && code < 0xe000 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) trailSurrogates++;
    }
  }
  const count = (from: number, to: number) => {
    let sum = 0;
    for (let code = from; code <= to; code++) sum += ascii[code]!;
    return sum;
  };
  const digits = count(48, 57);
  const uppercase = count(65, 90);
  const letters = uppercase + count(97, 122);
  return {
    length: text.length - trailSurrogates,
    entropy: entropyOf(ascii, text.length) + entropyOf(beyond.values(), text.length),
    digits,
    letters,
    uppercase,
    spaces: count(9, 13) + ascii[32]!,
    specials: count(33, 126) - letters - digits,
    quotes: ascii[34]! + ascii[39]! + ascii[96]!,
    nonAscii: [...beyond.values()].reduce((a, b) => a + b, 0),
  };
}

function entropyOf(counts: Iterable<number>, total: number): number {
  let bits = 0;
  for (const count of counts) if (count > 0) bits += (count / total) * Math.log2(total / count);
  return bits;
}

type ValueStatistics = Pick<PayloadStatistics, 'maxValueLength' | 'totalValueLength' | 'emptyValues'>;

function valueStatistics(root: PythonValue): ValueStatistics {
  let [maxValueLength, totalValueLength, emptyValues] = [0, 0, 0];
  const waiting: PythonValue[] = [root];
  const isPayload = (value: PythonValue) => value === root;
  while (waiting.length > 0) {
    const value = waiting.pop()!;
    if (typeof value === 'string') {
      maxValueLength = Math.max(maxValueLength, value.length);
      totalValueLength += value.length;
    }
    const members = membersOf(value);
    if (members?.length === 0 && !isPayload(value)) emptyValues++;
    if (typeof members === 'object') for (const member of members) waiting.push(member);
  }
  return { maxValueLength, totalValueLength, emptyValues };
}

/** Returns the values inside a container, the text itself of a string, an empty list for None, and undefined for the rest. */
function membersOf(value: PythonValue): readonly PythonValue[] | string | undefined {
  if (value === null) return [];
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'bytes') return value.latin1;
  return value.kind === 'dict' ? value.entries.map(([, v]) => v) : value.items;
}
