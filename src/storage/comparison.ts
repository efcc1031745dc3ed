import type { SqlValue } from './sqlite.js';

/** A piece of SQL with the values of its `?`, in their order; the text is never a client's. */
export interface SqlPart {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Comparators that a column can be compared with, in MLflow's words. */
export type SqlComparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN';

/**
 * Returns the condition that a column compares so with a value. LIKE heeds case and ILIKE does not (of ASCII letters);
 * `%` and `_` have no escape. IN takes a list of texts, and an infinite number is larger than all.
 */
export function comparisonSql(
  column: string,
  comparator: SqlComparator,
  value: SqlValue | readonly string[],
): SqlPart {
  if (comparator === 'IN' || comparator === 'NOT IN') {
    return {
      sql: `${column} ${comparator} (SELECT value FROM json_each(?))`,
      values: [JSON.stringify(value)],
    };
  }
  if (comparator === 'LIKE') return { sql: `${column} GLOB ?`, values: [globOf(String(value))] };
  if (comparator === 'ILIKE') return { sql: `${column} LIKE ?`, values: [String(value)] };
  if (value === Number.POSITIVE_INFINITY) return { sql: `${column} ${comparator} 9e999`, values: [] };
  if (value === Number.NEGATIVE_INFINITY) return { sql: `${column} ${comparator} -9e999`, values: [] };
  return { sql: `${column} ${comparator} ?`, values: [value as SqlValue] };
}

/** Returns parts one after the other, joined by `separator`. */
export function joinSql(parts: readonly SqlPart[], separator: string): SqlPart {
  return {
    sql: parts.map((part) => part.sql).join(separator),
    values: parts.flatMap((part) => part.values),
  };
}

/** SQLite's LIKE is deaf to case but for a switch of the whole connection; GLOB is the same with other signs. */
function globOf(pattern: string): string {
  return pattern.replace(/[*?[%_]/g, (sign) => (sign === '%' ? '*' : sign === '_' ? '?' : `[${sign}]`));
}
