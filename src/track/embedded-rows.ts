import type { MlflowDatabase, SqlValue } from '../storage/index.js';

/** Rows of a table that belong to one run, and what happens to one that is there already. */
interface RunTable {
  readonly table: string;
  /** All columns but the run's. */
  readonly columns: readonly string[];
  readonly onConflict: string;
}

/** How many rows one statement inserts: few sizes, so that few statements are prepared. */
const STATEMENT_ROWS = [100, 10, 1] as const;

const statements = new Map<string, string>();

/**
 * Inserts rows of a run, given as one list of their values, with few statements. Must run inside a transaction that is
 * undone when it throws. What all rows of a statement share, the run's id first of all, goes in once: to hand a value over
 * takes a good part of the time that a row takes. OR FAIL, since a statement that could be undone alone keeps a copy of
 * each page it changes.
 */
export function insertRows(
  db: MlflowDatabase,
  target: RunTable,
  { runId, values }: { readonly runId: string; readonly values: readonly SqlValue[] },
): void {
  const nColumns = target.columns.length;
  let start = 0;
  for (const nRows of STATEMENT_ROWS) {
    const nValues = nRows * nColumns;
    for (; values.length - start >= nValues; start += nValues) {
      const rows = values.slice(start, start + nValues);
      const shares = target.columns.map((_, column) => nRows > 1 && isShared(rows, column, nColumns));
      const bound = rows.filter((_, i) => i < nColumns || !shares[i % nColumns]);
      db.sql.run(insertStatement(target, nRows, shares), [runId, ...bound]);
    }
  }
}

/** Returns whether all rows have the same value in a column. */
function isShared(rows: readonly SqlValue[], column: number, nColumns: number): boolean {
  for (let at = column + nColumns; at < rows.length; at += nColumns) {
    if (rows[at] !== rows[column]) return false;
  }
  return true;
}

/** The values are bound in the order of the rows; those of shared columns are in the first row alone. */
function insertStatement({ table, columns, onConflict }: RunTable, nRows: number, shares: boolean[]): string {
  const name = `${nRows} ${table} ${shares.join()}`;
  let sql = statements.get(name);
  if (sql === undefined) {
    let nBound = 1 + columns.length;
    const first = columns.map((_, column) => `?${column + 2}`);
    const row = (i: number) => first.map((known, c) => (i === 0 || shares[c] ? known : `?${++nBound}`));
    const rows = Array.from({ length: nRows }, (_, i) => `(?1, ${row(i).join(', ')})`).join(', ');
    sql = `INSERT OR FAIL INTO ${table} (run_uuid, ${columns.join(', ')}) VALUES ${rows} ${onConflict}`;
    statements.set(name, sql);
  }
  return sql;
}

/** Sets a field of a record; `__proto__` is a field like any other. */
export function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Returns the condition that a column is one of some ids, for the value that `idsAsValue` makes of them. */
export function isOneOf(ids: readonly string[]): string {
  return ids.length === 1 ? '= ?' : 'IN (SELECT value FROM json_each(?))';
}

/** Returns the ids as the one value that the condition of `isOneOf` takes. */
export function idsAsValue(ids: readonly string[]): string {
  return ids.length === 1 ? ids[0]! : JSON.stringify(ids);
}

const SOURCES = {
  logged_model_params: { owner: 'model_id', key: 'param_key', value: 'param_value', order: 'param_key' },
  logged_model_tags: { owner: 'model_id', key: 'tag_key', value: 'tag_value', order: 'tag_key' },
  experiment_tags: { owner: 'experiment_id', key: 'key', value: 'value', order: 'rowid' },
} as const;

/**
 * Returns params or tags of many logged models or experiments with one query, as records by key in the order that MLflow gives them; a key
 * such as `__proto__` is a key like any other.
 */
export function loadRecords(
  db: MlflowDatabase,
  source: { readonly table: keyof typeof SOURCES; readonly ids: readonly string[] },
): Map<string, Record<string, string>> {
  const { owner, key, value, order } = SOURCES[source.table];
  // One row an owner, since what a row costs is more than what is in it.
  const rows = db.sql.rows(
    `SELECT ${owner}, json_group_array(json_array(${key}, ${value}) ORDER BY ${order}) FROM ${source.table}
     WHERE ${owner} ${isOneOf(source.ids)} GROUP BY ${owner}`,
    [idsAsValue(source.ids)],
  );
  const byOwner = new Map<string, Record<string, string>>();
  for (const [id, pairs] of rows) {
    const own: Record<string, string> = {};
    for (const [name, text] of JSON.parse(String(pairs)) as [string, string | null][]) {
      setOwn(own, name, text ?? '');
    }
    byOwner.set(String(id), own);
  }
  return byOwner;
}
