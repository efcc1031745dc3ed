import { isUtf8 } from 'node:buffer';
import type { ByteWindow } from './byte-window.js';
import type { RawRow, RowChunk, RowFault } from './row.js';

/** What a text format says about the record at the start of `view`. */
export type RecordStep =
  /** A record of `next` bytes with its line break; `content` is absent where it is no data row, as a header is none. */
  | { readonly kind: 'record'; readonly next: number; readonly content: RawRow['content'] | undefined }
  /** The record cannot be read: its first line is given up, and reading goes on at the next line. */
  | { readonly kind: 'fault'; readonly fault: RowFault }
  /** The view ends inside the record. */
  | { readonly kind: 'incomplete' };

/** A text format: tells where the record at the start of a view ends and what it holds. */
export interface RecordFormat {
  /** Whether a header was read. */
  hasHeader(): boolean;
  /** Reads the record at the start of `view`, which is not blank. */
  read(view: Buffer, place: RecordPlace): RecordStep;
}

/** Where a view stands. */
interface RecordPlace {
  readonly line: number;
  /** The input ends where the view ends. */
  readonly atEnd: boolean;
  /** The view is as large as a record may be, so no larger one will come. */
  readonly isFull: boolean;
}

const CHUNK_BYTES = 65_536;
const MAX_ROW_TEXT_BYTES = 10_000;
const LF = 10;
const CR = 13;

/**
 * Yields the records of a text input in order, in memory bounded by `maxRecordBytes`. What is found does not depend on how the
 * input was cut into chunks. A record that cannot be read costs its first line alone: reading goes on at the line after.
 */
export async function* readRecords(
  window: ByteWindow,
  format: RecordFormat,
  maxRecordBytes: number,
): AsyncGenerator<RowChunk> {
  await window.fill(CHUNK_BYTES);
  if (window.bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) window.take(3);
  let line = 1;
  while (window.bytes.length > 0) {
    const scan = scanWindow(window, format, { line, limit: maxRecordBytes + 2 });
    line = scan.line;
    window.take(scan.consumed);
    if (scan.rows.length > 0 || scan.blankLines > 0) yield scan;
    if (scan.stop === 'inside-lost-line') {
      await window.skipLine();
      line++;
    }
    await window.fill(Math.max(CHUNK_BYTES, scan.stop === 'incomplete' ? window.bytes.length * 2 : 0));
  }
}

interface WindowScan {
  readonly rows: RawRow[];
  blankLines: number;
  line: number;
  consumed: number;
  stop: 'end-of-window' | 'incomplete' | 'inside-lost-line';
}

function scanWindow(
  window: ByteWindow,
  format: RecordFormat,
  { line, limit }: { line: number; limit: number },
): WindowScan {
  const { bytes, atEnd } = window;
  const scan: WindowScan = { rows: [], blankLines: 0, line, consumed: 0, stop: 'end-of-window' };
  while (scan.consumed < bytes.length) {
    const view = bytes.subarray(scan.consumed, scan.consumed + limit);
    const blank = blankLineBytes(view);
    if (blank > 0) {
      scan.blankLines++;
      scan.line++;
      scan.consumed += blank;
      continue;
    }
    const viewAtEnd = atEnd && scan.consumed + view.length === bytes.length;
    const isFull = view.length >= limit;
    let step = format.read(view, { line: scan.line, atEnd: viewAtEnd, isFull });
    if (step.kind === 'incomplete' && !isFull) {
      scan.stop = 'incomplete';
      return scan;
    }
    if (step.kind === 'incomplete') step = { kind: 'fault', fault: tooLarge(view, limit - 2) };
    if (step.kind === 'record') addRecord(scan, view, step);
    else if (giveUpLine(scan, window, step.fault) === 'inside-lost-line') return scan;
  }
  return scan;
}

function addRecord(scan: WindowScan, view: Buffer, step: RecordStep & { kind: 'record' }): void {
  const lines = countLineBreaks(view, step.next);
  if (step.content !== undefined) {
    const closed = view[step.next - 1] === LF;
    scan.rows.push(
      row(scan.line, scan.line + lines - (closed ? 1 : 0), view.subarray(0, step.next), step.content),
    );
  }
  scan.line += lines;
  scan.consumed += step.next;
}

/** Rejects the line at the scan's place alone, so that what follows it is read again as rows of its own. */
function giveUpLine(scan: WindowScan, window: ByteWindow, fault: RowFault): WindowScan['stop'] {
  const rest = window.bytes.subarray(scan.consumed);
  const lineBreak = rest.indexOf(LF);
  const lost = lineBreak < 0 ? rest : rest.subarray(0, lineBreak + 1);
  scan.rows.push(row(scan.line, scan.line, lost, fault));
  if (lineBreak < 0 && !window.atEnd) scan.stop = 'inside-lost-line';
  scan.consumed += lost.length;
  if (lineBreak >= 0) scan.line++;
  return scan.stop;
}

function row(line: number, lastLine: number, bytes: Buffer, content: RawRow['content']): RawRow {
  return {
    line,
    lastLine,
    sizeBytes: bytes.length,
    content,
    text: () => bytes.toString('utf8', 0, MAX_ROW_TEXT_BYTES).replace(/\r?\n$/, ''),
  };
}

function tooLarge(view: Buffer, maxRecordBytes: number): RowFault {
  return view.includes(LF)
    ? {
        code: 'unclosed-quote',
        reason: `a quote opened on this line is still open after ${maxRecordBytes} bytes`,
      }
    : { code: 'too-large', reason: `the row is longer than ${maxRecordBytes} bytes` };
}

function blankLineBytes(view: Buffer): number {
  if (view[0] === LF) return 1;
  return view[0] === CR && view[1] === LF ? 2 : 0;
}

function countLineBreaks(bytes: Buffer, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) count++;
  return count;
}

/** Returns what keeps the bytes of a record from being text: a NUL, or a sequence that is not UTF-8. */
export function textFault(bytes: Buffer): RowFault | undefined {
  if (bytes.includes(0)) return { code: 'nul', reason: 'the row holds a NUL byte' };
  if (!isUtf8(bytes)) return { code: 'bad-utf8', reason: 'the row holds bytes that are not UTF-8' };
  return undefined;
}
