import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { PhantomNetError } from '../core/index.js';
import { checkHeader } from './database-file.js';
import type { SqlDatabase, SqliteConnection, SqliteDriver, SqliteStatement, SqlValue } from './sqlite.js';
import { sqliteError } from './sqlite-errors.js';
import { connectLibsql } from './sqlite-libsql.js';
import { connectNodeSqlite, hasNodeSqlite } from './sqlite-node.js';

/** How long a reader waits for whoever writes to the file. */
const BUSY_TIMEOUT_MS = 20_000;

/** Nothing is written, and no function of the database's own schema that might do harm is called. */
const SETTINGS = 'PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;';

/** An SQLite file of somebody else's that is only read. Integers come back as bigint. */
export interface ReadOnlyDatabase extends Pick<SqlDatabase, 'path' | 'close'> {
  /** Returns all rows as arrays in the order of the columns. */
  rows(sql: string, values?: readonly SqlValue[]): SqlValue[][];
}

/**
 * Opens an SQLite file of another program for reading alone: nothing is written to it, and beside it only what SQLite
 * needs for one in WAL mode. libsql ends the process where a text or the name of a column is no UTF-8: of a file that you
 * do not trust, read `CAST(… AS BLOB)`, and name every column yourself.
 * Throws NOT_FOUND where there is no file, INTEGRITY for one that is not SQLite's or is damaged, UNAVAILABLE for one that
 * cannot be opened or stays locked.
 */
export async function openReadOnly(path: string, driver?: SqliteDriver): Promise<ReadOnlyDatabase> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new PhantomNetError('NOT_FOUND', `there is no file ${path}`, {
      hint: 'check the path',
      details: { path },
    });
  checkHeader(path);
  const connection = await connect(path, driver ?? (hasNodeSqlite() ? 'node:sqlite' : 'libsql'));
  const prepared = new Map<string, SqliteStatement>();
  return {
    path,
    close: () => connection.close(),
    rows(sql, values = []) {
      try {
        const statement = prepared.get(sql) ?? connection.prepare(sql);
        prepared.set(sql, statement);
        return statement.rows(values);
      } catch (error) {
        throw foreignError(error, path);
      }
    },
  };
}

async function connect(path: string, driver: SqliteDriver): Promise<SqliteConnection> {
  let connection: SqliteConnection | undefined;
  try {
    connection =
      driver === 'libsql'
        ? await connectLibsql(`${pathToFileURL(path).href}?mode=ro`, BUSY_TIMEOUT_MS)
        : connectNodeSqlite(path, BUSY_TIMEOUT_MS, 'read-only');
    connection.exec(SETTINGS);
    // The first read is what finds out that the bytes are not a database.
    connection.prepare('SELECT count(*) FROM sqlite_master').all([]);
    return connection;
  } catch (error) {
    connection?.close();
    throw foreignError(error, path);
  }
}

/** What fails without a reason of ours does so for what is in the file. */
function foreignError(error: unknown, path: string): PhantomNetError {
  const known = sqliteError(error, path);
  if (known.code !== 'INTERNAL') return known;
  return new PhantomNetError('INTEGRITY', `database ${path} cannot be read (${(error as Error).message})`, {
    hint: 'salvage it with sqlite3 and .recover',
    details: known.details,
    cause: error,
  });
}
