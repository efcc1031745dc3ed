import { EVENT_FIELDS, type EventFieldName, type EventFields, type EventValue } from '../../data/index.js';
import { RowBytes } from './row-bytes.js';

/**
 * Where the parts of a row stand: digits of fixed width, so that a merge finds them without looking for separators. The
 * sensor's name, cut to its first bytes, follows, then a cell for each field of the event form, empty where it has none.
 */
export const ROW_PARTS = {
  time: [0, 13],
  /** Hash of the line and number of the event in its line: equal for repeats. */
  identity: [13, 51],
  ordinal: [45, 51],
  file: [51, 58],
  line: [58, 73],
  sensorBytes: [73, 76],
  eventBytes: [76, 84],
} as const;
/** Where the name of the sensor starts. */
export const HEAD_BYTES = ROW_PARTS.eventBytes[1];
/** Most bytes of the name that rows are sorted by; the event has all of it. */
export const MAX_SENSOR_BYTES = 255;

/** The largest number of an event in its line that a row has room for. */
const MAX_ORDINAL = 999_999;

const INDEX: ReadonlyMap<string, number> = new Map(EVENT_FIELDS.map(({ name }, i) => [name, i]));

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
}

/**
 * Writes the events of one input as rows. They are sorted by their place in it, but told apart by the line that they were first
 * read from: the events of one line may stand in rows of their own by now.
 */
export class EventRowWriter {
  readonly #fileIndex: number;
  readonly #bytes = new RowBytes();
  readonly #cells = new Array<EventValue>(EVENT_FIELDS.length);
  #rows: Row[] = [];
  #last: EventFields | undefined;
  #ordinal = 0;

  constructor(fileIndex: number) {
    this.#fileIndex = fileIndex;
  }

  /** Writes the events of a line. */
  write(events: readonly EventFields[], inputLine: number): void {
    for (const fields of events) {
      const isNext = this.#last !== undefined && isOfOneLine(this.#last, fields);
      this.#ordinal = isNext ? Math.min(this.#ordinal + 1, MAX_ORDINAL) : 0;
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
    const bytes =
      sorted === rows
        ? this.#bytes.slice(0, this.#bytes.length)
        : Buffer.concat(sorted.map(({ from, to }) => this.#bytes.slice(from, to)));
    this.#rows = [];
    this.#bytes.clear();
    return { bytes, firstTime: sorted[0]!.time, lastTime: sorted.at(-1)!.time };
  }

  #writeRow(
    fields: EventFields,
    { time, sensor, inputLine }: { time: number; sensor: string; inputLine: number },
  ): void {
    const bytes = this.#bytes;
    const sizesAt = bytes.length + ROW_PARTS.sensorBytes[0];
    bytes.digits(time, WIDTHS.time);
    bytes.raw(String(fields['event.hash']));
    bytes.digits(this.#ordinal, WIDTHS.ordinal);
    bytes.digits(this.#fileIndex, WIDTHS.file);
    bytes.digits(inputLine, WIDTHS.line);
    // The sizes are known once both are written.
    bytes.digits(0, WIDTHS.sensorBytes + WIDTHS.eventBytes);
    const sensorAt = bytes.length;
    bytes.raw(sensor);
    const eventAt = bytes.length;
    this.#cells.fill(null);
    for (const name in fields) this.#cells[INDEX.get(name)!] = fields[name as EventFieldName] ?? null;
    bytes.row(this.#cells);
    bytes.setDigits(sizesAt, eventAt - sensorAt, WIDTHS.sensorBytes);
    bytes.setDigits(sizesAt + WIDTHS.sensorBytes, bytes.length - eventAt, WIDTHS.eventBytes);
  }
}

const WIDTHS = Object.fromEntries(
  Object.entries(ROW_PARTS).map(([part, [from, to]]) => [part, to - from]),
) as Record<keyof typeof ROW_PARTS, number>;

/** Whether two events are of one line, and not of two that are equal. */
function isOfOneLine(a: EventFields, b: EventFields): boolean {
  return (
    a['event.hash'] === b['event.hash'] &&
    a['log.line'] === b['log.line'] &&
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
