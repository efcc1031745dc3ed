import type { DuckDBDataChunk } from '@duckdb/node-api';
import { PhantomNetError, show } from '../../core/index.js';
import { EVENT_FIELDS, type EventFieldName, type EventFields, isTextField } from '../../data/index.js';
import { ERROR_KIND, literal, literalPath, openDuckDb } from '../duckdb.js';
import { type ColumnReader, columnReader } from '../duckdb-columns.js';
import { hasLargeRow, MAX_SHARED_BYTES, piecesOf, rowsOfFileSql } from '../large-rows.js';
import { CELL_END, cellSql, ownText } from './cell-text.js';
import { MAX_ROW_BYTES } from './event-rows.js';

const TIMES = new Set<string>(EVENT_FIELDS.flatMap(({ name, type }) => (type === 'time' ? [name] : [])));

/** The fields that are wanted. */
interface Wanted {
  readonly texts: readonly EventFieldName[];
  readonly numbers: readonly EventFieldName[];
}

/**
 * Yields the events of a Parquet file that `ingestLogs` wrote, in its order, in batches of at most 2,048, with the named
 * fields only: fewer are read faster. Memory is bounded, whatever the file holds. Throws NOT_FOUND or BAD_DATA for a file that
 * is none of events.
 */
export async function* readEventFile(
  file: string,
  fields: readonly EventFieldName[],
): AsyncGenerator<readonly EventFields[], void> {
  const { connection, close } = await openDuckDb({ memory_limit: '512MB', threads: '2' });
  const texts = fields.filter(isTextField);
  const numbers = fields.filter((name) => !isTextField(name));
  const bytes = bytesOf(texts);
  const cells = `CASE WHEN ${bytes} <= ${MAX_SHARED_BYTES} THEN ${textsOf(texts)} ELSE '' END`;
  let coming: Promise<DuckDBDataChunk | null> | undefined;
  let rowsRead = 0;
  try {
    const result = await reading(file, () =>
      connection.stream(
        `SELECT ${[cells, `(${bytes})::DOUBLE`, ...numbers.map(numberOf)].join(', ')} FROM read_parquet(?)`,
        [literalPath(file)],
      ),
    );
    const reader = await columnReader();
    for (;;) {
      const chunk = await reading(file, () => coming ?? result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      // The next is made while this one is used.
      coming = result.fetchChunk();
      coming.catch(() => undefined);
      const columns = numbers.map((_, i) => reader.doubles(chunk, i + 2));
      checkTimes(file, columns[numbers.indexOf('@timestamp')], rowsRead);
      const sizes = reader.doubles(chunk, 1);
      if (hasLargeRow(sizes))
        yield* largeRows({ file, reader, sizes, columns, rowsRead }, { texts, numbers });
      else yield eventsOf(reader.texts(chunk, 0), columns, { texts, numbers });
      rowsRead += chunk.rowCount;
    }
  } finally {
    await coming?.catch(() => undefined);
    close();
  }
}

/** A chunk of which some rows are too large to be read with all others. */
interface LargeChunk {
  readonly file: string;
  readonly reader: ColumnReader;
  /** Bytes of the texts of each row. */
  readonly sizes: Float64Array;
  readonly columns: readonly Float64Array[];
  /** Rows before it. */
  readonly rowsRead: number;
}

async function* largeRows(
  { file, reader, sizes, columns, rowsRead }: LargeChunk,
  wanted: Wanted,
): AsyncGenerator<readonly EventFields[], void> {
  const tooLarge = sizes.findIndex((size) => size > MAX_ROW_BYTES);
  if (tooLarge >= 0) throw badRow(file, rowsRead + tooLarge, 'the event is larger than is allowed');
  // What is streamed ends where its connection is used for more.
  const { connection, close } = await openDuckDb({ memory_limit: '512MB', threads: '1' });
  try {
    for (const piece of piecesOf(sizes)) {
      const sql = `SELECT ${textsOf(wanted.texts)} FROM ${rowsOfFileSql(piece, rowsRead)}`;
      const rows: string[] = [];
      await reading(file, async () => {
        const result = await connection.run(sql, [literalPath(file)]);
        for (const chunk of await result.fetchAllChunks())
          for (const row of reader.texts(chunk, 0)) rows.push(row);
      });
      const own = columns.map((column) => column.subarray(piece.from, piece.to));
      yield eventsOf(rows, own, wanted);
    }
  } finally {
    close();
  }
}

/** Throws BAD_DATA where an event has no time, which NaN stands for, or none that ends. */
function checkTimes(file: string, times: Float64Array | undefined, rowsRead: number): void {
  const row = times?.findIndex((time) => !Number.isFinite(time)) ?? -1;
  if (row >= 0) throw badRow(file, rowsRead + row, 'the event has no time');
}

function badRow(file: string, row: number, what: string): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `${show(file)}, row ${row + 1}: ${what}`, {
    hint: 'make the file of your logs with: phantomnet ingest <logs> --out events.parquet',
    details: { file, row: row + 1 },
  });
}

/** Whole numbers come as doubles, as JavaScript has them, and what is missing as NaN, which no event holds. */
function numberOf(name: EventFieldName): string {
  const number = TIMES.has(name) ? `epoch_ms("${name}")` : `"${name}"`;
  return `coalesce(${number}::DOUBLE, 'NaN'::DOUBLE)`;
}

/** Bytes of the texts of an event, before they are escaped. */
function bytesOf(names: readonly EventFieldName[]): string {
  return ['0', ...names.map((name) => `coalesce(strlen("${name}"), 0)`)].join(' + ');
}

/** All texts of an event come as one, since each that comes by itself takes as long. */
function textsOf(names: readonly EventFieldName[]): string {
  const cells = names.map((name) => cellSql(`"${name}"`));
  return cells.length === 0 ? "''" : cells.join(` || ${literal(CELL_END)} || `);
}

function eventsOf(
  rows: readonly string[],
  columns: readonly Float64Array[],
  { texts, numbers }: Wanted,
): EventFields[] {
  return rows.map((row, i) => {
    const event: EventFields = {};
    const cells = row.split(CELL_END);
    for (let j = 0; j < texts.length; j++) {
      const text = ownText(cells[j]!, row.length);
      if (text !== null) event[texts[j]!] = text;
    }
    for (let j = 0; j < numbers.length; j++) {
      const value = columns[j]![i]!;
      if (!Number.isNaN(value)) event[numbers[j]!] = value;
    }
    return event;
  });
}

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    // What DuckDB says of a cell quotes it, and it may hold a password: only the kind of its error is told.
    const message = cause instanceof Error ? cause.message : '';
    const kind = ERROR_KIND.exec(message)?.[0];
    const why = kind === undefined ? '' : ` (${kind})`;
    throw new PhantomNetError('BAD_DATA', `${show(file)} cannot be read as a file of events${why}`, {
      hint: 'make one of your logs with: phantomnet ingest <logs> --out events.parquet',
      details: { file },
    });
  }
}
