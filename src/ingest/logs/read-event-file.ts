import type { DuckDBDataChunk } from '@duckdb/node-api';
import { PhantomNetError, show } from '../../core/index.js';
import { EVENT_FIELDS, type EventFieldName, type EventFields, isTextField } from '../../data/index.js';
import { literal, literalPath, openDuckDb } from '../duckdb.js';
import { columnReader } from '../duckdb-columns.js';
import { CELL_END, cellSql, ownText } from './cell-text.js';

const TIMES = new Set<string>(EVENT_FIELDS.flatMap(({ name, type }) => (type === 'time' ? [name] : [])));

/**
 * Yields the events of a Parquet file that `ingestLogs` wrote, in its order, in batches of at most 2,048, with the named
 * fields only: fewer are read faster. Throws NOT_FOUND or BAD_DATA for a file that is none of events.
 */
export async function* readEventFile(
  file: string,
  fields: readonly EventFieldName[],
): AsyncGenerator<readonly EventFields[], void> {
  const { connection, close } = await openDuckDb({ memory_limit: '512MB', threads: '2' });
  const texts = fields.filter(isTextField);
  const numbers = fields.filter((name) => !isTextField(name));
  let coming: Promise<DuckDBDataChunk | null> | undefined;
  try {
    const result = await reading(file, () =>
      connection.stream(
        `SELECT ${[textsOf(texts), ...numbers.map(numberOf)].join(', ')} FROM read_parquet(?)`,
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
      const columns = numbers.map((_, i) => reader.doubles(chunk, i + 1));
      yield eventsOf(reader.texts(chunk, 0), columns, { texts, numbers });
    }
  } finally {
    await coming?.catch(() => undefined);
    close();
  }
}

/** Whole numbers come as doubles, as JavaScript has them, and what is missing as NaN, which no event holds. */
function numberOf(name: EventFieldName): string {
  const number = TIMES.has(name) ? `epoch_ms("${name}")` : `"${name}"`;
  return `coalesce(${number}::DOUBLE, 'NaN'::DOUBLE)`;
}

/** All texts of an event come as one, since each that comes by itself takes as long. */
function textsOf(names: readonly EventFieldName[]): string {
  const cells = names.map((name) => cellSql(`"${name}"`));
  return cells.length === 0 ? "''" : cells.join(` || ${literal(CELL_END)} || `);
}

function eventsOf(
  rows: readonly string[],
  columns: readonly Float64Array[],
  {
    texts,
    numbers,
  }: { readonly texts: readonly EventFieldName[]; readonly numbers: readonly EventFieldName[] },
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
    throw new PhantomNetError('BAD_DATA', `${show(file)} cannot be read as a file of events`, {
      cause,
      hint: 'make one of your logs with: phantomnet ingest <logs> --out events.parquet',
      details: { file },
    });
  }
}
