import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import { PhantomNetError, show } from '../core/index.js';
import type { PythonValue } from '../data/index.js';
import { ERROR_KIND, literalPath, openDuckDb } from './duckdb.js';
import { checkHeader } from './header.js';
import { hasLargeRow, MAX_SHARED_BYTES, piecesOf, rowsOfFileSql } from './large-rows.js';
import { textBytesSql } from './parquet-sizes.js';
import type { RawRow, RowChunk, RowFault } from './row.js';

/** What the Parquet reader must know of its input. */
interface ParquetOptions {
  readonly requiredColumns?: readonly string[] | undefined;
  readonly keepSecrets: boolean;
  /** A row of more bytes of text is rejected, if they are more than 1 MiB. */
  readonly maxRecordBytes?: number | undefined;
}

/** One thread keeps the rows in file order and the memory flat. */
const SETTINGS = { threads: '1', memory_limit: '1GB' };

const MAX_ROW_BYTES = 2 ** 20;
const TOO_LARGE: RowFault = { code: 'too-large', reason: 'the row is larger than is allowed' };

/**
 * Yields the rows of a Parquet file in order, a chunk of at most 2,048 rows at a time, in memory that no row can grow: one that
 * is too large comes as a fault. Throws BAD_DATA where the file cannot be read.
 */
export async function* readParquetRows(file: string, options: ParquetOptions): AsyncGenerator<RowChunk> {
  const { connection, close } = await openDuckDb(SETTINGS);
  const reading = { file, options, rowsRead: 0 };
  try {
    const columns = await guard(reading, () => columnsOf(connection, file));
    checkHeader(columns.names, { file, requiredColumns: options.requiredColumns });
    const result = await guard(reading, () =>
      connection.stream(selectSql(columns, MAX_SHARED_BYTES, 'read_parquet(?)'), [literalPath(file)]),
    );
    for (;;) {
      const chunk = await guard(reading, () => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      const sizes = chunk.getColumnValues(0).map(Number);
      if (hasLargeRow(sizes)) yield* largeRows(reading, columns, sizes);
      else yield { rows: rowsOf(chunk, columns, reading), blankLines: 0 };
      reading.rowsRead += chunk.rowCount;
    }
  } finally {
    close();
  }
}

/** The columns of a file. */
interface Columns {
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
}

async function columnsOf(connection: DuckDBConnection, file: string): Promise<Columns> {
  const result = await connection.run('SELECT * FROM read_parquet(?) LIMIT 0', [literalPath(file)]);
  return { names: result.columnNames(), types: result.columnTypes() };
}

/**
 * Returns the SQL of the bytes of each row of a source, then its cells, which are null where it has more bytes than are
 * allowed. The bytes are worked out once a row, and as a list: each cell asks for them, and a sum of very many is too deep.
 */
function selectSql({ names, types }: Columns, maxBytes: number, source: string): string {
  const cells = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  const bytes = cells.map((cell, i) => textBytesSql(cell, types[i]!));
  // No column of the file may be taken for it.
  let size = 'row_bytes';
  while (names.some((name) => name.toLowerCase() === size)) size += '_';
  const bounded = cells.map((cell) => `CASE WHEN ${size} <= ${maxBytes} THEN ${cell} END`);
  return `SELECT ${size}, ${bounded.join(', ')} FROM (SELECT *, list_sum([${bytes.join(', ')}])::DOUBLE AS ${size} FROM ${source})`;
}

/** Yields the rows of a chunk of which some are too large to be read with all others. */
async function* largeRows(
  reading: Reading,
  columns: Columns,
  sizes: readonly number[],
): AsyncGenerator<RowChunk> {
  const { file, options, rowsRead } = reading;
  const maxBytes = Math.max(MAX_ROW_BYTES, options.maxRecordBytes ?? 0);
  // What is streamed ends where its connection is used for more.
  const { connection, close } = await openDuckDb(SETTINGS);
  try {
    // A row that is left out takes no room.
    for (const piece of piecesOf(sizes.map((size) => (size > maxBytes ? 0 : size)))) {
      const sql = selectSql(columns, maxBytes, rowsOfFileSql(piece, rowsRead, columns.names));
      const result = await guard(reading, () => connection.run(sql, [literalPath(file)]));
      const rows: RawRow[] = [];
      for (const chunk of await guard(reading, () => result.fetchAllChunks()))
        for (const row of rowsOf(chunk, columns, {
          rowsRead: rowsRead + piece.from + rows.length,
          isTooLarge: (i) => sizes[piece.from + i]! > maxBytes,
        }))
          rows.push(row);
      yield { rows, blankLines: 0 };
    }
  } finally {
    close();
  }
}

function rowsOf(
  chunk: DuckDBDataChunk,
  { names }: Columns,
  { rowsRead, isTooLarge }: { readonly rowsRead: number; readonly isTooLarge?: (row: number) => boolean },
): RawRow[] {
  // In event form most columns have no value in a row, and such a cell says nothing.
  const keepsMissing = !names.includes('event.dataset');
  return chunk.convertRows(toPython).map(([, ...values], i) => {
    const line = rowsRead + i + 1;
    const about = { line, lastLine: line };
    if (isTooLarge?.(i)) return { ...about, sizeBytes: 0, content: TOO_LARGE, text: () => '' };
    const content: (readonly [string, PythonValue])[] = [];
    for (let column = 0; column < names.length; column++) {
      const value = topLevel(values[column] ?? null);
      if (value !== null || keepsMissing) content.push([names[column]!, value]);
    }
    return {
      ...about,
      sizeBytes: sizeOf(content),
      content,
      text: () => JSON.stringify(values.map((value) => (typeof value === 'string' ? value : null))),
    };
  });
}

/** A data frame writes NaN where it has no value. */
function topLevel(value: PythonValue): PythonValue {
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}

function sizeOf(content: readonly (readonly [string, PythonValue])[]): number {
  return content.reduce((sum, [, value]) => sum + (typeof value === 'string' ? value.length : 32), 0);
}

function toPython(value: DuckDBValue, type: DuckDBType): PythonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'string')
    return value;
  if (typeof value === 'number') return isFloat(type) ? value : BigInt(value);
  if (value instanceof DuckDBTimestampTZValue) return isoTime(value, '+00:00');
  if (value instanceof DuckDBTimestampValue) return isoTime(value, '');
  if (value instanceof DuckDBBlobValue)
    return { kind: 'bytes', latin1: Buffer.from(value.bytes).toString('latin1') };
  return containerToPython(value, type);
}

