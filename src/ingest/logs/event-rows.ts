import { EVENT_FIELDS, type EventFieldName, type EventFields, type EventValue } from '../../data/index.js';
import { RowBytes } from './row-bytes.js';

/**
 * Where the parts of a row's head stand, in bytes. The numbers are little-endian: time and line doubles, the others of 32 bits.
 * The sensor's name, cut to its first bytes, follows, then a cell for each of `ROW_FIELDS` up to the last that the event has,
 * empty where it has none.
 */
export const ROW_HEAD = {
  time: 0,
  line: 8,
  file: 16,
  sensorBytes: 20,
  eventBytes: 24,
  /** Number of the event in its line. */
  ordinal: 28,
} as const;
/** Where the name of the sensor starts. */
export const HEAD_BYTES = 32;
/** The first cell: the hash of the event's line. */
export const HASH_BYTES = 32;
/** Most bytes of the name that rows are sorted by; the event has all of it. */
export const MAX_SENSOR_BYTES = 255;

/** Longest row: an event of the largest size that is allowed, each of its characters three bytes or escaped. */
export const MAX_ROW_BYTES = 8 * 2 ** 20;

/** Fields that every event has from its line, its hash first. */
const OF_LINE: readonly EventFieldName[] = ['event.hash', 'log.file.path', 'log.line'];
/** The fields of a row, in its order: most events have none of the later ones, and their rows end before. */
export const ROW_FIELDS = [
  ...EVENT_FIELDS.filter(({ name }) => OF_LINE.includes(name)),
  ...EVENT_FIELDS.filter(({ name }) => !OF_LINE.includes(name)),
];
const INDEX: ReadonlyMap<string, number> = new Map(ROW_FIELDS.map(({ name }, i) => [name, i]));

/** Where a row stands, and what it is sorted by beside its place. */
interface Row {
  readonly time: number;
  readonly sensor: string;
  readonly from: number;
  readonly to: number;
}

/** Rows of some lines, in order: by time, then sensor, then place. */
export interface EventRows {
  readonly bytes: Buffer;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Fields of which a text is escaped, in these rows or others of the input. */
  readonly escaped: readonly EventFieldName[];
}

/**
 * Writes the events of one input as rows. They are sorted by their place in it, but told apart by the line that they were first
 * read from: the events of one line may stand in rows of their own by now.
 */
export class EventRowWriter {
  readonly #fileIndex: number;
  readonly #bytes = new RowBytes(ROW_FIELDS.length);
  readonly #cells = new Array<EventValue>(EVENT_FIELDS.length);
  #rows: Row[] = [];
  #last: EventFields | undefined;
  #ordinal = 0;

  constructor(fileIndex: number) {
    this.#fileIndex = fileIndex;
  }

  /** Bytes of the rows since `take` was last called. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Writes the events of a line. */
  write(events: readonly EventFields[], inputLine: number): void {
    for (const fields of events) {
      const isNext = this.#last !== undefined && isOfOneLine(this.#last, fields);
      this.#ordinal = isNext ? this.#ordinal + 1 : 0;
      this.#last = fields;
      const time = Number(fields['@timestamp']);
      const sensor = sortedName(String(fields['observer.name'] ?? ''));
      const from = this.#bytes.length;
      this.#writeRow(fields, { time, sensor, inputLine });
      this.#rows.push({ time, sensor, from, to: this.#bytes.length });
    }
  }

  /** Returns the rows since it was last called, in order; undefined where there are none. They last until more are written. */
  take(): EventRows | undefined {
    const rows = this.#rows;
    if (rows.length === 0) return undefined;
    const sorted = sortedRows(rows);
    const bytes = sorted === rows ? this.#bytes.slice(0, this.#bytes.length) : this.#copied(sorted);
    this.#rows = [];
    this.#bytes.clear();
    const escaped = Array.from(this.#bytes.escapedCells, (cell) => ROW_FIELDS[cell]!.name);
    return { bytes, escaped, firstTime: sorted[0]!.time, lastTime: sorted.at(-1)!.time };
  }

  #copied(rows: readonly Row[]): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.#bytes.length);
    let length = 0;
    for (const { from, to } of rows) length += this.#bytes.copyTo(copy, length, from, to);
    return copy;
  }

  #writeRow(
    fields: EventFields,
    { time, sensor, inputLine }: { time: number; sensor: string; inputLine: number },
  ): void {
    const bytes = this.#bytes;
    const headAt = bytes.length;
    bytes.leave(HEAD_BYTES);
    const sensorAt = bytes.length;
    bytes.raw(sensor);
    const eventAt = bytes.length;
    this.#cells.fill(null);
    let last = 0;
    for (const name in fields) {
      const value = fields[name as EventFieldName] ?? null;
      if (value === null) continue;
      const cell = INDEX.get(name)!;
      this.#cells[cell] = value;
      if (cell > last) last = cell;
    }
    bytes.row(this.#cells, last + 1);
    const { view } = bytes;
    view.setFloat64(headAt + ROW_HEAD.time, time, true);
    view.setFloat64(headAt + ROW_HEAD.line, inputLine, true);
    view.setUint32(headAt + ROW_HEAD.file, this.#fileIndex, true);
    view.setUint32(headAt + ROW_HEAD.sensorBytes, eventAt - sensorAt, true);
    view.setUint32(headAt + ROW_HEAD.eventBytes, bytes.length - eventAt, true);
    view.setUint32(headAt + ROW_HEAD.ordinal, this.#ordinal, true);
  }
}

/** Whether two events are of one line, and not of two that are equal. */
function isOfOneLine(a: EventFields, b: EventFields): boolean {
  return (
    a['log.line'] === b['log.line'] &&
    a['event.hash'] === b['event.hash'] &&
    a['log.file.path'] === b['log.file.path']
  );
}

/** Returns rows in order, by time, then sensor; those that are given in order of their place keep it. */
function sortedRows(rows: readonly Row[]): readonly Row[] {
  const inOrder = rows.every((row, i) => i === 0 || byTimeAndSensor(rows[i - 1]!, row) <= 0);
  return inOrder ? rows : [...rows].sort(byTimeAndSensor);
}

function byTimeAndSensor(a: Row, b: Row): number {
  if (a.time !== b.time) return a.time - b.time;
  return a.sensor === b.sensor ? 0 : Buffer.compare(Buffer.from(a.sensor), Buffer.from(b.sensor));
}

/** Returns the name, cut between characters where it is long. */
function sortedName(name: string): string {
  if (name.length * 3 <= MAX_SENSOR_BYTES) return name;
  const bytes = Buffer.from(name).subarray(0, MAX_SENSOR_BYTES);
  return bytes.toString('utf8').replace(/\ufffd+$/, '');
}
