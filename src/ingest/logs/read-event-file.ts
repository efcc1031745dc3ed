import { type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import { PhantomNetError, show } from '../../core/index.js';
import { EVENT_FIELDS, type EventFieldName, type EventFields, type EventValue } from '../../data/index.js';

const TYPES = new Map<string, string>(EVENT_FIELDS.map(({ name, type }) => [name, type]));

/**
 * Yields the events of a Parquet file that `ingestLogs` wrote, in its order, in batches of at most 2,048, with the named
 * fields only: fewer are read faster. Throws NOT_FOUND or BAD_DATA for a file that is none of events.
 */
export async function* readEventFile(
  file: string,
  fields: readonly EventFieldName[],
): AsyncGenerator<readonly EventFields[], void> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: '512MB',
    threads: '2',
  });
  const connection = await instance.connect();
  try {
    const result = await reading(file, () =>
      connection.stream(`SELECT ${fields.map(column).join(', ')} FROM read_parquet(?)`, [
        file.replace(/[*?[]/g, '[$&]'),
      ]),
    );
    for (;;) {
      const chunk = await reading(file, () => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield eventsOf(chunk, fields);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Whole numbers come as doubles: a JavaScript number is one. */
function column(name: EventFieldName): string {
  const type = TYPES.get(name);
  if (type === 'time') return `epoch_ms("${name}")::DOUBLE`;
  return type === 'text' || type === 'address' ? `"${name}"` : `"${name}"::DOUBLE`;
}

function eventsOf(chunk: DuckDBDataChunk, names: readonly EventFieldName[]): EventFields[] {
  const columns = names.map((_, i) => chunk.getColumnValues(i) as EventValue[]);
  return Array.from({ length: chunk.rowCount }, (_, row) => {
    const event: EventFields = {};
    for (let i = 0; i < names.length; i++) {
      const value = columns[i]![row]!;
      if (value !== null) event[names[i]!] = value;
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
