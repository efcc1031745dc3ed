/** One cell: its byte range in the buffer, quotes excluded, and whether it was quoted. */
interface CsvCell {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** The cell holds doubled quotes, each of which stands for one. */
  readonly doubled: boolean;
}

/** What one scan found. Byte positions are in the scanned buffer. */
export type CsvScan =
  | {
      readonly kind: 'record';
      readonly cells: readonly CsvCell[];
      readonly end: number;
      readonly next: number;
    }
  | {
      readonly kind: 'fault';
      readonly code: 'stray-quote' | 'stray-cr' | 'unclosed-quote';
      readonly cell: number;
    }
  | { readonly kind: 'incomplete' };

const QUOTE = 34;
export const COMMA = 44;
const SEMICOLON = 59;
const TAB = 9;
const CR = 13;
const LF = 10;

/** The byte between two cells. */
export type CsvSeparator = typeof COMMA | typeof SEMICOLON | typeof TAB;

/** Where a record starts and what stands between its cells; a comma unless it says so. */
interface RecordOptions {
  readonly start: number;
  readonly atEnd: 'at-end' | 'more-follows';
  readonly separator?: CsvSeparator;
}

/**
 * Returns the CSV record (RFC 4180: double quotes, LF or CRLF) that starts at `start`, as byte ranges.
 * `incomplete` asks for more bytes; with `atEnd` there are none, so the buffer's end closes the record, or a quote is unclosed.
 * A quote inside an unquoted cell or text after a closing quote is a fault, never guessed around. Cost O(bytes of the record).
 */
export function scanRecord(buffer: Buffer, { start, atEnd, separator = COMMA }: RecordOptions): CsvScan {
  const cells: CsvCell[] = [];
  let at = start;
  for (;;) {
    const cell = buffer[at] === QUOTE ? scanQuoted(buffer, at) : scanPlain(buffer, at, separator);
    if (typeof cell === 'string') {
      if (cell === 'unclosed-quote' && atEnd === 'more-follows') return { kind: 'incomplete' };
      return { kind: 'fault', code: cell, cell: cells.length };
    }
    cells.push(cell);
    at = cell.quoted ? cell.end + 1 : cell.end;
    if (at < buffer.length && buffer[at] === separator) {
      at++;
      continue;
    }
    if (buffer[at] === LF) return { kind: 'record', cells, end: at, next: at + 1 };
    if (buffer[at] === CR && buffer[at + 1] === LF) return { kind: 'record', cells, end: at, next: at + 2 };
    // A closing quote at the buffer's end may yet turn out to be a doubled one.
    if (atEnd === 'more-follows' && at >= buffer.length - 1) return { kind: 'incomplete' };
    if (at >= buffer.length) return { kind: 'record', cells, end: at, next: at };
    return { kind: 'fault', code: buffer[at] === CR ? 'stray-cr' : 'stray-quote', cell: cells.length - 1 };
  }
}

function scanPlain(buffer: Buffer, start: number, separator: CsvSeparator): CsvCell | 'stray-quote' {
  let at = start;
  for (; at < buffer.length; at++) {
    const byte = buffer[at]!;
    if (byte === separator || byte === LF || byte === CR) break;
    if (byte === QUOTE) return 'stray-quote';
  }
  return { start, end: at, quoted: false, doubled: false };
}

function scanQuoted(buffer: Buffer, start: number): CsvCell | 'unclosed-quote' {
  let doubled = false;
  for (let at = start + 1; ; at += 2) {
    at = buffer.indexOf(QUOTE, at);
    if (at < 0) return 'unclosed-quote';
    if (buffer[at + 1] !== QUOTE) return { start: start + 1, end: at, quoted: true, doubled };
    doubled = true;
  }
}

/**
 * Returns the header that starts at `start`, and what stands between the cells of its file: a comma, or, where the header has
 * none, the semicolon or tab that it has.
 */
export function scanHeader(
  buffer: Buffer,
  place: Omit<RecordOptions, 'separator'>,
): { readonly scan: CsvScan; readonly separator: CsvSeparator } {
  const all = ([COMMA, SEMICOLON, TAB] as const).map((separator) => ({
    scan: scanRecord(buffer, { ...place, separator }),
    separator,
  }));
  const hasCells = all.find(({ scan }) => scan.kind === 'record' && scan.cells.length > 1);
  return hasCells ?? all.find(({ scan }) => scan.kind === 'incomplete') ?? all[0]!;
}

/** Returns the text of a cell, or null for an unquoted empty one: `,,` is missing and `,"",` is empty. */
export function cellText(buffer: Buffer, cell: CsvCell): string | null {
  if (cell.start === cell.end) return cell.quoted ? '' : null;
  const text = buffer.toString('utf8', cell.start, cell.end);
  return cell.doubled ? text.replaceAll('""', '"') : text;
}

/**
 * Returns the cells of the first record of a text that may be CSV, such as the names of its header; none where it is no
 * record. A byte order mark and blank lines before it are passed over.
 */
export function firstCells(buffer: Buffer): string[] {
  let start = buffer.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  while (buffer[start] === LF || buffer[start] === CR) start++;
  const { scan } = scanHeader(buffer, { start, atEnd: 'at-end' });
  return scan.kind === 'record' ? scan.cells.map((cell) => cellText(buffer, cell) ?? '') : [];
}
