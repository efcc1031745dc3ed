import { type PythonValue, pythonRepr } from '../../data/index.js';
import type { ByteWindow } from '../byte-window.js';
import { csvFormat } from '../csv.js';
import { firstCells } from '../csv-record.js';
import { readRecords } from '../record-reader.js';
import { isFault, type RawRow, type RowChunk, type RowFault } from '../row.js';
import { isKnownColumn } from '../sensors/event-columns.js';

const MAX_ROW_BYTES = 2 ** 20;
/** What is gathered before it is handed on. */
const PIECE_LENGTH = 65_536;
/** Begins the line of a row that is lost; that of any other begins with a brace. */
const LOST = '!';
const MAX_LOST_TEXT = 1000;

/** A row that the table's own reader could not read. */
export interface LostRow {
  readonly fault: RowFault;
  /** The first characters of the row. */
  readonly text: string;
}

/**
 * Returns the names of the columns where a text begins with the header of a table of which events may be made: two columns
 * or more, one of them known, none a number, time or address. Undefined for any other text, whose first line may be a row.
 */
export function tableColumns(bytes: Buffer): readonly string[] | undefined {
  const names = firstCells(bytes);
  const isHeader = names.length > 1 && names.some(isKnownColumn) && !names.some((name) => /^\d/.test(name));
  return isHeader ? names : undefined;
}

/**
 * Yields CSV as lines: each row is a JSON object, its cells by column, on the line on which the row starts. Memory is
 * bounded, whatever the rows. Throws BAD_DATA for a header that cannot be read.
 */
export async function* csvLines(window: ByteWindow, file: string): AsyncGenerator<Buffer, void> {
  try {
    yield* rowLines(readRecords(window, csvFormat({ file, requiredColumns: [] }), MAX_ROW_BYTES));
  } finally {
    await window.close();
  }
}

/** Yields Parquet as lines, as `csvLines` does, the first row on line 1. Throws BAD_DATA where it cannot be read. */
export async function* parquetLines(file: string): AsyncGenerator<Buffer, void> {
  // DuckDB is loaded only where it is needed: it is large.
  const { readParquetRows } = await import('../parquet.js');
  yield* rowLines(readParquetRows(file, { requiredColumns: [], keepSecrets: false }));
}

async function* rowLines(chunks: AsyncIterable<RowChunk>): AsyncGenerator<Buffer, void> {
  let next = 1;
  for await (const { rows, blankLines } of chunks) {
    let piece = '';
    let blanks = blankLines;
    for (const row of rows) {
      const between = row.line - next;
      const blank = Math.min(blanks, between);
      piece += `${' \n'.repeat(blank)}${'\n'.repeat(between - blank)}${lineOf(row)}\n`;
      blanks -= blank;
      next = row.line + 1;
      if (piece.length < PIECE_LENGTH) continue;
      yield Buffer.from(piece);
      piece = '';
    }
    next += blanks;
    yield Buffer.from(piece + ' \n'.repeat(blanks));
  }
}

/** Returns whether an empty line of a table is its header or a further line of a row: one that is blank in it is a space. */
export function isPartOfRow(line: string): boolean {
  return line === '';
}

/** Returns the row that a line of a table stands for where the table's reader could not read it. */
export function lostRow(line: string): LostRow | undefined {
  if (!line.startsWith(LOST)) return undefined;
  return JSON.parse(line.slice(LOST.length)) as LostRow;
}

function lineOf({ content, text }: RawRow): string {
  if (isFault(content))
    return LOST + JSON.stringify({ fault: content, text: text().slice(0, MAX_LOST_TEXT) } satisfies LostRow);
  return jsonObject(content);
}

function jsonObject(entries: readonly (readonly [name: PythonValue, value: PythonValue])[]): string {
  const members = entries.map(([name, value]) => {
    const key = typeof name === 'string' ? name : pythonRepr(name);
    return `${JSON.stringify(key)}:${jsonText(value)}`;
  });
  return `{${members.join(',')}}`;
}

/** Returns a cell as JSON; whole numbers that JSON readers round, and what JSON does not know, as text. */
function jsonText(value: PythonValue): string {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? `${value}` : `"${value}"`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value.kind === 'dict') return jsonObject(value.entries);
  if (value.kind === 'bytes') return JSON.stringify(pythonRepr(value));
  return `[${value.items.map(jsonText).join(',')}]`;
}