function containerToPython(value: object, type: DuckDBType): PythonValue {
  const inside = (member: DuckDBValue, memberType: DuckDBType | undefined) =>
    toPython(member, memberType ?? type);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    const itemType = 'valueType' in type ? type.valueType : undefined;
    return { kind: 'list', items: value.items.map((item) => inside(item, itemType)) };
  }
  if (value instanceof DuckDBMapValue) {
    const types = 'keyType' in type ? [type.keyType, type.valueType] : [];
    return {
      kind: 'dict',
      entries: value.entries.map((e) => [inside(e.key, types[0]), inside(e.value, types[1])] as const),
    };
  }
  if (value instanceof DuckDBStructValue) {
    const types = 'entryTypes' in type ? type.entryTypes : [];
    return {
      kind: 'dict',
      entries: Object.entries(value.entries).map(([key, v], i) => [key, inside(v, types[i])] as const),
    };
  }
  return String(value);
}

function isFloat(type: DuckDBType): boolean {
  return type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT;
}

/** Returns ISO time with microseconds where there are any, as Python's `isoformat` writes it. */
function isoTime(value: DuckDBTimestampValue | DuckDBTimestampTZValue, offset: string): string {
  if (!value.isFinite) return value.toString();
  const micros = ((value.micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((value.micros - micros) / 1000n));
  if (Number.isNaN(seconds.getTime())) return value.toString();
  const fraction = micros === 0n ? '' : `.${String(micros).padStart(6, '0')}`;
  return `${seconds.toISOString().slice(0, -5)}${fraction}${offset}`;
}

interface Reading {
  readonly file: string;
  readonly options: ParquetOptions;
  rowsRead: number;
}

/** Turns DuckDB's errors into ours. Their text may quote the row, so only its kind is told unless secrets are kept. */
async function guard<T>(reading: Reading, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const { file, options, rowsRead } = reading;
    const message = cause instanceof Error ? cause.message : String(cause);
    const kind = options.keepSecrets ? message : (ERROR_KIND.exec(message)?.[0] ?? 'Error');
    throw new PhantomNetError(
      'BAD_DATA',
      `${show(file)} cannot be read as Parquet after row ${rowsRead}: ${kind}`,
      {
        hint: 'check that the file was copied whole, or write it anew',
        details: { file, rowsRead },
        ...(options.keepSecrets ? { cause } : {}),
      },
    );
  }
}
