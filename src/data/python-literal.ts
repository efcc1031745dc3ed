import { type LiteralLimits, LiteralReader, type PythonDict, type PythonValue } from './python-value.js';

const WORD = /[A-Za-z_]\w*/y;
const PREFIXED_INT = /[+-]?0(?:[xX](?:_?[\da-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/y;
const NUMBER = /[+-]?(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const PLAIN = {
  "'": /[^'\\\n\r\0]+/y,
  '"': /[^"\\\n\r\0]+/y,
};
const OCTAL = /[0-7]{1,3}/y;
const HEX = { x: /[\da-fA-F]{2}/y, u: /[\da-fA-F]{4}/y, U: /[\da-fA-F]{8}/y };
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\n', ''],
]);
const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ['None', null],
  ['True', true],
  ['False', false],
]);

class PythonReader extends LiteralReader {
  protected override readValue(): PythonValue {
    const value = this.readToken();
    this.skipSpace();
    return value;
  }

  private readToken(): PythonValue {
    const character = this.text[this.position];
    if (character === undefined) this.failCutOff('ends where a value should be');
    if (character === '{') return this.readDict();
    if (character === '[') return { kind: 'list', items: this.readItems(']').items };
    if (character === '(') return this.readTuple();
    if (character === "'" || character === '"') return this.readString(character, 'text');
    if (/[\d.+-]/.test(character)) return this.readNumber();
    return this.readWord();
  }

  private readItems(close: string): { items: PythonValue[]; comma: boolean } {
    const items: PythonValue[] = [];
    const comma = this.readMembers(close, 'allowed', () => items.push(this.readValue()));
    return { items, comma };
  }

  private readTuple(): PythonValue {
    const { items, comma } = this.readItems(')');
    // (1) is the number one in brackets; only a comma makes a tuple of one.
    return items.length === 1 && !comma ? items[0]! : { kind: 'tuple', items };
  }

  private readDict(): PythonDict {
    const entries: [PythonValue, PythonValue][] = [];
    this.readMembers('}', 'allowed', () => {
      const start = this.position;
      const key = this.readValue();
      if (!isHashable(key)) this.fail('has a list or dict as a dict key', start);
      if (!this.take(':')) this.fail("needs ':' after a dict key");
      entries.push([key, this.readValue()]);
    });
    return { kind: 'dict', entries };
  }

  private readWord(): PythonValue {
    const start = this.position;
    const word = this.match(WORD);
    if (word === undefined) this.fail('has a character that starts no value');
    if (WORDS.has(word)) return WORDS.get(word)!;
    const quote = this.text[this.position];
    if (quote === "'" || quote === '"') {
      if (word === 'b' || word === 'B') return { kind: 'bytes', latin1: this.readString(quote, 'bytes') };
      if (word === 'u' || word === 'U') return this.readString(quote, 'text');
    }
    return this.fail('has a word that is not None, True or False', start);
  }

  private readNumber(): PythonValue {
    const start = this.position;
    const prefixed = this.match(PREFIXED_INT);
    if (prefixed !== undefined) return this.readInt(prefixed.replaceAll('_', ''), start);
    const digits = this.match(NUMBER)?.replaceAll('_', '');
    if (digits === undefined) this.fail('has a malformed number');
    if (!/^[+-]?\d+$/.test(digits)) return Number(digits);
    if (/^[+-]?0+[1-9]/.test(digits)) this.fail('has a number with leading zeros', start);
    return this.readInt(digits, start);
  }

  private readString(quote: "'" | '"', kind: 'text' | 'bytes'): string {
    const start = this.position++;
    const parts: string[] = [];
    for (;;) {
      const run = this.match(PLAIN[quote]);
      if (run !== undefined) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes are written in ASCII
        if (kind === 'bytes' && /[^\x01-\x7f]/.test(run))
          this.fail('has bytes with a character beyond ASCII', start);
        parts.push(run);
      }
      const next = this.text[this.position];
      if (next === quote) break;
      if (next === undefined) this.failCutOff('has a string without its closing quote', start);
      if (next !== '\\') this.fail('has a line break or NUL inside a string');
      parts.push(this.readEscape(kind));
    }
    this.position++;
    return parts.join('');
  }

  private readEscape(kind: 'text' | 'bytes'): string {
    const start = this.position++;
    const octal = this.match(OCTAL);
    if (octal !== undefined) {
      const code = Number.parseInt(octal, 8);
      return String.fromCharCode(kind === 'bytes' ? code & 0xff : code);
    }
    const letter = this.text[this.position];
    if (letter === undefined) this.failCutOff('has a string without its closing quote', start);
    const simple = ESCAPES.get(letter);
    if (simple !== undefined) {
      this.position++;
      return simple;
    }
    if (letter === 'x' || (kind === 'text' && (letter === 'u' || letter === 'U'))) {
      this.position++;
      const digits = this.match(HEX[letter]);
      const code = Number.parseInt(digits ?? '', 16);
      if (!(code <= 0x10ffff)) this.fail(`has a malformed \\${letter} escape`, start);
      return String.fromCodePoint(code);
    }
    if (letter === 'N' && kind === 'text') this.fail('has a \\N escape, which names a character', start);
    // Python keeps the backslash of an escape it does not know.
    return '\\';
  }
}

/** Returns whether Python takes the value as a dict key: no list or dict, at any depth of tuples. */
function isHashable(value: PythonValue): boolean {
  if (value === null || typeof value !== 'object' || value.kind === 'bytes') return true;
  return value.kind === 'tuple' && value.items.every(isHashable);
}

/**
 * Returns the value of a Python literal, as `ast.literal_eval` reads it: dict, list, tuple, str, bytes, int, float, None,
 * True, False, nested. Not read, because no `repr` writes them: sets, complex numbers, joined or triple-quoted strings,
 * raw strings, comments, `\N{…}`. Equal keys of a dict are all kept, in order. Two adjacent `\u` surrogates become one
 * character, since JavaScript text cannot tell them apart.
 *
 * Throws BAD_DATA (details: `offset`, zero-based, UTF-16) beyond the limits or where the text is no such literal; the message
 * quotes none of the text. Cost O(length).
 *
 * @example
 * ```ts
 * parsePythonLiteral("{'port': 22, 'user': None}");
 * // { kind: 'dict', entries: [['port', 22n], ['user', null]] }
 * ```
 */
export function parsePythonLiteral(text: string, limits: LiteralLimits = {}): PythonValue {
  return new PythonReader('a Python literal', text, limits).readAll();
}
