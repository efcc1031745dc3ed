import { join } from 'node:path';
import { artifactUriToPath } from './artifact-uri.js';
import type { SqlDatabase, SqlRow } from './sqlite.js';

/** A folder that the database says a run, logged model or model version has. */
export interface RecordedFolder {
  readonly kind: 'run' | 'model' | 'version';
  /** Run id, model id, or `name/version`. */
  readonly id: string;
  readonly uri: string;
  /** Where that is on this machine; undefined for one that is elsewhere or cannot be read as a place. */
  readonly path: string | undefined;
  /** Files must be there: a logged model that says it is ready, or a version of such. */
  readonly isReady: boolean;
  /** SHA-256 of its MLmodel file, where one was recorded. */
  readonly packageDigest: string | undefined;
}

const PAGE = 500;
const DIGEST_TAG = 'phantomnet.packageDigest';

/** Each query lists what comes after a key, in the order of the keys, so that memory does not grow with the store. */
const QUERIES: readonly (readonly [RecordedFolder['kind'], string])[] = [
  [
    'run',
    `SELECT run_uuid AS id, run_uuid AS "after", artifact_uri AS uri, 0 AS ready, NULL AS digest
     FROM runs WHERE run_uuid > ? ORDER BY run_uuid LIMIT ${PAGE}`,
  ],
  [
    'model',
    `SELECT model_id AS id, model_id AS "after", artifact_location AS uri,
       status = 2 AND lifecycle_stage = 'active' AS ready,
       (SELECT tag_value FROM logged_model_tags t WHERE t.model_id = m.model_id AND tag_key = '${DIGEST_TAG}') AS digest
     FROM logged_models m WHERE model_id > ? ORDER BY model_id LIMIT ${PAGE}`,
  ],
  [
    'version',
    `SELECT v.rowid AS "after", v.name || '/' || v.version AS id,
       coalesce(m.artifact_location, nullif(v.storage_location, ''), v.source) AS uri, m.model_id IS NOT NULL AS ready,
       (SELECT value FROM model_version_tags t WHERE t.workspace = v.workspace AND t.name = v.name
          AND t.version = v.version AND t.key = '${DIGEST_TAG}') AS digest
     FROM model_versions v
     LEFT JOIN logged_models m ON 'models:/' || m.model_id = v.source AND m.status = 2 AND m.lifecycle_stage = 'active'
     WHERE v.current_stage <> 'Deleted_Internal' AND v.rowid > ? ORDER BY v.rowid LIMIT ${PAGE}`,
  ],
];

/** Yields every folder the database records: of runs, then of logged models, then of versions. */
export function* recordedFolders(sql: SqlDatabase, artifactRoot: string): Generator<RecordedFolder> {
  for (const [kind, query] of QUERIES) {
    let after: string | number = kind === 'version' ? 0 : '';
    for (;;) {
      const rows: readonly SqlRow[] = sql.all(query, [after]);
      for (const row of rows) yield toFolder(kind, row, artifactRoot);
      if (rows.length < PAGE) break;
      after = rows.at(-1)!['after'] as string | number;
    }
  }
}

function toFolder(kind: RecordedFolder['kind'], row: SqlRow, artifactRoot: string): RecordedFolder {
  const uri = String(row['uri'] ?? '');
  return {
    kind,
    id: String(row['id']),
    uri,
    path: localFolder(uri, artifactRoot),
    isReady: row['ready'] === 1,
    packageDigest: row['digest'] === null ? undefined : String(row['digest']),
  };
}

/** A server's own scheme stands for its artifact root; other schemes are other machines. */
function localFolder(uri: string, artifactRoot: string): string | undefined {
  try {
    const served = /^mlflow-artifacts:(?:\/\/[^/]*)?(\/.*)$/i.exec(uri)?.[1];
    if (served === undefined) return artifactUriToPath(uri);
    // Read as a path of its own first, so that nothing in it leads out of the root.
    return join(artifactRoot, artifactUriToPath(served));
  } catch {
    return undefined;
  }
}

/** Returns whether the database has a run or logged model of this id, deleted or not. */
export function isRecorded(sql: Pick<SqlDatabase, 'get'>, id: string): boolean {
  const query =
    'SELECT 1 AS found FROM runs WHERE run_uuid = ? UNION ALL SELECT 1 FROM logged_models WHERE model_id = ?';
  return sql.get(query, [id, id]) !== undefined;
}
