import { PhantomNetError, show } from '../core/index.js';
import { appendToArtifactUri } from './artifact-uri.js';
import { PHANTOMNET_INDEXES } from './indexes.js';
import { MLFLOW_REVISION, MLFLOW_SCHEMA, MLFLOW_VERSION, OLDER_REVISIONS } from './mlflow-schema.js';
import type { SqlDatabase } from './sqlite.js';

/** How often and how long a process waits for another that switches the same new file to WAL. */
const WAL_ATTEMPTS = 200;
const WAL_PAUSE_MS = 20;

/** Returns whether the file holds no table yet. */
export function isEmpty(sql: SqlDatabase): boolean {
  return sql.get('SELECT 1 AS found FROM sqlite_master LIMIT 1') === undefined;
}

/** Creates MLflow's schema with its revision, workspace and Default experiment, unless another process has just done so. */
export function createSchema(sql: SqlDatabase, artifactRootUri: string): void {
  switchToWal(sql);
  sql.transaction(() => {
    if (!isEmpty(sql)) return;
    for (const statement of [...MLFLOW_SCHEMA, ...PHANTOMNET_INDEXES]) sql.exec(statement);
    sql.run('INSERT INTO alembic_version (version_num) VALUES (?)', [MLFLOW_REVISION]);
    sql.run('INSERT INTO workspaces (name, description) VALUES (?, ?)', [
      'default',
      'Default workspace for legacy resources',
    ]);
    const now = Date.now();
    sql.run(
      `INSERT INTO experiments
         (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace)
       VALUES (0, 'Default', ?, 'active', ?, ?, 'default')`,
      [appendToArtifactUri(artifactRootUri, '0'), now, now],
    );
  });
}

/** Throws unless the database is at the revision this code writes. */
export function verifyRevision(sql: SqlDatabase, uri: string): void {
  const found = readRevision(sql, uri);
  if (found === MLFLOW_REVISION) return;
  const details = { found, expected: MLFLOW_REVISION };
  if (OLDER_REVISIONS.includes(found)) {
    throw new PhantomNetError(
      'CONFLICT',
      `database ${uri} is at MLflow's revision ${found}, expected ${MLFLOW_REVISION} (MLflow ${MLFLOW_VERSION})`,
      { hint: `make a backup, then run: mlflow db upgrade ${uri}`, details },
    );
  }
  throw new PhantomNetError(
    'INTEGRITY',
    `database ${uri} is at the unknown revision ${show(found)}, expected ${MLFLOW_REVISION} (MLflow ${MLFLOW_VERSION})`,
    { hint: 'it was made by a newer MLflow: use a newer PhantomNet, or another tracking uri', details },
  );
}

function readRevision(sql: SqlDatabase, uri: string): string {
  const table = sql.get(
    "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
  );
  const row = table && sql.get('SELECT version_num FROM alembic_version');
  if (row === undefined) {
    throw new PhantomNetError(
      'INTEGRITY',
      `database ${uri} holds tables but is not a tracking database of MLflow`,
      {
        hint: 'give the path of another file, or of one that does not exist',
      },
    );
  }
  return String(row['version_num']);
}

/** SQLite does not wait for its busy timeout here, so two processes that start at once have to ask again. */
function switchToWal(sql: SqlDatabase): void {
  for (let attempt = 1; ; attempt++) {
    try {
      sql.get('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof PhantomNetError && error.code === 'UNAVAILABLE';
      if (!busy || attempt === WAL_ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_PAUSE_MS);
    }
  }
}
