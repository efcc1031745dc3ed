import type { EventValue } from '../../data/index.js';
import { CELL_END, escapeCell, isPlain } from './cell-text.js';

const [LF, ZERO, N_ASCII] = [10, 48, 128];
const CELL_END_BYTE = CELL_END.charCodeAt(0);
/** 1 for each ASCII character that is written as it is. */
const IS_PLAIN = Uint8Array.from({ length: N_ASCII }, (_, code) =>
  isPlain(String.fromCharCode(code)) ? 1 : 0,
);

const START_BYTES = 65_536;
/** Most bytes of a unit of UTF-16: as UTF-8, or escaped. */
const UNIT_BYTES = 3;
/** From here on, one call for all characters is faster than a step for each. */
const LONG = 40;
/** Digits that are worked out as an integer of 32 bits. */
const LOW_DIGITS = 9;

/** A buffer that grows as cells are written to it. */
export class RowBytes {
  /** How many bytes are written. */
  length = 0;
  #buffer = Buffer.allocUnsafeSlow(START_BYTES);

  /** Returns what is written from one place to another. It is written over after `clear`. */
  slice(from: number, to: number): Buffer {
    return this.#buffer.subarray(from, to);
  }

  /** Forgets what is written. */
  clear(): void {
    this.length = 0;
  }

  /** Writes a text as it is. */
  raw(text: string): void {
    this.#reserve(text.length * UNIT_BYTES);
    this.length += this.#buffer.write(text, this.length);
  }

  /** Writes the text of a cell, escaped where it would end a cell or a row. */
  text(text: string): void {
    if (text.length >= LONG) {
      this.raw(escapeCell(text));
      return;
    }
    this.#reserve(text.length * UNIT_BYTES);
    const buffer = this.#buffer;
    let at = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      // Beyond ASCII there is no entry.
      if (IS_PLAIN[code] !== 1) {
        this.raw(escapeCell(text));
        return;
      }
      buffer[at++] = code;
    }
    this.length = at;
  }

  /** Writes a row of cells, empty for null. */
  row(cells: readonly EventValue[]): void {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (cell === null) this.#reserve(0);
      else this.text(typeof cell === 'string' ? cell : String(cell));
      this.#buffer[this.length++] = CELL_END_BYTE;
    }
    this.#buffer[this.length - 1] = LF;
  }

  /** Writes a whole number of 0 or more in so many digits. */
  digits(value: number, width: number): void {
    this.#reserve(width);
    this.setDigits(this.length, value, width);
    this.length += width;
  }

  /** Does what `digits` does over what is at a place. */
  setDigits(at: number, value: number, width: number): void {
    const high = Math.floor(value / 10 ** LOW_DIGITS);
    const highWidth = Math.max(0, width - LOW_DIGITS);
    this.#setInteger(at, high, highWidth);
    this.#setInteger(at + highWidth, value - high * 10 ** LOW_DIGITS, width - highWidth);
  }

  #setInteger(at: number, value: number, width: number): void {
    let rest = value | 0;
    for (let i = at + width - 1; i >= at; i--) {
      const tens = (rest / 10) | 0;
      this.#buffer[i] = ZERO + rest - tens * 10;
      rest = tens;
    }
  }

  /** Makes room for so many bytes, and for what ends a cell after them. */
  #reserve(bytes: number): void {
    const needed = this.length + bytes + 1;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
  }
}
