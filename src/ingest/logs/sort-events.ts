import { rm } from 'node:fs/promises';
import { EVENT_FIELDS, type EventField, type EventFieldName, type EventFieldType } from '../../data/index.js';
import { literal, openDuckDb } from '../duckdb.js';
import { CELL_END, unescapedSql } from './cell-text.js';
import { countEvents, type EventCounts } from './count-events.js';
import { MAX_ROW_BYTES, ROW_FIELDS } from './event-rows.js';
import { GROUP_ROWS, type MergeOptions, mergeRuns } from './merge-runs.js';
import type { Run } from './row-cursor.js';

/** How events are put in order. */
interface SortOptions extends MergeOptions {
  /** Rows in order, as the threads that read lines wrote them. */
  readonly runs: readonly Run[];
  /** Folder for what is between. */
  readonly temporaryFolder: string;
  /** Does what is to be done with the file of merged rows, while it is written as Parquet. */
  readonly useRows?: ((file: string) => Promise<void>) | undefined;
}

/** How many events were written, of each kind and day, and how many were left out as repeats. */
interface SortedEvents extends EventCounts {
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

/** How a file is written: what DuckDB is told, and how it groups rows. Both keep the order. */
interface Writing {
  readonly settings: Readonly<Record<string, string>>;
  readonly groups: string;
}

/** Groups of rows, as bytes of text, that may be in memory several times where two threads write. */
const GROUPS_AT_ONCE = 16;
/** DuckDB writes in order by one thread unless it may take this much a column, of which it takes a third. */
const NOMINAL_BYTES_OF_COLUMN = 20e6;

const IN_TWO_THREADS: Writing = {
  settings: { memory_limit: megabytes(EVENT_FIELDS.length * NOMINAL_BYTES_OF_COLUMN), threads: '2' },
  groups: `ROW_GROUP_SIZE ${GROUP_ROWS}`,
};

/** One thread keeps the order by itself, which lets groups be bounded in bytes: lines may have 1 MiB each. */
function inOneThread(memoryBytes: number): Writing {
  return {
    settings: { memory_limit: megabytes(memoryBytes), threads: '1', preserve_insertion_order: 'false' },
    groups: `ROW_GROUP_SIZE ${GROUP_ROWS}, ROW_GROUP_SIZE_BYTES '32MB'`,
  };
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1e6)}MB`;
}

/**
 * Writes events to a Parquet file, by time, then sensor, then place in the input. A merge of runs on the disk, so memory is
 * bounded whatever their number and size. The files of the runs are deleted on the way. Counts while the rows are still used.
 */
export async function sortEvents(options: SortOptions): Promise<SortedEvents> {
  const { runs, out, temporaryFolder, memoryBytes, useRows, signal } = options;
  signal?.throwIfAborted();
  const sorted = `${temporaryFolder}/sorted.rows`;
  const { events, repeats, largestGroupBytes } = await mergeRuns(runs, {
    ...options,
    out: sorted,
    memoryBytes: memoryBytes / 4,
  });
  // What is sorted is there twice: the logs may be most of what the disk holds.
  await Promise.all([...new Set(runs.map(({ file }) => file))].map((file) => rm(file)));
  // What uses the rows meanwhile takes longer than one thread does to write them, and would be held up by two.
  const isFree = useRows === undefined && largestGroupBytes * GROUPS_AT_ONCE <= memoryBytes;
  const writing = isFree ? IN_TWO_THREADS : inOneThread(memoryBytes);
  const { connection, close } = await openDuckDb(writing.settings);
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    const escaped = new Set(runs.flatMap((run) => run.escaped));
    const copying = connection.run(copySql(sorted, out, { escaped, groups: writing.groups }));
    // Both must have ended before the rows are deleted, whichever fails.
    const [counted, used] = await Promise.allSettled([
      copying.then(() => countEvents(out)),
      useRows?.(sorted),
    ]);
    signal?.throwIfAborted();
    if (counted.status === 'rejected') throw counted.reason;
    if (used.status === 'rejected') throw used.reason;
    return { events, repeats, ...counted.value };
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    close();
    await rm(sorted, { force: true });
  }
}

/** Level 1 of zstd makes these columns no larger than level 3, and takes a third of its time. */
function copySql(
  sorted: string,
  out: string,
  { escaped, groups }: { readonly escaped: ReadonlySet<EventFieldName>; readonly groups: string },
): string {
  const columns = ROW_FIELDS.map(({ name, type }) => `${literal(name)}: ${literal(SQL_TYPES[type])}`);
  return `COPY (SELECT ${EVENT_FIELDS.map((field) => column(field, escaped.has(field.name))).join(', ')} FROM read_csv(${literal(sorted)}, columns = {${columns.join(', ')}},
      header = false, auto_detect = false, delim = ${literal(CELL_END)}, quote = '', escape = '', null_padding = true, new_line = '\\n', nullstr = '',
      max_line_size = ${MAX_ROW_BYTES}, buffer_size = ${2 * MAX_ROW_BYTES}))
    TO ${literal(out)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ${groups})`;
}

/** Returns the SQL of a column as it is stored: times as times, text as it was before it was escaped. */
function column({ name, type }: EventField, isEscaped: boolean): string {
  const quoted = `"${name}"`;
  if (type === 'time') return `make_timestamptz(${quoted} * 1000) AS ${quoted}`;
  if (!isEscaped || SQL_TYPES[type] !== 'VARCHAR') return quoted;
  return `${unescapedSql(quoted)} AS ${quoted}`;
}
