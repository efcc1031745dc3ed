import { PhantomNetError } from '../core/index.js';
import { openExisting } from './existing.js';
import { processesHolding } from './holders.js';
import { PHANTOMNET_INDEXES } from './indexes.js';
import { verifyRevision } from './schema.js';
import type { SqlDatabase, SqliteDriver } from './sqlite.js';

/** What was changed in a database to make it one of ours. */
export interface Adoption {
  /** The journal mode it had; it is `wal` now. */
  readonly journalMode: string;
  readonly addedIndexes: readonly string[];
}

/**
 * Switches a database that MLflow made to WAL and adds our indexes; does nothing to one that has both.
 * Throws CONFLICT while another process has it open or it is at an older revision, INTEGRITY for a newer one,
 * NOT_FOUND where there is none. Cost: building the indexes.
 */
export async function adoptDatabase(uri: string, driver?: SqliteDriver): Promise<Adoption> {
  const { sql, release } = await openExisting(uri, driver);
  try {
    verifyRevision(sql, uri);
    const journalMode = String(sql.get('PRAGMA journal_mode')?.['journal_mode']);
    const before = indexNames(sql);
    const isComplete = PHANTOMNET_INDEXES.every((statement) => before.has(nameOf(statement)));
    if (journalMode === 'wal' && isComplete) return { journalMode, addedIndexes: [] };
    refuseWhileHeld(sql.path);
    adopt(sql);
    return { journalMode, addedIndexes: [...indexNames(sql)].filter((name) => !before.has(name)) };
  } finally {
    await release();
  }
}

function adopt(sql: SqlDatabase): void {
  try {
    if (sql.get('PRAGMA journal_mode = WAL')?.['journal_mode'] !== 'wal') throw heldElsewhere(sql.path);
    if (!sql.tryBegin()) throw heldElsewhere(sql.path);
    for (const statement of PHANTOMNET_INDEXES) sql.exec(statement);
    sql.commit();
  } catch (error) {
    sql.rollback();
    if (error instanceof PhantomNetError && error.code === 'UNAVAILABLE')
      throw heldElsewhere(sql.path, error);
    throw error;
  }
}

function refuseWhileHeld(path: string): void {
  const pids = processesHolding(path);
  if (pids.length > 0) throw heldElsewhere(path, undefined, pids);
}

function heldElsewhere(path: string, cause?: unknown, pids: readonly number[] = []): PhantomNetError {
  const by = pids.length === 0 ? 'another process' : `process ${pids.join(', ')}`;
  return new PhantomNetError('CONFLICT', `database ${path} is in use by ${by}`, {
    hint: 'stop the server or program that uses it, then adopt it',
    details: { path, pids },
    cause,
  });
}

function indexNames(sql: SqlDatabase): Set<string> {
  return new Set(
    sql.all("SELECT name FROM sqlite_master WHERE type = 'index'").map((row) => String(row['name'])),
  );
}

function nameOf(statement: string): string {
  return /^CREATE INDEX IF NOT EXISTS (\w+)/.exec(statement)?.[1] ?? '';
}
