import { type LiteralLimits, LiteralReader, type PythonDict, type PythonValue } from './python-value.js';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows no control character in a string
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const HEX = /[\da-fA-F]{4}/y;
const WORD = /[a-z]+/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ['null', null],
  ['true', true],
  ['false', false],
]);

class JsonReader extends LiteralReader {
  protected override readValue(): PythonValue {
    const value = this.readToken();
    this.skipSpace();
    return value;
  }

  private readToken(): PythonValue {
    const character = this.text[this.position];
    if (character === undefined) this.failCutOff('ends where a value should be');
    if (character === '{') return this.readObject();
    if (character === '"') return this.readString();
    if (character === '[') {
      const items: PythonValue[] = [];
      this.readMembers(']', 'refused', () => items.push(this.readValue()));
      return { kind: 'list', items };
    }
    const start = this.position;
    const number = this.match(NUMBER);
    if (number !== undefined) return /[.eE]/.test(number) ? Number(number) : this.readInt(number, start);
    const word = WORDS.get(this.match(WORD) ?? '');
    return word === undefined ? this.fail('has a character that starts no value', start) : word;
  }

  private readObject(): PythonDict {
    const entries: [PythonValue, PythonValue][] = [];
    this.readMembers('}', 'refused', () => {
      if (this.text[this.position] !== '"') this.fail('needs a quoted key');
      const key = this.readString();
      this.skipSpace();
      if (!this.take(':')) this.fail("needs ':' after a key");
      entries.push([key, this.readValue()]);
    });
    return { kind: 'dict', entries };
  }

  private readString(): string {
    const start = this.position++;
    const parts: string[] = [];
    for (;;) {
      const run = this.match(PLAIN);
      if (run !== undefined) parts.push(run);
      const next = this.text[this.position];
      if (next === '"') break;
      if (next === undefined) this.failCutOff('has a string without its closing quote', start);
      if (next !== '\\') this.fail('has a control character inside a string');
      parts.push(this.readEscape());
    }
    this.position++;
    return parts.join('');
  }

  private readEscape(): string {
    const letter = this.text[++this.position] ?? '';
    const simple = ESCAPES.get(letter);
    if (simple === undefined && letter !== 'u') this.fail('has an unknown escape', this.position - 1);
    this.position++;
    if (simple !== undefined) return simple;
    const digits = this.match(HEX);
    if (digits === undefined) this.fail('has a malformed \\u escape', this.position - 2);
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

/**
 * Returns the value of a JSON text (RFC 8259) as Python's `json.loads` does: a number without point and exponent is an int.
 * An object is a dict of pairs in order, so no key can reach a prototype and equal keys are all kept.
 *
 * Throws BAD_DATA (details: `offset`) beyond the limits or where the text is no JSON; the message quotes none of the text.
 * Cost O(length).
 */
export function parseJsonLiteral(text: string, limits: LiteralLimits = {}): PythonValue {
  return new JsonReader('JSON', text, limits).readAll();
}
