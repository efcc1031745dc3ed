import { readSync } from 'node:fs';
import { HEAD_BYTES, MAX_SENSOR_BYTES, ROW_PARTS } from './event-rows.js';

/** Rows in order, in a part of a file. */
export interface Run {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly firstTime: number;
  readonly lastTime: number;
}

/** Takes bytes, which are written over later. */
export interface ByteSink {
  take(bytes: Buffer, from: number, to: number): void;
}

/** What a cursor must have at hand of a row: all it is sorted by. */
export const MIN_BUFFER_BYTES = 4096;
const MAX_KEY_BYTES = HEAD_BYTES + MAX_SENSOR_BYTES;

/** Stands at one row of a run after the other, in a buffer that no row can grow. */
export class RowCursor {
  /** Time of the row. */
  time = 0;
  readonly #file: number;
  readonly #buffer: Buffer;
  /** What of the file is in the buffer: from here on, `#length` bytes. */
  #start: number;
  #length = 0;
  /** Where the row starts in the buffer. */
  #at = 0;
  readonly #end: number;

  /** Stands before the first row; `file` is the open file of the run. */
  constructor({ offset, bytes }: Run, file: number, bufferBytes: number) {
    this.#file = file;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(bufferBytes, Math.max(bytes, 1)));
    this.#start = offset;
    this.#end = offset + bytes;
  }

  /** Goes to the next row. Returns false at the end. */
  next(): boolean {
    const size = this.#length === 0 ? 0 : this.#rowBytes();
    const position = this.#start + this.#at + size;
    if (position >= this.#end) return false;
    this.#at = position - this.#start;
    if (this.#at + MAX_KEY_BYTES > this.#length) this.#fill(position);
    this.time = this.#number(ROW_PARTS.time);
    return true;
  }

  /** What tells a repeat. */
  identity(): string {
    const [from, to] = ROW_PARTS.identity;
    return this.#buffer.toString('latin1', this.#at + from, this.#at + to);
  }

  /** What rows of one time are sorted by: the sensor, then the place. Its bytes are in its characters' order. */
  place(): string {
    const [from, to] = [ROW_PARTS.file[0], ROW_PARTS.line[1]];
    const sensorAt = this.#at + HEAD_BYTES;
    const sensor = this.#buffer.toString('latin1', sensorAt, sensorAt + this.#number(ROW_PARTS.sensorBytes));
    const [ordinalFrom, ordinalTo] = ROW_PARTS.ordinal;
    const ordinal = this.#buffer.toString('latin1', this.#at + ordinalFrom, this.#at + ordinalTo);
    return `${sensor}\0${this.#buffer.toString('latin1', this.#at + from, this.#at + to)}${ordinal}`;
  }

  /** Hands on the event of the row, in pieces where it is larger than the buffer. */
  copyTo(sink: ByteSink): void {
    const from = this.#at + HEAD_BYTES + this.#number(ROW_PARTS.sensorBytes);
    const to = this.#at + this.#rowBytes();
    sink.take(this.#buffer, from, Math.min(to, this.#length));
    if (to <= this.#length) return;
    const piece = Buffer.allocUnsafe(65_536);
    const end = this.#start + to;
    for (let position = this.#start + this.#length; position < end; ) {
      const n = readSync(this.#file, piece, 0, Math.min(piece.length, end - position), position);
      sink.take(piece, 0, n);
      position += n;
    }
  }

  #rowBytes(): number {
    return HEAD_BYTES + this.#number(ROW_PARTS.sensorBytes) + this.#number(ROW_PARTS.eventBytes);
  }

  #number([from, to]: readonly [number, number]): number {
    let value = 0;
    for (let i = this.#at + from; i < this.#at + to; i++) value = value * 10 + this.#buffer[i]! - 48;
    return value;
  }

  #fill(position: number): void {
    const wanted = Math.min(this.#buffer.length, this.#end - position);
    let length = 0;
    while (length < wanted)
      length += readSync(this.#file, this.#buffer, length, wanted - length, position + length);
    this.#start = position;
    this.#at = 0;
    this.#length = length;
  }
}
