import type { SqliteConnection, SqlValue } from './sqlite.js';

/** The part of `node:sqlite` that is used; declared here because the types of Node 20 do not have it. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { timeout: number; readOnly: boolean }) => NodeDatabase;
}
interface NodeDatabase {
  exec(sql: string): void;
  prepare(sql: string): {
    setReadBigInts(enabled: boolean): void;
    /** Not in Node 22. */
    setReturnArrays?(enabled: boolean): void;
    run(...values: SqlValue[]): { changes: number | bigint };
    all(...values: SqlValue[]): unknown[];
    get(...values: SqlValue[]): unknown;
  };
  /** Not in Node 22.13 to 22.15. */
  readonly isTransaction?: boolean;
  close(): void;
}

/** Returns whether this Node has `node:sqlite` without a flag (22.13 and newer). */
export function hasNodeSqlite(): boolean {
  return nodeSqlite() !== undefined;
}

/** Opens a file with `node:sqlite`, creating it when there is none and it may be written. */
export function connectNodeSqlite(
  path: string,
  busyTimeoutMs: number,
  mode: 'read-write' | 'read-only' = 'read-write',
): SqliteConnection {
  const library = nodeSqlite();
  if (library === undefined) throw new Error(`node:sqlite is not in Node ${process.versions.node}`);
  const db = new library.DatabaseSync(path, { timeout: busyTimeoutMs, readOnly: mode === 'read-only' });
  return {
    exec: (sql) => db.exec(sql),
    prepare(sql) {
      const statement = db.prepare(sql);
      statement.setReadBigInts(true);
      const inMode = (arrays: boolean): typeof statement => {
        statement.setReturnArrays?.(arrays);
        return statement;
      };
      return {
        run: (values) => Number(statement.run(...values).changes),
        all: (values) => inMode(false).all(...values) as Record<string, SqlValue>[],
        rows: (values) =>
          inMode(true)
            .all(...values)
            .map(valuesOf),
        row: (values) => {
          const row = inMode(true).get(...values);
          return row === undefined ? undefined : valuesOf(row);
        },
      };
    },
    isInTransaction: () => db.isTransaction ?? !canBegin(db),
    close: () => db.close(),
  };
}

function valuesOf(row: unknown): SqlValue[] {
  return Array.isArray(row) ? row : Object.values(row as Record<string, SqlValue>);
}

/** A transaction cannot begin inside another. */
function canBegin(db: NodeDatabase): boolean {
  try {
    db.exec('BEGIN; ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** Node 22 warns that the module is experimental when it is loaded; that is no news for our user. */
function nodeSqlite(): NodeSqlite | undefined {
  const original = process.emitWarning;
  process.emitWarning = (() => undefined) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  } finally {
    process.emitWarning = original;
  }
}
