import { isSecretKey } from '../secrets.js';

/** A key, a text or a number of a JSON line. */
export interface JsonToken {
  readonly kind: 'key' | 'text' | 'number';
  /** Where it stands in the line, with its quotes; `to` excluded. */
  readonly from: number;
  readonly to: number;
  /** What it says; of a number its digits. */
  readonly text: string;
  /** The last key before it. */
  readonly key: string;
  /** It stands below a secret key. */
  readonly isSecret: boolean;
}

const [QUOTE, BACKSLASH, COMMA, MINUS] = [34, 92, 44, 45];

/**
 * Calls `see` for each key, text and number of a JSON text that parses, in order. Unlike a parser it sees all that stands
 * there, also under a key that comes twice. Cost O(length), whatever the depth.
 */
export function eachToken(line: string, see: (token: JsonToken) => void): void {
  let [key, depth, isNext] = ['', 0, false];
  /** How deep the object or list stands of which all is secret. */
  let secretDepth: number | undefined;
  for (let at = 0; at < line.length; ) {
    const code = line.charCodeAt(at);
    const from = at++;
    if (code === QUOTE) {
      at = literalEnd(line, from);
      const text = literalText(line, from, at);
      const isKey = nextIsColon(line, at);
      if (isKey) [key, isNext] = [text, isSecretKey(text)];
      const isSecret = !isKey && (isNext || secretDepth !== undefined);
      see({ kind: isKey ? 'key' : 'text', from, to: at, text, key, isSecret });
    } else if (code === 123 || code === 91) {
      if (isNext) secretDepth ??= depth;
      isNext = false;
      depth++;
    } else if (code === 125 || code === 93) {
      if (--depth === secretDepth) secretDepth = undefined;
      isNext = false;
    } else if (code === COMMA) isNext = false;
    else if (code === MINUS || isDigit(code)) {
      while (isInNumber(line.charCodeAt(at))) at++;
      const text = line.slice(from, at);
      see({ kind: 'number', from, to: at, text, key, isSecret: isNext || secretDepth !== undefined });
    }
  }
}

/** Returns where a literal ends, after its closing quote. */
function literalEnd(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return line.length;
}

function literalText(line: string, from: number, to: number): string {
  const inner = line.slice(from + 1, to - 1);
  return inner.includes('\\') ? (JSON.parse(line.slice(from, to)) as string) : inner;
}

function nextIsColon(line: string, from: number): boolean {
  let at = from;
  while (' \t\r\n'.includes(line[at] ?? 'x')) at++;
  return line[at] === ':';
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Digits, a point, an exponent and its sign. */
function isInNumber(code: number): boolean {
  return isDigit(code) || code === 46 || code === 69 || code === 101 || code === 43 || code === MINUS;
}
