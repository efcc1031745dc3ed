import { refuseSearch } from './refuse.js';

const HINT = "write a list as ('first', 'second')";
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
/** Digits of the escapes that name a character by its number. */
const NUMBERED_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Returns the texts of a list such as `('a', "b")`, which MLflow reads as a Python tuple: backslash escapes count, and
 * texts without a comma between them are one. Throws INVALID_PARAMETER for anything but texts. Cost: linear.
 */
export function parseStringList(text: string): string[] {
  const items: string[] = [];
  let at = 1;
  let current: string | undefined;
  while (at < text.length - 1) {
    const character = text[at]!;
    if (character === "'" || character === '"') {
      const { value, end } = readText(text, at);
      current = (current ?? '') + value;
      at = end;
    } else if (character === ',' && current !== undefined) {
      items.push(current);
      current = undefined;
      at += 1;
    } else if (/\s/.test(character)) at += 1;
    else return refuseSearch('not a list of quoted texts', text, HINT);
  }
  return current === undefined ? items : [...items, current];
}

function readText(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  let at = start + 1;
  while (at < text.length - 1 && text[at] !== text[start]) {
    if (text[at] === '\n') break;
    if (text[at] === '\\') {
      const escaped = readEscape(text, at);
      value += escaped.value;
      at = escaped.end;
    } else {
      value += text[at];
      at += 1;
    }
  }
  if (text[at] !== text[start]) refuseSearch('a text of the list has no end', text, HINT);
  return { value, end: at + 1 };
}

/** Python keeps the backslash of an escape it does not know. */
function readEscape(text: string, at: number): { readonly value: string; readonly end: number } {
  const letter = text[at + 1] ?? '';
  if (letter === '\n') return { value: '', end: at + 2 };
  const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) {
    return { value: String.fromCodePoint(Number.parseInt(octal, 8)), end: at + 1 + octal.length };
  }
  if (!Object.hasOwn(NUMBERED_ESCAPES, letter)) return { value: '\\', end: at + 1 };
  const length = NUMBERED_ESCAPES[letter]!;
  const digits = text.slice(at + 2, at + 2 + length);
  const code = Number.parseInt(digits, 16);
  if (digits.length < length || !/^[0-9a-f]+$/i.test(digits) || code > 0x10ffff) {
    refuseSearch('a text of the list has a broken escape', text, HINT);
  }
  return { value: String.fromCodePoint(code), end: at + 2 + length };
}
