/** What a piece of a filter is; a mark is one of `. ( ) ,`. */
type TokenKind =
  | 'word'
  | 'backticks'
  | 'single quotes'
  | 'double quotes'
  | 'number'
  | 'comparator'
  | 'mark'
  | 'unknown';

/** One piece of a filter, quotes included, and where it stands (UTF-16 units, `end` exclusive). */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const QUOTES: Readonly<Record<string, TokenKind>> = {
  '`': 'backticks',
  "'": 'single quotes',
  '"': 'double quotes',
};

/**
 * Returns the pieces of a filter without the white space between them. Never throws: a character that starts nothing is
 * 'unknown'. Cost: linear in the text.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    if (isSpace(text, start)) {
      start += 1;
      continue;
    }
    const { kind, end } = tokenAt(text, start);
    tokens.push({ kind, text: text.slice(start, end), start, end });
    start = end;
  }
  return tokens;
}

function tokenAt(text: string, start: number): { readonly kind: TokenKind; readonly end: number } {
  const first = text[start]!;
  const quoted = QUOTES[first];
  if (quoted !== undefined) {
    const end = endOfQuoted(text, start);
    return end === undefined ? { kind: 'unknown', end: start + 1 } : { kind: quoted, end };
  }
  const numberEnd = endOfNumber(text, start);
  if (numberEnd !== undefined) return { kind: 'number', end: numberEnd };
  if ('.(),'.includes(first)) return { kind: 'mark', end: start + 1 };
  if ('<>=~!'.includes(first)) return { kind: 'comparator', end: skipWhile(text, start, isComparing) };
  const wordEnd = endOfWord(text, start);
  return wordEnd > start ? { kind: 'word', end: wordEnd } : { kind: 'unknown', end: start + 1 };
}

/**
 * Returns the end of a quoted text: its quote may stand in it doubled, or, but for backticks, behind a backslash. One
 * that would never end so ends at the last such quote: `'C:\'` is whole. undefined when it has no end at all.
 */
function endOfQuoted(text: string, start: number): number | undefined {
  const quote = text[start]!;
  let fallback: number | undefined;
  let at = start + 1;
  while (at < text.length) {
    const isEscaped = quote !== '`' && text[at] === '\\' && text[at + 1] === quote;
    const isDoubled = text[at] === quote && text[at + 1] === quote;
    if (text[at] === quote && !isDoubled) return at + 1;
    if (isEscaped || isDoubled) fallback = isEscaped ? at + 2 : at + 1;
    at += isEscaped || isDoubled ? 2 : 1;
  }
  return fallback;
}

/** Returns the end of `-5`, `1.`, `.5`, `1.5e-3`; undefined for anything else, a key such as `5fold` included. */
function endOfNumber(text: string, start: number): number | undefined {
  const first = text[start] === '-' ? start + 1 : start;
  const whole = skipWhile(text, first, isDigit);
  if (whole > first) {
    const end = endOfExponent(text, endOfFraction(text, whole));
    return end === whole && endOfWord(text, end) > end ? undefined : end;
  }
  if (text[first] !== '.') return undefined;
  const fraction = skipWhile(text, first + 1, isDigit);
  if (fraction === first + 1) return undefined;
  // One digit with letters behind it is a name after a point.
  return fraction === first + 2 && endOfWord(text, fraction) > fraction ? undefined : fraction;
}

function endOfFraction(text: string, at: number): number {
  return text[at] === '.' ? skipWhile(text, at + 1, isDigit) : at;
}

function endOfExponent(text: string, at: number): number {
  if (text[at]?.toLowerCase() !== 'e' || text[at - 1] === '.') return at;
  const first = text[at + 1] === '-' ? at + 2 : at + 1;
  const end = skipWhile(text, first, isDigit);
  return end > first ? end : at;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    if (!/[\p{L}\p{N}_]/u.test(character)) break;
    at += character.length;
  }
  return at;
}

function skipWhile(text: string, start: number, test: (text: string, at: number) => boolean): number {
  let at = start;
  while (at < text.length && test(text, at)) at += 1;
  return at;
}

function isDigit(text: string, at: number): boolean {
  return text[at]! >= '0' && text[at]! <= '9';
}

function isComparing(text: string, at: number): boolean {
  return '<>=~!'.includes(text[at]!);
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text[at]!);
}
