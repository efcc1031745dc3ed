import { PhantomNetError, show } from '../core/index.js';
import { verifyRevision } from './schema.js';
import type { SqlDatabase, SqlRow } from './sqlite.js';

/** Something in a database that is not as it must be. */
export interface DatabaseProblem {
  readonly check: 'pages' | 'foreign keys' | 'revision' | 'latest metrics';
  readonly message: string;
  readonly runId?: string;
}

/** More problems of one check than this are one problem to whoever reads them. */
const MAX_PROBLEMS = 100;

/**
 * Returns what is wrong with the pages, references, revision and latest metrics of a database; nothing is changed.
 * Cost: reads all of it; memory does not grow with it.
 */
export function verifyDatabase(sql: SqlDatabase, uri: string): DatabaseProblem[] {
  const pages = verifyPages(sql);
  // What is read from damaged pages says nothing.
  if (pages.length > 0) return pages;
  const revision = revisionProblem(sql, uri);
  if (revision !== undefined) return [revision];
  return [...verifyReferences(sql), ...verifyLatestMetrics(sql)];
}

function verifyPages(sql: SqlDatabase): DatabaseProblem[] {
  try {
    const found = sql
      .all(`PRAGMA integrity_check(${MAX_PROBLEMS})`)
      .map((row) => String(Object.values(row)[0]));
    return found
      .filter((line) => line !== 'ok')
      .map((line) => ({ check: 'pages', message: `SQLite says: ${line}` }));
  } catch (error) {
    if (!(error instanceof PhantomNetError) || error.code !== 'INTEGRITY') throw error;
    return [{ check: 'pages', message: error.message }];
  }
}

function revisionProblem(sql: SqlDatabase, uri: string): DatabaseProblem | undefined {
  try {
    verifyRevision(sql, uri);
    return undefined;
  } catch (error) {
    if (!(error instanceof PhantomNetError)) throw error;
    return { check: 'revision', message: `${error.message}; ${error.hint}` };
  }
}

function verifyReferences(sql: SqlDatabase): DatabaseProblem[] {
  // As a table-valued function it can be cut short; the pragma alone lists every row.
  return sql
    .all(`SELECT "table" AS child, rowid AS id, parent FROM pragma_foreign_key_check LIMIT ${MAX_PROBLEMS}`)
    .map((row) => ({
      check: 'foreign keys',
      message: `row ${row['id'] ?? '?'} of table ${row['child']} refers to no row of ${row['parent']}`,
    }));
}

function verifyLatestMetrics(sql: SqlDatabase): DatabaseProblem[] {
  const checks: readonly (readonly [string, string])[] = [
    [
      'is not in the history of the metric',
      `SELECT run_uuid, key FROM latest_metrics l WHERE NOT EXISTS
         (SELECT 1 FROM metrics m WHERE m.run_uuid = l.run_uuid AND m.key = l.key AND m.step = l.step
            AND m.timestamp = l.timestamp AND m.value = l.value AND m.is_nan = l.is_nan)`,
    ],
    [
      'is older than the last point of the metric',
      `SELECT run_uuid, key FROM latest_metrics l WHERE EXISTS
         (SELECT 1 FROM metrics m WHERE m.run_uuid = l.run_uuid AND m.key = l.key AND m.step >= l.step
            AND (m.step, m.timestamp, m.value) > (l.step, ifnull(l.timestamp, 0), l.value))`,
    ],
    [
      'is missing, though the metric has points',
      `SELECT DISTINCT run_uuid, key FROM metrics m WHERE NOT EXISTS
         (SELECT 1 FROM latest_metrics l WHERE l.run_uuid = m.run_uuid AND l.key = m.key)`,
    ],
  ];
  return checks.flatMap(([what, query]) =>
    sql.all(`${query} LIMIT ${MAX_PROBLEMS}`).map((row) => latestProblem(row, what)),
  );
}

function latestProblem(row: SqlRow, what: string): DatabaseProblem {
  return {
    check: 'latest metrics',
    runId: String(row['run_uuid']),
    message: `the latest value of ${show(row['key'])} ${what}`,
  };
}
