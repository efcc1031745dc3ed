import { PhantomNetError } from '../core/index.js';
import { checkKeyForm, checkRegisteredModelName } from '../mlflow/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { noteVersion, readSource } from './embedded-lineage.js';
import {
  checkRegistryTags,
  DELETED_STAGE,
  noModel,
  noVersion,
  requireVersion,
  requireVersionNumber,
  versionNumber,
} from './embedded-rows.js';
import type { ModelVersion, RegistryStore } from './port.js';

/**
 * Creates the next version of a registered model: one more than the highest ever given, deleted ones included. The run
 * comes from the logged model when none is given, the place of the files from what a `models:/` source names. Throws
 * NOT_FOUND for an unknown registered model, logged model or source version.
 */
export function createModelVersion(
  db: MlflowDatabase,
  options: Parameters<RegistryStore['createModelVersion']>[0],
): ModelVersion {
  const { name, source, runId, runLink = null, description = null, tags = {} } = options;
  checkRegisteredModelName(name);
  checkRegistryTags(tags);
  if (source === '') {
    throw new PhantomNetError('INVALID_PARAMETER', 'source of a model version must not be empty', {
      hint: "give 'models:/m-…' of a logged model, or an artifact uri",
    });
  }
  const { location, maker } = readSource(db, options);
  const now = Date.now();
  if (touchModel(db, name, now) === 0) noModel(name);
  const created = db.sql.get(
    `INSERT INTO model_versions (workspace, name, version, creation_time, last_updated_time, description,
       current_stage, source, storage_location, run_id, run_link, status)
     SELECT 'default', ?1, ifnull(max(version), 0) + 1, ?2, ?2, ?3, 'None', ?4, ?5, ?6, ?7, 'READY'
     FROM model_versions WHERE workspace = 'default' AND name = ?1
     RETURNING version`,
    [name, now, description, source, location, runId || (maker?.['source_run_id'] ?? runId ?? null), runLink],
  );
  const version = Number(created?.['version']);
  writeTags(db, { name, version }, tags);
  if (maker !== undefined) noteVersion(db, maker, { name, version });
  return requireVersion(db, name, String(version));
}

/** Replaces the description, or takes it away. Throws NOT_FOUND. */
export function updateModelVersion(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: string },
  description: string | undefined,
): ModelVersion {
  checkRegisteredModelName(key.name);
  const changed = db.sql.run(
    `UPDATE model_versions SET description = ?, last_updated_time = ?
     WHERE workspace = 'default' AND name = ? AND version = ? AND current_stage <> '${DELETED_STAGE}'`,
    [description ?? null, Date.now(), key.name, versionNumber(key.version)],
  );
  return changed === 0 ? noVersion(key.name, key.version) : requireVersion(db, key.name, key.version);
}

/**
 * Deletes a version as MLflow does: its aliases go, its source and run are blotted out, and its row stays so that the
 * number is never given again. Throws NOT_FOUND.
 */
export function deleteModelVersion(db: MlflowDatabase, name: string, version: string): void {
  const number = requireVersionNumber(db, name, version);
  const now = Date.now();
  db.sql.run(
    "DELETE FROM registered_model_aliases WHERE workspace = 'default' AND name = ? AND version = ?",
    [name, number],
  );
  db.sql.run(
    `UPDATE model_versions SET current_stage = ?, last_updated_time = ?, description = NULL, user_id = NULL,
       source = 'REDACTED-SOURCE-PATH', run_id = 'REDACTED-RUN-ID', run_link = 'REDACTED-RUN-LINK',
       status_message = NULL
     WHERE workspace = 'default' AND name = ? AND version = ?`,
    [DELETED_STAGE, now, name, number],
  );
  touchModel(db, name, now);
}

/** Writes tags over those the version has. Throws NOT_FOUND. */
export function setModelVersionTags(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: string },
  tags: Readonly<Record<string, string>>,
): void {
  checkRegistryTags(tags);
  const version = requireVersionNumber(db, key.name, key.version);
  writeTags(db, { name: key.name, version }, tags);
}

/** Removes a tag if the version has it. Throws NOT_FOUND for an unknown version. */
export function deleteModelVersionTag(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: string },
  tag: string,
): void {
  checkKeyForm('tag key', tag);
  const version = requireVersionNumber(db, key.name, key.version);
  db.sql.run(
    "DELETE FROM model_version_tags WHERE workspace = 'default' AND name = ? AND version = ? AND key = ?",
    [key.name, version, tag],
  );
}

/** Says that something about a model's versions changed; returns 0 when there is no such model. */
export function touchModel(db: MlflowDatabase, name: string, timeMs: number): number {
  return db.sql.run(
    "UPDATE registered_models SET last_updated_time = ? WHERE workspace = 'default' AND name = ?",
    [timeMs, name],
  );
}

function writeTags(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: number },
  tags: Readonly<Record<string, string>>,
): void {
  for (const [tag, value] of Object.entries(tags)) {
    db.sql.run(
      `INSERT INTO model_version_tags (workspace, name, version, key, value) VALUES ('default', ?, ?, ?, ?)
       ON CONFLICT (workspace, name, version, key) DO UPDATE SET value = excluded.value`,
      [key.name, key.version, tag, value],
    );
  }
}
