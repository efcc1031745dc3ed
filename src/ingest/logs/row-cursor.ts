import { readSync } from 'node:fs';
import type { EventFieldName } from '../../data/index.js';
import { HASH_BYTES, HEAD_BYTES, MAX_SENSOR_BYTES, ROW_HEAD } from './event-rows.js';

/** Rows in order, in a part of a file. */
export interface Run {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Fields of which a text of the rows is escaped. */
  readonly escaped: readonly EventFieldName[];
}

/** Takes bytes, which are written over later. */
export interface ByteSink {
  take(bytes: Buffer, from: number, to: number): void;
}

/** What a cursor must have at hand of a row: all it is sorted by. */
export const MIN_BUFFER_BYTES = 4096;
const ORDINAL_BYTES = 4;
/** What tells a repeat: the hash of the line, and the number of the event in it. */
export const IDENTITY_BYTES = HASH_BYTES + ORDINAL_BYTES;
const MAX_KEY_BYTES = HEAD_BYTES + MAX_SENSOR_BYTES + HASH_BYTES;

/** Stands at one row of a run after the other, in a buffer that no row can grow. */
export class RowCursor {
  /** Time of the row. */
  time = 0;
  readonly #file: number;
  readonly #buffer: Buffer;
  readonly #view: DataView;
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
    this.#view = new DataView(this.#buffer.buffer);
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
    this.time = this.#view.getFloat64(this.#at + ROW_HEAD.time, true);
    return true;
  }

  /** Writes what tells a repeat, of `IDENTITY_BYTES`: the hash of the line, and the number of the event in it. */
  identityTo(target: Buffer): void {
    const from = this.#eventAt();
    const ordinal = this.#at + ROW_HEAD.ordinal;
    for (let i = 0; i < HASH_BYTES; i++) target[i] = this.#buffer[from + i]!;
    for (let i = 0; i < ORDINAL_BYTES; i++) target[HASH_BYTES + i] = this.#buffer[ordinal + i]!;
  }

  /** Whether the row comes before that of another cursor: by time, then sensor, then place. */
  isBefore(other: RowCursor): boolean {
    if (this.time !== other.time) return this.time < other.time;
    const bySensor = Buffer.compare(this.#sensor(), other.#sensor());
    if (bySensor !== 0) return bySensor < 0;
    const byFile = this.#uint32(ROW_HEAD.file) - other.#uint32(ROW_HEAD.file);
    if (byFile !== 0) return byFile < 0;
    const byLine = this.#line() - other.#line();
    return byLine === 0 ? this.#uint32(ROW_HEAD.ordinal) < other.#uint32(ROW_HEAD.ordinal) : byLine < 0;
  }

  /** Hands on the event of the row, in pieces where it is larger than the buffer. */
  copyTo(sink: ByteSink): void {
    const from = this.#eventAt();
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
    return HEAD_BYTES + this.#uint32(ROW_HEAD.sensorBytes) + this.#uint32(ROW_HEAD.eventBytes);
  }

  #eventAt(): number {
    return this.#at + HEAD_BYTES + this.#uint32(ROW_HEAD.sensorBytes);
  }

  #sensor(): Buffer {
    return this.#buffer.subarray(this.#at + HEAD_BYTES, this.#eventAt());
  }

  #line(): number {
    return this.#view.getFloat64(this.#at + ROW_HEAD.line, true);
  }

  #uint32(part: number): number {
    return this.#view.getUint32(this.#at + part, true);
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
