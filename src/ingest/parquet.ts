import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBMapValue,
  type DuckDBResult,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import { PhantomNetError, show } from '../core/index.js';
import type { PythonValue } from '../data/index.js';
import { literalPath, openDuckDb } from './duckdb.js';
import { checkHeader } from './header.js';
import type { RawRow, RowChunk } from './row.js';

/** What the Parquet reader must know of its input. */
interface ParquetOptions {
  readonly requiredColumns?: readonly string[] | undefined;
  readonly keepSecrets: boolean;
}

/** One thread keeps the rows in file order and the memory flat. */
const SETTINGS = { threads: '1', memory_limit: '1GB' };

/** Yields the rows of a Parquet file in order, a chunk of at most 2,048 rows at a time. Throws BAD_DATA where the file cannot be read. */
export async function* readParquetRows(file: string, options: ParquetOptions): AsyncGenerator<RowChunk> {
  const { connection, close } = await openDuckDb(SETTINGS);
  try {
    const reading = { file, options, rowsRead: 0 };
    const result = await guard(reading, () =>
      connection.stream('SELECT * FROM read_parquet(?)', [literalPath(file)]),
    );
    const names = result.columnNames();
    checkHeader(names, { file, requiredColumns: options.requiredColumns });
    for (;;) {
      const rows = await guard(reading, () => nextRows(result, names, reading.rowsRead));
      if (rows.length === 0) return;
      reading.rowsRead += rows.length;
      yield { rows, blankLines: 0 };
    }
  } finally {
    close();
  }
}

async function nextRows(result: DuckDBResult, names: readonly string[], rowsRead: number): Promise<RawRow[]> {
  const chunk = await result.fetchChunk();
  if (chunk === null) return [];
  // In event form most columns have no value in a row, and such a cell says nothing.
  const keepsMissing = !names.includes('event.dataset');
  return chunk.convertRows(toPython).map((values, i) => {
    const content: (readonly [string, PythonValue])[] = [];
    for (let column = 0; column < names.length; column++) {
      const value = topLevel(values[column] ?? null);
      if (value !== null || keepsMissing) content.push([names[column]!, value]);
    }
    const line = rowsRead + i + 1;
    return {
      line,
      lastLine: line,
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
    const kind = options.keepSecrets
      ? message
      : (/^[A-Z][A-Za-z/ -]{1,40} Error/.exec(message)?.[0] ?? 'Error');
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
