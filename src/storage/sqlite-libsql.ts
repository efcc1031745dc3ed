import type { SqliteConnection, SqlValue } from './sqlite.js';

/** The part of libsql's statement that is used; its own types leave out `safeIntegers`. */
interface LibsqlStatement {
  safeIntegers(enabled: boolean): void;
  run(values: readonly SqlValue[]): { changes: number };
  raw(enabled: boolean): void;
  all(values: readonly SqlValue[]): unknown[];
  get(values: readonly SqlValue[]): unknown;
}

/** Opens a file, or a `file:` URI, with libsql, creating it when there is none. Loaded only when asked for: Node 22.13 and newer have no need of it. */
export async function connectLibsql(path: string, busyTimeoutMs: number): Promise<SqliteConnection> {
  const { default: Database } = await import('libsql');
  const db = new Database(path, { timeout: busyTimeoutMs });
  return {
    exec: (sql) => void db.exec(sql),
    prepare(sql) {
      const statement = db.prepare(sql) as unknown as LibsqlStatement;
      statement.safeIntegers(true);
      let givesArrays = false;
      // A statement is nearly always read in one way, and telling it so takes as long as reading a column.
      const inMode = (arrays: boolean): LibsqlStatement => {
        if (givesArrays !== arrays) statement.raw(arrays);
        givesArrays = arrays;
        return statement;
      };
      return {
        run: (values) => statement.run(values).changes,
        all: (values) =>
          (inMode(false).all(values) as Record<string, SqlValue | ArrayBuffer>[]).map(withBytes),
        rows: (values) => inMode(true).all(values) as SqlValue[][],
        row: (values) => inMode(true).get(values) as SqlValue[] | undefined,
      };
    },
    isInTransaction: () => db.inTransaction,
    close: () => void db.close(),
  };
}

/** libsql gives a blob as ArrayBuffer. */
function withBytes(row: Record<string, SqlValue | ArrayBuffer>): Record<string, SqlValue> {
  for (const [key, value] of Object.entries(row)) {
    if (value instanceof ArrayBuffer) row[key] = new Uint8Array(value);
  }
  return row as Record<string, SqlValue>;
}
