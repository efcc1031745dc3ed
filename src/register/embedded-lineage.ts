import { PhantomNetError, show } from '../core/index.js';
import { checkRegisteredModelName } from '../mlflow/index.js';
import type { MlflowDatabase, SqlRow } from '../storage/index.js';
import { DELETED_STAGE, loggedModelId, noVersion, versionNumber } from './embedded-rows.js';
import type { RegistryStore } from './port.js';

/** Where MLflow notes on a logged model under which names and versions it is registered. */
const MODEL_VERSIONS_TAG = 'mlflow.modelVersions';

/** Returns where the files of a version are, as it was found out when the version was made. Throws NOT_FOUND. */
export function getDownloadUri(db: MlflowDatabase, name: string, version: string): string {
  checkRegisteredModelName(name);
  const row = db.sql.get(
    `SELECT source, storage_location FROM model_versions
     WHERE workspace = 'default' AND name = ? AND version = ? AND current_stage <> '${DELETED_STAGE}'`,
    [name, versionNumber(version)],
  );
  return row === undefined
    ? noVersion(name, version)
    : String(row['storage_location'] || row['source'] || '');
}

/** Returns where the files are, and the logged model that the version is made from. Throws NOT_FOUND. */
export function readSource(
  db: MlflowDatabase,
  { source, modelId }: Parameters<RegistryStore['createModelVersion']>[0],
): { readonly location: string; readonly maker: SqlRow | undefined } {
  const sourceId = loggedModelId(source);
  // MLflow calls a source that is not there a failure of its own, a logged model beside it not.
  const logged = sourceId === undefined ? undefined : requireLoggedModel(db, sourceId, 'INTERNAL_ERROR');
  const location = logged === undefined ? locationOf(db, source) : String(logged['artifact_location']);
  if (!modelId || modelId === sourceId) return { location, maker: logged };
  return { location, maker: requireLoggedModel(db, modelId, 'RESOURCE_DOES_NOT_EXIST') };
}

/** The files of a version made from another are where the other's are. */
function locationOf(db: MlflowDatabase, source: string): string {
  const [, name, version] = /^models:\/([^/]+)\/(\d+)$/.exec(source) ?? [];
  return name === undefined || version === undefined ? source : getDownloadUri(db, name, version);
}

function requireLoggedModel(db: MlflowDatabase, modelId: string, mlflowCode: string): SqlRow {
  const row = db.sql.get(
    `SELECT m.*, (SELECT tag_value FROM logged_model_tags t
                  WHERE t.model_id = m.model_id AND t.tag_key = '${MODEL_VERSIONS_TAG}') AS registered
     FROM logged_models m WHERE m.model_id = ? AND m.lifecycle_stage <> 'deleted'`,
    [modelId],
  );
  if (row !== undefined) return row;
  throw new PhantomNetError('NOT_FOUND', `no logged model with id ${show(modelId)} to register`, {
    hint: 'register a model that a run of this store has logged',
    details: { modelId, mlflowCode },
  });
}

/**
 * Adds to the list that MLflow's UI shows on a logged model, spaced and escaped as MLflow writes it; what is no list is
 * begun anew. The list is not read: a model may be registered thousands of times.
 */
export function noteVersion(
  db: MlflowDatabase,
  logged: SqlRow,
  key: { readonly name: string; readonly version: number },
): void {
  const entry = `{"name": ${asciiJson(key.name)}, "version": ${key.version}}`;
  const old = String(logged['registered'] ?? '');
  if (old.includes(entry)) return;
  const list = old.startsWith('[{') && old.endsWith('}]') ? `${old.slice(0, -1)}, ${entry}]` : `[${entry}]`;
  db.sql.run(
    `INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)
     ON CONFLICT (model_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
    [String(logged['model_id']), logged['experiment_id'] ?? null, MODEL_VERSIONS_TAG, list],
  );
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
