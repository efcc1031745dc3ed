import { rm } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { EVENT_FIELDS, type EventField, type EventFieldType } from '../../data/index.js';
import { ESCAPE, ESCAPED, PART_END } from './event-rows.js';

/** How events are put in order. */
export interface SortOptions {
  /** Files of rows as `eventRowWriter` writes them. */
  readonly rowFiles: readonly string[];
  /** Parquet file to write. */
  readonly out: string;
  /** Folder for what does not fit into memory. */
  readonly temporaryFolder: string;
  /** Most memory the sort takes, in bytes; it goes on on the disk beyond. */
  readonly memoryBytes: number;
  /** What becomes of lines that came before, byte for byte. */
  readonly repeats: 'drop' | 'keep';
  readonly signal?: AbortSignal | undefined;
}

/** How many events were written, and how many were left out as repeats. */
export interface SortedEvents {
  readonly events: number;
  readonly repeats: number;
}

const SQL_TYPES: Readonly<Record<EventFieldType, string>> = {
  time: 'BIGINT',
  text: 'VARCHAR',
  address: 'VARCHAR',
  port: 'INTEGER',
  integer: 'BIGINT',
  number: 'DOUBLE',
};

const PLACE_COLUMNS =
  "{time: 'BIGINT', sensor: 'VARCHAR', file: 'INTEGER', line: 'BIGINT', ordinal: 'INTEGER', digest: 'UUID', event: 'VARCHAR'}";

/** Longest row: a line of 1 MiB whose parts are kept several times over. */
const MAX_ROW_BYTES = 8 * 2 ** 20;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Writes events to a Parquet file, by time, then sensor, then place in the input. What does not fit into the memory goes
 * to the disk, so memory is bounded whatever their number.
 */
export async function sortEvents(options: SortOptions): Promise<SortedEvents> {
  const { rowFiles, out, temporaryFolder, memoryBytes, signal } = options;
  signal?.throwIfAborted();
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${Math.floor(memoryBytes / 1e6)}MB`,
    temp_directory: `${temporaryFolder}/sort.tmp`,
    threads: '2',
  });
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    await connection.run(
      `CREATE VIEW rows AS SELECT * FROM ${readCsv(rowFiles, PLACE_COLUMNS, PART_END, '')}`,
    );
    const repeats = options.repeats === 'drop' ? await findRepeats(connection) : 0;
    const sorted = `${temporaryFolder}/sorted.csv`;
    const [first] = repeats > 0 ? [FIRST_ONLY] : [''];
    await connection.run(
      `COPY (SELECT event FROM rows ${first} ORDER BY time, sensor NULLS FIRST, file, line, rows.ordinal)
      TO ${literal(sorted)} (FORMAT csv, HEADER false, DELIM ${literal(PART_END)}, QUOTE '', ESCAPE '')`,
    );
    // What is sorted is there twice: the logs may be most of what the disk holds.
    await Promise.all(rowFiles.map((file) => rm(file)));
    const events = await writeParquet(connection, sorted, out);
    signal?.throwIfAborted();
    return { events, repeats };
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

/** Makes the table of the lines that occur more than once, with the place of the first; returns how many events are repeats. */
async function findRepeats(connection: DuckDBConnection): Promise<number> {
  await connection.run(`CREATE TABLE repeats AS
    SELECT digest, ordinal, min((file::BIGINT << 40) + line) AS first, count(*) AS times
    FROM rows GROUP BY ALL HAVING count(*) > 1`);
  const [sum] = (
    await connection.runAndReadAll('SELECT coalesce(sum(times - 1), 0)::DOUBLE FROM repeats')
  ).getRows();
  return Number(sum?.[0]);
}

const FIRST_ONLY = `LEFT JOIN repeats ON rows.digest = repeats.digest AND rows.ordinal = repeats.ordinal
  WHERE first IS NULL OR first = (file::BIGINT << 40) + line`;

async function writeParquet(connection: DuckDBConnection, sorted: string, out: string): Promise<number> {
  const columns = EVENT_FIELDS.map(({ name, type }) => `${literal(name)}: ${literal(SQL_TYPES[type])}`);
  const written = await connection.runAndReadAll(
    `COPY (SELECT ${EVENT_FIELDS.map(column).join(', ')} FROM ${readCsv([sorted], `{${columns.join(', ')}}`, ',', '"')})
    TO ${literal(out)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)`,
  );
  return Number(written.getRows()[0]?.[0] ?? 0);
}

function readCsv(files: readonly string[], columns: string, delimiter: string, quote: string): string {
  return `read_csv([${files.map(literal).join(', ')}], columns = ${columns}, header = false, auto_detect = false,
    delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, new_line = '\\n', nullstr = '',
    max_line_size = ${MAX_ROW_BYTES}, buffer_size = ${2 * MAX_ROW_BYTES})`;
}

/** Returns the SQL of a column as it is stored: times as times, text as it was before it was escaped. */
function column({ name, type }: EventField): string {
  const quoted = `"${name}"`;
  if (type === 'time') return `make_timestamptz(${quoted} * 1000) AS ${quoted}`;
  if (SQL_TYPES[type] !== 'VARCHAR') return quoted;
  const plain = [...ESCAPED].reduce(
    (sql, [character, letter]) => `replace(${sql}, ${literal(ESCAPE + letter)}, ${literal(character)})`,
    quoted,
  );
  return `CASE WHEN contains(${quoted}, ${literal(ESCAPE)}) THEN ${plain} ELSE ${quoted} END AS ${quoted}`;
}
