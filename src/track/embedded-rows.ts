import type { MlflowDatabase } from '../storage/index.js';

/** One row of a params or tags table. */
export interface KeyValueRow {
  readonly owner: string | number;
  readonly key: string;
  readonly value: string | null;
}

/** Returns what belongs to each owner as a record by key; a key such as `__proto__` is a key like any other. */
export function recordsByOwner(rows: readonly KeyValueRow[]): Map<string, Record<string, string>> {
  const entries = new Map<string, [string, string][]>();
  for (const { owner, key, value } of rows) {
    const own = entries.get(String(owner)) ?? [];
    own.push([key, value ?? '']);
    entries.set(String(owner), own);
  }
  return new Map([...entries].map(([owner, own]) => [owner, Object.fromEntries(own)]));
}

/** Returns params or tags of many owners with one query. */
export function loadRecords(
  db: MlflowDatabase,
  source: {
    readonly table: 'params' | 'tags' | 'logged_model_params' | 'logged_model_tags';
    readonly ids: readonly string[];
  },
): Map<string, Record<string, string>> {
  const { table, ids } = source;
  const [owner, key, value] = {
    params: ['run_uuid', 'key', 'value'],
    tags: ['run_uuid', 'key', 'value'],
    logged_model_params: ['model_id', 'param_key', 'param_value'],
    logged_model_tags: ['model_id', 'tag_key', 'tag_value'],
  }[table] as [string, string, string];
  const rows = db.sql.all(
    `SELECT ${owner} AS owner, ${key} AS key, ${value} AS value FROM ${table}
     WHERE ${owner} IN (SELECT value FROM json_each(?)) ORDER BY ${key}`,
    [JSON.stringify(ids)],
  );
  return recordsByOwner(rows as unknown as KeyValueRow[]);
}
