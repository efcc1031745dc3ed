import { PhantomNetError } from '../../core/index.js';
import type { ReadOnlyDatabase } from '../../storage/index.js';
import {
  CONNECTION_COLUMNS,
  CONNECTIONS,
  type DionaeaTable,
  MAX_VALUE_BYTES,
  TABLES,
} from './dionaea-tables.js';
import type { Json, JsonRecord } from './source.js';

/** Rows read at a time. With the longest value that is read it bounds the memory, whatever the file holds. */
const PAGE_ROWS = 100;

/**
 * Yields Dionaea's SQLite database as JSON lines, one a row, which the source `dionaea` reads: connections first, then what
 * was done in them, in the order in which it was written, each with its connection. The file is only read. Throws NOT_FOUND
 * where there is no file, INTEGRITY for one that is damaged or no database of Dionaea's. Memory does not grow with the file.
 */
export async function* dionaeaLines(path: string): AsyncGenerator<Buffer, void, undefined> {
  // Most logs are no database, and need none.
  const { openReadOnly } = await import('../../storage/index.js');
  const database = await openReadOnly(path);
  try {
    for (const table of [CONNECTIONS, ...TABLES])
      if (hasTable(database, table))
        for (const page of pagesOf(database, table))
          yield Buffer.from(page.map((row) => `${JSON.stringify({ table: table.name, ...row })}\n`).join(''));
  } finally {
    database.close();
  }
}

/** Returns whether a table is there. One that is not as Dionaea makes it is refused: a view may take for ever to read. */
function hasTable(database: ReadOnlyDatabase, table: DionaeaTable): boolean {
  const { name, through } = table;
  const isConnections = name === CONNECTIONS.name;
  const needed: [table: string, key: string | undefined, columns: readonly string[]][] = isConnections
    ? [[name, 'connection', CONNECTION_COLUMNS]]
    : [[name, undefined, [through?.key ?? 'connection', ...columnsOf(table)]]];
  if (through !== undefined) needed.push([through.table, through.key, ['connection']]);
  for (const [needs, key, columns] of needed) {
    const isThere = countOf(database, 'SELECT count(*) FROM sqlite_master WHERE name = ?', needs) > 0;
    if (!isThere && !isConnections) return false;
    if (!isThere || !isPlainTable(database, { table: needs, key, columns }))
      throw new PhantomNetError('INTEGRITY', `${database.path} has no table ${needs} as Dionaea makes it`, {
        hint: 'give the database that Dionaea writes with log_sqlite, dionaea.sqlite',
        details: { path: database.path, table: needs },
      });
  }
  return true;
}

/** Returns whether it is a table with row numbers and these columns, of which `key` is another name of the row number. */
function isPlainTable(
  database: ReadOnlyDatabase,
  { table, key, columns }: { table: string; key: string | undefined; columns: readonly string[] },
): boolean {
  const kind =
    "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 AND name = ?";
  const column = 'SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden = 0 AND name = ?';
  return (
    countOf(database, kind, table) === 1 &&
    countOf(database, "SELECT count(*) FROM pragma_table_xinfo(?) WHERE lower(name) = 'rowid'", table) ===
      0 &&
    (key === undefined ||
      countOf(database, `${column} AND pk = 1 AND upper(type) = 'INTEGER'`, table, key) === 1) &&
    columns.every((name) => countOf(database, column, table, name) === 1)
  );
}

function countOf(database: ReadOnlyDatabase, sql: string, ...values: readonly string[]): number {
  return Number(database.rows(sql, values)[0]![0]);
}

function columnsOf({ rules, password }: DionaeaTable): string[] {
  return [...rules.map(({ path }) => path[0]!), ...(password === undefined ? [] : [password])];
}

/** Returns the rows of a table in their order, with those of their connection. */
function* pagesOf(database: ReadOnlyDatabase, table: DionaeaTable): Generator<JsonRecord[]> {
  const own = columnsOf(table);
  const columns = [...CONNECTION_COLUMNS.map((name) => `c.${name}`), ...own.map((name) => `t.${name}`)];
  const names = [...CONNECTION_COLUMNS, ...own];
  // Of an expression with a name of ours, no name of the file is asked for: it may be no UTF-8.
  const query = `SELECT CAST(t.rowid AS INTEGER) AS n, ${columns.map(bounded).join(', ')} ${sourceOf(table)}
    WHERE t.rowid > ? ORDER BY t.rowid LIMIT ${PAGE_ROWS}`;
  let last: bigint | number = -(2n ** 63n);
  for (;;) {
    const rows = database.rows(query, [last]);
    for (const [number] of rows) {
      // In a damaged file one page may lead back to another, for ever.
      if ((typeof number !== 'bigint' && typeof number !== 'number') || number <= last)
        throw new PhantomNetError('INTEGRITY', `table ${table.name} of ${database.path} is damaged`, {
          hint: 'salvage the file with sqlite3 and .recover',
          details: { path: database.path, table: table.name },
        });
      last = number;
    }
    if (rows.length > 0) yield rows.map(([, ...values]) => recordOf(names, values));
    if (rows.length < PAGE_ROWS) return;
  }
}

function sourceOf({ name, through }: DionaeaTable): string {
  if (name === CONNECTIONS.name)
    return 'FROM connections t JOIN connections c ON c.connection = t.connection';
  if (through === undefined) return `FROM ${name} t LEFT JOIN connections c ON c.connection = t.connection`;
  return `FROM ${name} t LEFT JOIN ${through.table} m ON m.${through.key} = t.${through.key}
    LEFT JOIN connections c ON c.connection = m.connection`;
}

/** The bytes of a value, since text may be no UTF-8; 1 in place of one that is too long, and `true` in the record. */
function bounded(column: string, i: number): string {
  return `CASE WHEN octet_length(${column}) > ${MAX_VALUE_BYTES} THEN 1 ELSE CAST(${column} AS BLOB) END AS b${i}`;
}

function recordOf(names: readonly string[], values: readonly unknown[]): JsonRecord {
  const record: Record<string, Json> = Object.create(null);
  names.forEach((name, i) => {
    const value = values[i];
    if (value instanceof Uint8Array) record[name] = Buffer.from(value).toString('utf8');
    else if (value !== null) record[name] = true;
  });
  return record;
}
