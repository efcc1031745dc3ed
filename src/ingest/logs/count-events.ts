import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, literalPath, openDuckDb } from '../duckdb.js';
import { LOG_SOURCES } from '../sensors/log-sources.js';
import type { LogIngestReport } from './log-report.js';

/** What of the events of a file is counted. */
export type EventCounts = Pick<LogIngestReport, 'actions' | 'otherActions' | 'days'>;

/** Kinds of events that are listed at most, and characters of their names: who writes a log may name as many as it has lines. */
const MAX_ACTIONS = 1000;
const MAX_CHARACTERS = 200;
/** Kinds that are counted at a time: they take some tens of megabytes. */
const KINDS_AT_ONCE = 1_000_000;

interface Kind {
  /** Row of its first event. */
  readonly row: number;
  readonly events: number;
}

/**
 * Returns how many events of each kind and of each day a Parquet file of events holds: the most frequent kinds, of equal ones
 * those that came first, and how many others there are. Memory is bounded, whatever the number of kinds.
 */
export async function countEvents(file: string, kindsAtOnce = KINDS_AT_ONCE): Promise<EventCounts> {
  const { connection, close } = await openDuckDb({ memory_limit: '256MB', threads: '2' });
  const table = `read_parquet(${literal(literalPath(file))}, file_row_number = true)`;
  try {
    const days = await rowsOf(
      connection,
      `SELECT strftime(("@timestamp" AT TIME ZONE 'UTC')::DATE, '%Y-%m-%d') AS day, count(*)::DOUBLE FROM ${table} GROUP BY ALL ORDER BY day`,
    );
    return {
      ...(await countActions(connection, table, kindsAtOnce)),
      days: days.map(([day, events]) => ({ day: String(day), events: Number(events) })),
    };
  } finally {
    close();
  }
}

/** Counts kinds by the hashes of their names, a part of the hashes at a time where there are many. */
async function countActions(
  connection: DuckDBConnection,
  table: string,
  kindsAtOnce: number,
): Promise<Pick<EventCounts, 'actions' | 'otherActions'>> {
  const hashes = `SELECT hash("event.dataset", "event.action") AS kind, file_row_number AS place FROM ${table}`;
  const [about] = await rowsOf(connection, `SELECT approx_count_distinct(kind)::DOUBLE FROM (${hashes})`);
  const parts = Math.ceil(Number(about![0]) / kindsAtOnce);
  const total = { kinds: 0, events: 0 };
  let most: Kind[] = [];
  for (let part = 0; part < parts; part++) {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE kinds AS SELECT min(place)::DOUBLE AS first, count(*)::DOUBLE AS n FROM (${hashes}) WHERE kind % ${parts} = ${part} GROUP BY kind`,
    );
    const [sums] = await rowsOf(connection, 'SELECT count(*)::DOUBLE, coalesce(sum(n), 0) FROM kinds');
    total.kinds += Number(sums![0]);
    total.events += Number(sums![1]);
    const top = await rowsOf(
      connection,
      `SELECT first, n FROM kinds ORDER BY n DESC, first LIMIT ${MAX_ACTIONS}`,
    );
    most.push(...top.map(([row, events]) => ({ row: Number(row), events: Number(events) })));
    most = most.sort((a, b) => b.events - a.events || a.row - b.row).slice(0, MAX_ACTIONS);
  }
  const listed = most.reduce((sum, { events }) => sum + events, 0);
  return {
    actions: await named(connection, table, most),
    otherActions: { actions: total.kinds - most.length, events: total.events - listed },
  };
}

/** Returns the kinds with their names, the most frequent first, equal ones by name. */
async function named(
  connection: DuckDBConnection,
  table: string,
  kinds: readonly Kind[],
): Promise<EventCounts['actions']> {
  if (kinds.length === 0) return [];
  const eventsAt = new Map(kinds.map(({ row, events }) => [row, events]));
  const start = (column: string): string => `left("${column}", ${MAX_CHARACTERS + 1})`;
  const rows = await rowsOf(
    connection,
    `SELECT file_row_number::DOUBLE, ${start('event.dataset')}, ${start('event.action')} FROM ${table} WHERE file_row_number IN (${[...eventsAt.keys()].join()})`,
  );
  return rows
    .map(([row, ...names]) => {
      const [dataset, action] = names.map((name) => shortened(String(name))) as [string, string];
      return { dataset, action, events: eventsAt.get(Number(row))!, isKnown: isKnown(dataset, action) };
    })
    .sort((a, b) => b.events - a.events || compare(a.dataset, b.dataset) || compare(a.action, b.action));
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS).join('')}…` : name;
}

function isKnown(dataset: string, action: string): boolean {
  const source = LOG_SOURCES.find(({ name }) => name === dataset.split('.', 1)[0]);
  return source?.actions === undefined || source.actions.has(action);
}
