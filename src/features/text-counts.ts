import { CLASSES, DIGIT, LETTER, SPACE, SPECIAL, UPPER } from './character-classes.js';
import type { MarkedText } from './secret-marks.js';

/** What the characters of a text are. A replaced secret counts as its characters, which are of no class but its own. */
export interface TextCounts {
  /** Characters (Unicode code points). */
  readonly length: number;
  /** Shannon entropy of the characters (UTF-16 code units; those of secrets as one), in bits. */
  readonly entropy: number;
  readonly digits: number;
  /** ASCII letters. */
  readonly letters: number;
  readonly uppercase: number;
  /** ASCII that is neither letter, digit, white space nor control character. */
  readonly specials: number;
  /** Runs without white space. */
  readonly tokens: number;
  /** Characters of the longest of them. */
  readonly longestToken: number;
}

/** One array for all texts: a new one for each costs more than counting most of them. */
const ascii = new Uint32Array(128);

/** Returns the counts of a text. One pass, O(length). */
export function countText({ text, secrets }: MarkedText): TextCounts {
  ascii.fill(0);
  let beyond: Map<number, number> | undefined;
  const tokens = { count: 0, longest: 0, start: -1 };
  let length = 0;
  let nextSecret = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isSpace = code < 128 && (CLASSES[code]! & SPACE) !== 0;
    if (isSpace) endToken(tokens, length);
    else if (tokens.start < 0) tokens.start = length;
    if (code === 0 && nextSecret < secrets.length) length += secrets[nextSecret++]!;
    else if (code < 128) {
      ascii[code]!++;
      length++;
    } else {
      beyond ??= new Map();
      beyond.set(code, (beyond.get(code) ?? 0) + 1);
      if (!isTrail(text, i)) length++;
    }
  }
  endToken(tokens, length);
  const others = beyond === undefined ? [] : [...beyond.values()];
  if (secrets.length > 0) others.push(secrets.reduce((sum, of) => sum + of, 0));
  const { digits, letters, uppercase, specials } = classCounts();
  return {
    length,
    entropy: entropyOf(others),
    digits,
    letters,
    uppercase,
    specials,
    tokens: tokens.count,
    longestToken: tokens.longest,
  };
}

/** The second half of a surrogate pair is no character of its own. */
function isTrail(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
}

function endToken(tokens: { count: number; longest: number; start: number }, end: number): void {
  if (tokens.start < 0) return;
  tokens.count++;
  tokens.longest = Math.max(tokens.longest, end - tokens.start);
  tokens.start = -1;
}

function classCounts(): Pick<TextCounts, 'digits' | 'letters' | 'uppercase' | 'specials'> {
  let [digits, letters, uppercase, specials] = [0, 0, 0, 0];
  for (let code = 33; code < 127; code++) {
    const count = ascii[code]!;
    if (count === 0) continue;
    const bits = CLASSES[code]!;
    if (bits & DIGIT) digits += count;
    else if (bits & LETTER) {
      letters += count;
      if (bits & UPPER) uppercase += count;
    } else if (bits & SPECIAL) specials += count;
  }
  return { digits, letters, uppercase, specials };
}

/** n log2 n of small n: nearly all counts of a command are. */
const N_LOG_N = Float64Array.from({ length: 256 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));
const nLogN = (n: number): number => (n < N_LOG_N.length ? N_LOG_N[n]! : n * Math.log2(n));

function entropyOf(others: readonly number[]): number {
  let total = 0;
  let sum = 0;
  for (let code = 0; code < 128; code++) {
    const count = ascii[code]!;
    if (count === 0) continue;
    total += count;
    sum += nLogN(count);
  }
  for (const count of others) {
    total += count;
    sum += nLogN(count);
  }
  // Of one character alone rounding can leave less than nothing.
  return total === 0 ? 0 : Math.max(0, Math.log2(total) - sum / total);
}
