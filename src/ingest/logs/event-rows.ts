import { EVENT_FIELDS, type EventFields } from '../../data/index.js';

/** Begins an escape: what follows says which character it stands for. */
export const ESCAPE = '\x1f';
/** The characters that would end a row, with the letter that they are written as. */
export const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\n', 'n'],
  ['\r', 'r'],
  [ESCAPE, 'u'],
]);

/**
 * Where the parts of a row stand: digits of fixed width, so that a merge finds them without looking for separators. The
 * sensor's name, cut to its first bytes, follows, then the event as CSV with a cell for each field of the event form.
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
const SPECIAL = new RegExp(`[${[...ESCAPED.keys()].join('')}]`);
const SPECIALS = new RegExp(SPECIAL, 'g');

/** One row, and what it is sorted by beside its place. */
export interface EventRow {
  readonly time: number;
  readonly sensor: string;
  readonly text: string;
}

/** Returns the events of one line of an input as rows. */
export type EventRowWriter = (events: readonly EventFields[], inputLine: number) => EventRow[];

/**
 * Returns a writer of the events of a file of this number, line by line. They are sorted by their place in this input, but
 * told apart by the line that they were first read from: the events of one line may stand in rows of their own by now.
 */
export function eventRowWriter(fileIndex: number): EventRowWriter {
  const cells = new Array<string | number>(EVENT_FIELDS.length);
  const file = digits(fileIndex, ROW_PARTS.file);
  let last: EventFields | undefined;
  let lastHash: unknown;
  let ordinal = 0;
  return (events, inputLine) =>
    events.map((fields) => {
      const hash = fields['event.hash'];
      const isNext = hash === lastHash && last !== undefined && isOfOneLine(last, fields);
      ordinal = isNext ? Math.min(ordinal + 1, MAX_ORDINAL) : 0;
      last = fields;
      lastHash = hash;
      cells.fill('');
      for (const name in fields) {
        const value = fields[name as keyof EventFields];
        if (value === null || value === undefined) continue;
        cells[INDEX.get(name)!] = typeof value === 'number' ? value : quoted(value);
      }
      const event = `${cells.join(',')}\n`;
      const sensor = sortedName(String(fields['observer.name'] ?? ''));
      const time = Number(fields['@timestamp']);
      const head = `${digits(time, ROW_PARTS.time)}${hash}${digits(ordinal, ROW_PARTS.ordinal)}${file}`;
      const sizes = `${digits(Buffer.byteLength(sensor), ROW_PARTS.sensorBytes)}${digits(Buffer.byteLength(event), ROW_PARTS.eventBytes)}`;
      const line = digits(inputLine, ROW_PARTS.line);
      return { time, sensor, text: `${head}${line}${sizes}${sensor}${event}` };
    });
}

/** Whether events of equal hashes are of the same line, and not of two that are equal. */
function isOfOneLine(a: EventFields, b: EventFields): boolean {
  return a['log.line'] === b['log.line'] && a['log.file.path'] === b['log.file.path'];
}

/** Returns rows in order, by time, then sensor; those that are given in order of their place keep it. */
export function sortedRows(rows: readonly EventRow[]): readonly EventRow[] {
  const inOrder = rows.every((row, i) => i === 0 || byTimeAndSensor(rows[i - 1]!, row) <= 0);
  return inOrder ? rows : [...rows].sort(byTimeAndSensor);
}

function byTimeAndSensor(a: EventRow, b: EventRow): number {
  if (a.time !== b.time) return a.time - b.time;
  return a.sensor === b.sensor ? 0 : Buffer.compare(Buffer.from(a.sensor), Buffer.from(b.sensor));
}

const digits = (value: number, [from, to]: readonly [number, number]): string =>
  String(value).padStart(to - from, '0');

/** Returns the name, cut between characters where it is long. */
function sortedName(name: string): string {
  if (name.length * 3 <= MAX_SENSOR_BYTES) return name;
  const bytes = Buffer.from(name).subarray(0, MAX_SENSOR_BYTES);
  return bytes.toString('utf8').replace(/\ufffd+$/, '');
}

function quoted(text: string): string {
  const safe = SPECIAL.test(text)
    ? text.replace(SPECIALS, (character) => `${ESCAPE}${ESCAPED.get(character)}`)
    : text;
  return safe.includes('"') ? `"${safe.replaceAll('"', '""')}"` : `"${safe}"`;
}
