import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase, SqlRow } from '../storage/index.js';
import {
  checkRegistryTag,
  DELETED_STAGE,
  loggedModelId,
  requireModelRow,
  requireVersionRow,
  toVersions,
  versionNumber,
} from './embedded-rows.js';
import type { ModelVersion, RegistryStore } from './port.js';

/** Where MLflow's client notes on a logged model under which names and versions it is registered. */
const MODEL_VERSIONS_TAG = 'mlflow.modelVersions';

/**
 * Creates the next version of a registered model: one more than the highest ever given, deleted ones included. The run
 * and the place of the files come from the logged model when the source names one. Throws NOT_FOUND for an unknown
 * registered or logged model.
 */
export function createModelVersion(
  db: MlflowDatabase,
  options: Parameters<RegistryStore['createModelVersion']>[0],
): ModelVersion {
  const { name, source } = options;
  if (source === '') {
    throw new PhantomNetError('INVALID_PARAMETER', 'source of a model version must not be empty', {
      hint: "give 'models:/m-…' of a logged model, or an artifact uri",
    });
  }
  requireModelRow(db, name);
  const sourceId = loggedModelId(source);
  const logged = sourceId === undefined ? undefined : requireLoggedModel(db, sourceId);
  const maker = logged ?? (options.modelId ? requireLoggedModel(db, options.modelId) : undefined);
  const now = Date.now();
  const highest = db.sql.get(
    "SELECT ifnull(max(version), 0) AS version FROM model_versions WHERE workspace = 'default' AND name = ?",
    [name],
  );
  const version = Number(highest?.['version']) + 1;
  db.sql.run(
    `INSERT INTO model_versions (workspace, name, version, creation_time, last_updated_time, description,
       current_stage, source, storage_location, run_id, status)
     VALUES ('default', ?, ?, ?, ?, ?, 'None', ?, ?, ?, 'READY')`,
    [
      name,
      version,
      now,
      now,
      options.description ?? null,
      source,
      logged === undefined ? source : String(logged['artifact_location']),
      options.runId || (maker?.['source_run_id'] ?? null),
    ],
  );
  touchModel(db, name, now);
  writeTags(db, { name, version }, options.tags ?? {});
  if (logged !== undefined) noteVersion(db, logged, { name, version });
  return getModelVersion(db, name, String(version));
}

/** Returns a version that is not deleted. Throws NOT_FOUND. */
export function getModelVersion(db: MlflowDatabase, name: string, version: string): ModelVersion {
  return toVersions(db, [requireVersionRow(db, name, version)])[0]!;
}

/** Replaces the description. Throws NOT_FOUND. */
export function updateModelVersion(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: string },
  description: string,
): void {
  requireVersionRow(db, key.name, key.version);
  db.sql.run(
    `UPDATE model_versions SET description = ?, last_updated_time = ?
     WHERE workspace = 'default' AND name = ? AND version = ?`,
    [description, Date.now(), key.name, versionNumber(key.version)],
  );
}

/**
 * Deletes a version as MLflow does: its aliases go, its source and run are blotted out, and its row stays so that the
 * number is never given again. Throws NOT_FOUND.
 */
export function deleteModelVersion(db: MlflowDatabase, name: string, version: string): void {
  requireVersionRow(db, name, version);
  const number = versionNumber(version);
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
  requireVersionRow(db, key.name, key.version);
  writeTags(db, { name: key.name, version: versionNumber(key.version) }, tags);
}

/** Removes a tag if the version has it. Throws NOT_FOUND for an unknown version. */
export function deleteModelVersionTag(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: string },
  tag: string,
): void {
  requireVersionRow(db, key.name, key.version);
  db.sql.run(
    "DELETE FROM model_version_tags WHERE workspace = 'default' AND name = ? AND version = ? AND key = ?",
    [key.name, versionNumber(key.version), tag],
  );
}

/** Returns where the files of a version are: the logged model's folder, or the source itself. Throws NOT_FOUND. */
export function getDownloadUri(db: MlflowDatabase, name: string, version: string): string {
  const row = requireVersionRow(db, name, version);
  const modelId = loggedModelId(String(row['source'] ?? ''));
  if (modelId !== undefined) return String(requireLoggedModel(db, modelId)['artifact_location']);
  return String(row['storage_location'] || row['source'] || '');
}

/** Says that something about a model's versions changed. */
export function touchModel(db: MlflowDatabase, name: string, timeMs: number): void {
  db.sql.run("UPDATE registered_models SET last_updated_time = ? WHERE workspace = 'default' AND name = ?", [
    timeMs,
    name,
  ]);
}

function requireLoggedModel(db: MlflowDatabase, modelId: string): SqlRow {
  const row = db.sql.get("SELECT * FROM logged_models WHERE model_id = ? AND lifecycle_stage <> 'deleted'", [
    modelId,
  ]);
  if (row !== undefined) return row;
  throw new PhantomNetError('NOT_FOUND', `no logged model with id ${show(modelId)} to register`, {
    hint: 'register a model that a run of this store has logged',
    details: { modelId },
  });
}

function writeTags(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: number },
  tags: Readonly<Record<string, string>>,
): void {
  for (const [tag, value] of Object.entries(tags)) {
    checkRegistryTag(tag, value);
    db.sql.run(
      `INSERT INTO model_version_tags (workspace, name, version, key, value) VALUES ('default', ?, ?, ?, ?)
       ON CONFLICT (workspace, name, version, key) DO UPDATE SET value = excluded.value`,
      [key.name, key.version, tag, value],
    );
  }
}

/** Adds to the list that MLflow's UI shows on a logged model; a list that cannot be read is begun anew. */
function noteVersion(
  db: MlflowDatabase,
  logged: SqlRow,
  key: { readonly name: string; readonly version: number },
): void {
  const modelId = String(logged['model_id']);
  const old = db.sql.get('SELECT tag_value FROM logged_model_tags WHERE model_id = ? AND tag_key = ?', [
    modelId,
    MODEL_VERSIONS_TAG,
  ]);
  const list = [...parseList(String(old?.['tag_value'] ?? '[]')), key];
  db.sql.run(
    `INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)
     ON CONFLICT (model_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
    [modelId, logged['experiment_id'] ?? null, MODEL_VERSIONS_TAG, JSON.stringify(list)],
  );
}

function parseList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
