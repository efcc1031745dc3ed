import { PhantomNetError, show } from '../core/index.js';
import type {
  SqlDatabase,
  SqliteConnection,
  SqliteDriver,
  SqliteStatement,
  SqlRow,
  SqlValue,
} from './sqlite.js';
import { isBusy, sqliteError } from './sqlite-errors.js';
import { connectLibsql } from './sqlite-libsql.js';
import { connectNodeSqlite, hasNodeSqlite } from './sqlite-node.js';

/** How long a writer waits for another before it gives up; MLflow waits as long. */
const BUSY_TIMEOUT_MS = 20_000;

/**
 * A batch of 1,000 metrics of as many names changes about 1,000 pages: they fit the cache of 32 MB where SQLite's own
 * of 2 MB writes them twice, and its log is moved into the file when it holds several of them (33 MB), not after each.
 */
const SETTINGS = `PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;
  PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000;`;

/** A search can be put in endless ways, so not every statement is kept prepared. */
const MAX_STATEMENTS = 500;

/**
 * Opens an SQLite file with foreign keys on and synchronous=FULL (a commit is on the disk when it returns).
 * Creates an empty file when there is none and leaves the journal mode as it is.
 * Throws INTEGRITY for a file that is not SQLite, UNAVAILABLE when it cannot be opened or stays locked for `busyTimeoutMs` (default 20 s).
 */
export async function connectSqlite(
  path: string,
  options: { readonly driver?: SqliteDriver; readonly busyTimeoutMs?: number } = {},
): Promise<SqlDatabase> {
  const driver = options.driver ?? (hasNodeSqlite() ? 'node:sqlite' : 'libsql');
  const timeoutMs = options.busyTimeoutMs ?? BUSY_TIMEOUT_MS;
  try {
    const connection =
      driver === 'libsql' ? await connectLibsql(path, timeoutMs) : connectNodeSqlite(path, timeoutMs);
    try {
      connection.exec(SETTINGS);
      // The first read is what finds out that the bytes are not a database.
      connection.prepare('SELECT count(*) FROM sqlite_master').all([]);
    } catch (error) {
      connection.close();
      throw error;
    }
    return new ConnectedDatabase(connection, { driver, path, busyTimeoutMs: timeoutMs });
  } catch (error) {
    throw sqliteError(error, path);
  }
}

class ConnectedDatabase implements SqlDatabase {
  readonly driver: SqliteDriver;
  readonly path: string;
  readonly #connection: SqliteConnection;
  readonly #statements = new Map<string, SqliteStatement>();
  readonly #busyTimeoutMs: number;
  #dataVersion: SqlValue | undefined;
  #checksReferences = true;
  #open = true;

  constructor(
    connection: SqliteConnection,
    about: { readonly driver: SqliteDriver; readonly path: string; readonly busyTimeoutMs: number },
  ) {
    this.#connection = connection;
    this.driver = about.driver;
    this.path = about.path;
    this.#busyTimeoutMs = about.busyTimeoutMs;
  }

