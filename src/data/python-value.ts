import { PhantomNetError } from '../core/index.js';

/** A list as Python writes it: `[1, 2]`. */
export interface PythonList {
  readonly kind: 'list';
  readonly items: readonly PythonValue[];
}

/** A tuple as Python writes it: `(1, 2)`. */
export interface PythonTuple {
  readonly kind: 'tuple';
  readonly items: readonly PythonValue[];
}

/** A dict in the order it was written. A list of pairs and not an object, so a key such as `__proto__` is only a text. */
export interface PythonDict {
  readonly kind: 'dict';
  readonly entries: readonly (readonly [key: PythonValue, value: PythonValue])[];
}

/** Bytes as Python writes them: `b'\xff'`; each byte is one code unit of `latin1`. */
export interface PythonBytes {
  readonly kind: 'bytes';
  readonly latin1: string;
}

/** A value of Python's literal syntax. `null` is None, a bigint is an int, a number is a float. */
export type PythonValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | PythonList
  | PythonTuple
  | PythonDict
  | PythonBytes;

/** Bounds of one literal, so that hostile text costs no more than its length. */
export interface LiteralLimits {
  /** Deepest nesting of containers; 100 by default. */
  readonly maxDepth?: number;
  /** Longest text in UTF-16 code units; 1,048,576 by default. */
  readonly maxLength?: number;
}

/** Digits of the longest int that is read; Python's own limit, since turning digits into a number is not linear. */
const MAX_INT_DIGITS = 4300;

/** What every literal reader shares: the text, the place in it, containers and their bounds. */
export abstract class LiteralReader {
  protected position = 0;
  private depth = 0;
  private readonly maxDepth: number;

  constructor(
    private readonly what: string,
    protected readonly text: string,
    limits: LiteralLimits,
  ) {
    this.maxDepth = limits.maxDepth ?? 100;
    const maxLength = limits.maxLength ?? 1_048_576;
    if (text.length > maxLength) this.fail(`is longer than ${maxLength} characters`, maxLength);
  }

  /** Returns the only value of the text; what follows it is an error. */
  readAll(): PythonValue {
    this.skipSpace();
    const value = this.readValue();
    if (this.position < this.text.length) this.fail('has text after the value');
    return value;
  }

  /** Reads one value and the white space after it. */
  protected abstract readValue(): PythonValue;

  /** Throws BAD_DATA with the place and never with the text itself, which may hold a password. */
  protected fail(reason: string, at = this.position): never {
    throw new PhantomNetError('BAD_DATA', `${this.what} ${reason} at character ${at + 1}`, {
      details: { offset: at },
      hint: `write the field as ${this.what}`,
    });
  }

  /** Throws as `fail` does, with `cutOff` in the details: the text ends too early. */
  protected failCutOff(reason: string, at = this.position): never {
    throw new PhantomNetError('BAD_DATA', `${this.what} ${reason} at character ${at + 1}`, {
      details: { offset: at, cutOff: true },
      hint: `write the field as ${this.what}, whole`,
    });
  }

  protected match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  protected skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
      this.position++;
    }
  }

  protected take(character: string): boolean {
    if (this.text[this.position] !== character) return false;
    this.position++;
    this.skipSpace();
    return true;
  }

  /** Reads from an opening to its closing bracket, calling `readOne` for each member. Returns whether the last member had a comma after it. */
  protected readMembers(close: string, trailingComma: 'allowed' | 'refused', readOne: () => void): boolean {
    if (++this.depth > this.maxDepth) this.fail(`is nested deeper than ${this.maxDepth}`);
    this.position++;
    this.skipSpace();
    let comma = false;
    for (let first = true; ; first = false) {
      if ((first || (comma && trailingComma === 'allowed')) && this.take(close)) break;
      readOne();
      comma = this.take(',');
      if (comma) continue;
      if (this.take(close)) break;
      if (this.position < this.text.length) this.fail(`needs ',' or '${close}'`);
      this.failCutOff(`ends before its '${close}'`);
    }
    this.depth--;
    return comma;
  }

  protected readInt(digits: string, start: number): bigint {
    if (digits.length > MAX_INT_DIGITS) this.fail(`has an int of more than ${MAX_INT_DIGITS} digits`, start);
    const negative = digits.startsWith('-');
    const magnitude = BigInt(digits.replace(/^[+-]/, ''));
    return negative ? -magnitude : magnitude;
  }
}
