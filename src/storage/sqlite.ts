/** What a column can hold on the way in: numbers are stored as doubles unless the column's affinity makes them integers. */
export type SqlValue = string | number | bigint | null | Uint8Array;
/** A row by column name. Integers beyond ±2^53 come back as bigint, all others as number. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** One open SQLite file. All calls are synchronous, so a transaction is never interleaved with other work of the process. */
export interface SqlDatabase {
  /** Which library is behind it. */
  readonly driver: SqliteDriver;
  /** The absolute path of the file. */
  readonly path: string;
  /** Runs any number of statements without values. */
  exec(sql: string): void;
  /** Runs one statement and returns how many rows it changed. */
  run(sql: string, values?: readonly SqlValue[]): number;
  /** Returns the first row or undefined. */
  get(sql: string, values?: readonly SqlValue[]): SqlRow | undefined;
  /** Returns all rows. */
  all(sql: string, values?: readonly SqlValue[]): SqlRow[];
  /** Returns all rows as arrays in the order of the columns: half the cost of `all`, for what is read often or in bulk. */
  rows(sql: string, values?: readonly SqlValue[]): SqlValue[][];
  /** Returns the first row as an array, or undefined: the cheapest way to read. */
  row(sql: string, values?: readonly SqlValue[]): SqlValue[] | undefined;
  /** Runs `work` in a write transaction: all of it is kept, or, when it throws, none. Not reentrant. */
  transaction<T>(work: () => T): T;
  /**
   * Begins a write transaction unless another process holds the lock; returns whether it did. Never waits. With
   * `checksReferences: false` foreign keys are not enforced in it.
   */
  tryBegin(options?: { readonly checksReferences?: boolean }): boolean;
  /** Runs `work` inside the open transaction: when it throws, what it wrote is undone and nothing else. */
  savepoint<T>(work: () => T): T;
  commit(): void;
  /** Undoes the open transaction, if there is one. */
  rollback(): void;
  isInTransaction(): boolean;
  /** Returns whether another connection has committed since this was last asked. */
  changedElsewhere(): boolean;
  /** Moves what the log of a WAL database holds into its file, as far as nobody is in the way; waits for nobody. */
  moveLog(): void;
  /** Runs `work` on one unchanging view of the database. Not reentrant. */
  snapshot<T>(work: () => T): T;
  close(): void;
}

/** The libraries that can be behind a database. */
export type SqliteDriver = 'node:sqlite' | 'libsql';

/** What a driver has to give; everything else is built on it once, in `createDatabase`. */
export interface SqliteConnection {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  isInTransaction(): boolean;
  close(): void;
}

/** A prepared statement; integers come back as bigint. */
export interface SqliteStatement {
  run(values: readonly SqlValue[]): number;
  all(values: readonly SqlValue[]): Record<string, SqlValue>[];
  /** All rows as arrays. */
  rows(values: readonly SqlValue[]): SqlValue[][];
  /** The first row as an array. */
  row(values: readonly SqlValue[]): SqlValue[] | undefined;
}
