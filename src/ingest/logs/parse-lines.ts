import { isUtf8 } from 'node:buffer';
import type { EventFields } from '../../data/index.js';
import type { RejectCode, RowFault } from '../row.js';
import type { EventCollector } from '../sensors/event-collector.js';
import type { LineReader } from '../sensors/source.js';
import { isPartOfRow, lostRow } from './table-lines.js';

/** A line that gave no event, and why. */
export interface LineFault extends RowFault {
  /** One-based line. */
  readonly line: number;
  /** The first characters of the line; only where secrets are kept. */
  readonly text?: string;
}

/** Some lines of one input. */
export interface Lines {
  readonly bytes: Buffer;
  /** One-based line that `bytes` start with. */
  readonly firstLine: number;
  /** The input ended without a line break, so the last line may be half a line. */
  readonly isCut: boolean;
}

/** What lines are read with. */
export interface LineParser {
  readonly reader: LineReader;
  readonly collector: EventCollector;
  /** The lines are rows of a table, as `csvLines` and `parquetLines` write them. */
  readonly isTable: boolean;
  readonly maxLineBytes: number;
  /** Longest text of a line that a fault carries; 0 where it may hold a secret. */
  readonly textOfFault: number;
}

/** What some lines held. */
export interface ParsedLines {
  readonly blankLines: number;
  /** Lines that are not blank. */
  readonly rowsRead: number;
  /** Lines that are no fault and give no event, such as a header. */
  readonly withoutEvent: number;
  readonly faults: readonly LineFault[];
}

/** What is wrong with a line that is longer than is allowed. */
export const TOO_LARGE: RowFault = { code: 'too-large', reason: 'the line is longer than is allowed' };
const BAD_UTF8: RowFault = { code: 'bad-utf8', reason: 'the line is no UTF-8' };

/** Reads lines and hands on the events of each, in order. Cost O(bytes). */
export function parseLines(
  lines: Lines,
  parser: LineParser,
  take: (events: readonly EventFields[], line: number) => void,
): ParsedLines {
  const { bytes, firstLine, isCut } = lines;
  const faults: LineFault[] = [];
  let blankLines = 0;
  let partsOfRows = 0;
  let withoutEvent = 0;
  let number = firstLine - 1;
  const texts = isUtf8(bytes) ? linesOfText(bytes.toString('utf8')) : linesOfBytes(bytes);
  for (const text of texts) {
    number++;
    if (text !== undefined && text.trimStart() === '') {
      if (parser.isTable && isPartOfRow(text)) partsOfRows++;
      else blankLines++;
      continue;
    }
    const lost = parser.isTable && text !== undefined ? lostRow(text) : undefined;
    const read = lost?.fault ?? (text === undefined ? BAD_UTF8 : readLine(text, number, parser));
    if ('code' in read)
      faults.push(placed(read, { number, text: lost?.text ?? text, textOfFault: parser.textOfFault }));
    else {
      if (read.length === 0) withoutEvent++;
      take(read, number);
    }
  }
  const last = faults.at(-1);
  if (isCut && last?.line === number && HALF_LINE.has(last.code))
    faults[faults.length - 1] = { ...last, code: 'cut', reason: 'the file ends inside the line' };
  return { blankLines, rowsRead: number - firstLine + 1 - blankLines - partsOfRows, withoutEvent, faults };
}

/** What half a line is taken for. */
const HALF_LINE: ReadonlySet<RejectCode> = new Set(['bad-json', 'bad-utf8', 'too-few-columns']);

function readLine(
  text: string,
  number: number,
  { reader, collector, maxLineBytes }: LineParser,
): readonly EventFields[] | RowFault {
  return isLonger(text, maxLineBytes) ? TOO_LARGE : collector.read(text, number, reader);
}

/** Returns whether a text has more bytes; they are counted only where its characters do not tell. */
function isLonger(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes;
}

function placed(
  fault: RowFault,
  { number, text = '', textOfFault }: { number: number; text: string | undefined; textOfFault: number },
): LineFault {
  return { ...fault, line: number, ...(textOfFault > 0 ? { text: text.slice(0, textOfFault) } : {}) };
}

function* linesOfText(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const found = text.indexOf('\n', from);
    const end = found < 0 ? text.length : found;
    yield text.slice(from, end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
    from = end + 1;
  }
}

/** Yields each line that is UTF-8, undefined for one that is not. */
function* linesOfBytes(bytes: Buffer): Generator<string | undefined> {
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(10, from);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(from, end);
    yield isUtf8(line) ? line.toString('utf8').replace(/\r$/, '') : undefined;
    from = end + 1;
  }
}
