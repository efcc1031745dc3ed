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
/** Digits of the whole numbers that are worked out as integers of 32 bits, and of the largest that is written digit by digit. */
const LOW_DIGITS = 9;
const MOST_WHOLE = 10 ** (2 * LOW_DIGITS - 3);
const LOW = 10 ** LOW_DIGITS;

/** A buffer that grows as rows are written to it. */
export class RowBytes {
  /** How many bytes are written. */
  length = 0;
  #buffer = Buffer.allocUnsafeSlow(START_BYTES);
  /** Reads and writes numbers among the bytes, until more are written. */
  view = new DataView(this.#buffer.buffer);
  /** Cells of which a text was escaped so far. */
  readonly escapedCells = new Set<number>();
  /** The text that was last written in each cell of a row, and where: rows near each other have many in common. */
  readonly #lastTexts: string[];
  readonly #lastFrom: Uint32Array;
  readonly #lastTo: Uint32Array;

  /** Rows have at most so many cells. */
  constructor(nCells: number) {
    // The last place is that of the texts without a cell.
    this.#lastTexts = new Array<string>(nCells + 1).fill('');
    this.#lastFrom = new Uint32Array(nCells + 1);
    this.#lastTo = new Uint32Array(nCells + 1);
  }

  /** Returns what is written from one place to another. It is written over after `clear`. */
  slice(from: number, to: number): Buffer {
    return this.#buffer.subarray(from, to);
  }

  /** Forgets what is written. */
  clear(): void {
    this.length = 0;
    this.#lastTexts.fill('');
    this.#lastFrom.fill(0);
    this.#lastTo.fill(0);
  }

  /** Leaves so many bytes for what is known later. */
  leave(bytes: number): void {
    this.#reserve(bytes);
    this.length += bytes;
  }

  /** Copies what is written from one place to another, and returns how many bytes that are. */
  copyTo(target: Buffer, at: number, from: number, to: number): number {
    return this.#buffer.copy(target, at, from, to);
  }

  /** Writes a text as it is. */
  raw(text: string): void {
    const place = this.#lastTexts.length - 1;
    if (this.#isLast(text, place)) return;
    const from = this.length;
    this.#write(text);
    this.#note(text, place, from);
  }

  /** Writes the first of these cells, at least one, as a row; empty for null. */
  row(cells: readonly EventValue[], nCells: number): void {
    for (let i = 0; i < nCells; i++) {
      const cell = cells[i]!;
      if (typeof cell === 'string') this.#cell(cell, i);
      else if (cell !== null) this.#number(cell);
      this.#reserve(0);
      this.#buffer[this.length++] = CELL_END_BYTE;
    }
    this.#buffer[this.length - 1] = LF;
  }

  #cell(text: string, cell: number): void {
    if (this.#isLast(text, cell)) return;
    const from = this.length;
    this.#text(text, cell);
    this.#note(text, cell, from);
  }

  /** Writes the text again that was last written in a place; returns whether it is that. */
  #isLast(text: string, place: number): boolean {
    if (text !== this.#lastTexts[place]) return false;
    const from = this.#lastFrom[place]!;
    const to = this.#lastTo[place]!;
    this.#reserve(to - from);
    const buffer = this.#buffer;
    if (to - from >= LONG) buffer.copyWithin(this.length, from, to);
    else for (let at = this.length, i = from; i < to; ) buffer[at++] = buffer[i++]!;
    this.length += to - from;
    return true;
  }

  #note(text: string, place: number, from: number): void {
    this.#lastTexts[place] = text;
    this.#lastFrom[place] = from;
    this.#lastTo[place] = this.length;
  }

  #write(text: string): void {
    this.#reserve(text.length * UNIT_BYTES);
    this.length += this.#buffer.write(text, this.length);
  }

  /** Writes a text, escaped where it would end a cell or a row. */
  #text(text: string, cell: number): void {
    if (text.length >= LONG) {
      this.#escaped(text, cell);
      return;
    }
    this.#reserve(text.length * UNIT_BYTES);
    const buffer = this.#buffer;
    let at = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      // Beyond ASCII there is no entry.
      if (IS_PLAIN[code] !== 1) {
        this.#escaped(text, cell);
        return;
      }
      buffer[at++] = code;
    }
    this.length = at;
  }

  #escaped(text: string, cell: number): void {
    const escaped = escapeCell(text);
    if (escaped !== text) this.escapedCells.add(cell);
    this.#write(escaped);
  }

  #number(value: number): void {
    if (!(Number.isInteger(value) && value >= 0 && value < MOST_WHOLE) || Object.is(value, -0)) {
      this.#write(String(value));
      return;
    }
    this.#reserve(2 * LOW_DIGITS);
    const high = Math.floor(value / LOW);
    if (high === 0) this.#digits(value, digitsOf(value));
    else {
      this.#digits(high, digitsOf(high));
      this.#digits(value - high * LOW, LOW_DIGITS);
    }
  }

  /** Writes a whole number below 2^31 in so many digits. */
  #digits(value: number, width: number): void {
    let rest = value | 0;
    for (let at = this.length + width - 1; at >= this.length; at--) {
      const tens = (rest / 10) | 0;
      this.#buffer[at] = ZERO + rest - tens * 10;
      rest = tens;
    }
    this.length += width;
  }

  /** Makes room for so many bytes, and for what ends a cell after them. */
  #reserve(bytes: number): void {
    const needed = this.length + bytes + 1;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let most = 10; most <= value; most *= 10) digits++;
  return digits;
}