  exec(sql: string): void {
    this.#guarded(() => this.#connection.exec(sql));
  }

  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.#guarded(() => this.#prepared(sql).run(bindable(values)));
  }

  get(sql: string, values: readonly SqlValue[] = []): SqlRow | undefined {
    return this.all(sql, values)[0];
  }

  all(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    return this.#guarded(() => this.#prepared(sql).all(bindable(values))).map(withNumbers);
  }

  rows(sql: string, values: readonly SqlValue[] = []): SqlValue[][] {
    const rows = this.#guarded(() => this.#prepared(sql).rows(bindable(values)));
    for (const row of rows) numbersIn(row);
    return rows;
  }

  row(sql: string, values: readonly SqlValue[] = []): SqlValue[] | undefined {
    const row = this.#guarded(() => this.#prepared(sql).row(bindable(values)));
    return row === undefined ? undefined : numbersIn(row);
  }

  tryBegin({ checksReferences = true }: { readonly checksReferences?: boolean } = {}): boolean {
    this.#checkReferences(checksReferences);
    const patient = `PRAGMA busy_timeout = ${this.#busyTimeoutMs}`;
    try {
      this.exec(`PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ${patient}`);
      return true;
    } catch (error) {
      this.exec(patient);
      if (error instanceof PhantomNetError && isBusy(error)) return false;
      throw error;
    }
  }

  savepoint<T>(work: () => T): T {
    this.exec('SAVEPOINT one');
    try {
      const result = work();
      this.exec('RELEASE one');
      return result;
    } catch (error) {
      if (this.isInTransaction()) this.exec('ROLLBACK TO one; RELEASE one');
      throw error;
    }
  }

  commit(): void {
    this.exec('COMMIT');
  }

  rollback(): void {
    if (this.isInTransaction()) this.exec('ROLLBACK');
  }

  isInTransaction(): boolean {
    return this.#open && this.#connection.isInTransaction();
  }

  changedElsewhere(): boolean {
    const version = this.row('PRAGMA data_version')?.[0];
    const changed = this.#dataVersion !== undefined && version !== this.#dataVersion;
    this.#dataVersion = version;
    return changed;
  }

  moveLog(): void {
    this.row('PRAGMA wal_checkpoint(PASSIVE)');
  }

  transaction<T>(work: () => T): T {
    this.#checkReferences(true);
    return this.#between('BEGIN IMMEDIATE', work);
  }

  snapshot<T>(work: () => T): T {
    return this.#between('BEGIN', work);
  }

  close(): void {
    if (!this.#open) return;
    this.#statements.clear();
    try {
      // Moves what the log holds into the one file a user would copy; another process that reads is not waited for.
      this.#connection.exec('PRAGMA busy_timeout = 0');
      this.#connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([]);
    } catch {
      // The log stays beside the file, and the next to open it reads both.
    }
    this.#open = false;
    this.#connection.close();
  }

  /** Only between transactions. */
  #checkReferences(check: boolean): void {
    if (check === this.#checksReferences) return;
    this.exec(`PRAGMA foreign_keys = ${check ? 'ON' : 'OFF'}`);
    this.#checksReferences = check;
  }

  #between<T>(begin: string, work: () => T): T {
    this.exec(begin);
    let result: T;
    try {
      result = work();
      this.exec('COMMIT');
    } catch (error) {
      // SQLite may have rolled back by itself, as it does when the disk is full.
      this.rollback();
      throw error;
    }
    return result;
  }

  #prepared(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    if (this.#statements.size >= MAX_STATEMENTS)
      this.#statements.delete(this.#statements.keys().next().value!);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guarded<T>(work: () => T): T {
    if (!this.#open) {
      throw new PhantomNetError('CONFLICT', `database ${this.path} is closed`, {
        hint: 'open the store again before using it',
      });
    }
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, this.path);
    }
  }
}

/** Refuses what a library would turn into something else in silence: NaN becomes NULL, text is cut at NUL. */
function bindable(values: readonly SqlValue[]): readonly SqlValue[] {
  for (const value of values) {
    const fits =
      typeof value === 'string'
        ? !value.includes('\0')
        : typeof value === 'number'
          ? Number.isFinite(value)
          : value === null || typeof value === 'bigint' || value instanceof Uint8Array;
    if (!fits) {
      throw new PhantomNetError('INVALID_PARAMETER', `the database cannot store ${show(value)}`, {
        hint: 'store finite numbers, and text without NUL characters',
      });
    }
  }
  return values;
}

function numbersIn(row: SqlValue[]): SqlValue[] {
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    if (typeof value === 'bigint') row[i] = asNumber(value);
  }
  return row;
}

function withNumbers(row: Record<string, SqlValue>): SqlRow {
  for (const key in row) {
    const value = row[key];
    if (typeof value === 'bigint') row[key] = asNumber(value);
  }
  return row;
}

/** An integer that a number cannot hold stays a bigint. */
function asNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
