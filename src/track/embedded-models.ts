import { PhantomNetError, show } from '../core/index.js';
import { checkLoggedModelName } from '../mlflow/index.js';
import { appendToArtifactUri, type MlflowDatabase, type SqlRow } from '../storage/index.js';
import { experimentNumber, requireActiveExperiment } from './embedded-experiments.js';
import { hexId, logOutputs } from './embedded-inputs.js';
import { modelMetrics } from './embedded-model-metrics.js';
import { loadRecords } from './embedded-rows.js';
import type { LoggedModel, LoggedModelStatus, TrackingStore } from './port.js';
import { randomRunName } from './run-name.js';

/** The status of a logged model by MLflow's number. */
const STATUSES: readonly LoggedModelStatus[] = ['UNSPECIFIED', 'PENDING', 'READY', 'UPLOAD_FAILED'];

/**
 * Creates a PENDING logged model, with artifacts at `<experiment>/models/<id>/artifacts`, as an output of its run unless
 * that is left to the caller.
 */
export function createLoggedModel(
  db: MlflowDatabase,
  options: Parameters<TrackingStore['createLoggedModel']>[0],
): LoggedModel {
  const { name = randomRunName(), sourceRunId = '', isOutput = sourceRunId !== '' } = options;
  checkLoggedModelName(name);
  const modelId = `m-${hexId()}`;
  const experiment = requireActiveExperiment(db, options.experimentId);
  const experimentId = experimentNumber(options.experimentId);
  const now = Date.now();
  if (isOutput) logOutputs(db, sourceRunId, [{ modelId, step: 0 }]);
  db.sql.run(
    `INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,
       last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id)
     VALUES (?, ?, ?, ?, ?, ?, 1, 'active', ?, ?)`,
    [
      modelId,
      experimentId,
      name,
      appendToArtifactUri(String(experiment['artifact_location'] ?? ''), 'models', modelId, 'artifacts'),
      now,
      now,
      options.modelType ?? '',
      sourceRunId,
    ],
  );
  insertParams(db, { modelId, experimentId }, options.params ?? {});
  writeTags(db, { modelId, experimentId }, options.tags ?? {});
  return getLoggedModel(db, modelId);
}

/** Returns a logged model, a deleted one only where that is allowed. Throws NOT_FOUND. */
export function getLoggedModel(
  db: MlflowDatabase,
  modelId: string,
  options: { readonly allowDeleted?: boolean } = {},
): LoggedModel {
  const row = requireModel(db, modelId);
  if (row['lifecycle_stage'] === 'deleted' && options.allowDeleted !== true) throw noModel(modelId);
  return toLoggedModels(db, [row])[0]!;
}

/** Returns the logged models behind rows of their table, in their order, with three queries however many they are. */
export function toLoggedModels(db: MlflowDatabase, rows: readonly SqlRow[]): LoggedModel[] {
  const ids = rows.map((row) => String(row['model_id']));
  const params = loadRecords(db, { table: 'logged_model_params', ids });
  const tags = loadRecords(db, { table: 'logged_model_tags', ids });
  const metrics = modelMetrics(db, ids);
  return rows.map((row) => {
    const modelId = String(row['model_id']);
    return {
      modelId,
      experimentId: String(row['experiment_id']),
      name: String(row['name']),
      sourceRunId: String(row['source_run_id'] ?? ''),
      modelType: String(row['model_type'] ?? ''),
      artifactUri: String(row['artifact_location']),
      status: STATUSES[Number(row['status'])] ?? 'PENDING',
      creationTime: Number(row['creation_timestamp_ms']),
      lastUpdatedTime: Number(row['last_updated_timestamp_ms']),
      tags: tags.get(modelId) ?? {},
      params: params.get(modelId) ?? {},
      metrics: metrics.get(modelId) ?? [],
    };
  });
}

/** Says how the upload of a logged model ended. Throws NOT_FOUND. */
export function finalizeLoggedModel(
  db: MlflowDatabase,
  modelId: string,
  status: LoggedModelStatus,
): LoggedModel {
  requireModel(db, modelId);
  db.sql.run('UPDATE logged_models SET status = ?, last_updated_timestamp_ms = ? WHERE model_id = ?', [
    STATUSES.indexOf(status),
    Date.now(),
    modelId,
  ]);
  return getLoggedModel(db, modelId, { allowDeleted: true });
}

/** Adds params to a logged model. Throws NOT_FOUND, or ALREADY_EXISTS for a param that it has. */
export function logLoggedModelParams(
  db: MlflowDatabase,
  modelId: string,
  params: Readonly<Record<string, string>>,
): void {
  const experimentId = Number(requireModel(db, modelId)['experiment_id']);
  insertParams(db, { modelId, experimentId }, params);
}

/** Writes tags over those the logged model has. Throws NOT_FOUND. */
export function setLoggedModelTags(
  db: MlflowDatabase,
  modelId: string,
  tags: Readonly<Record<string, string>>,
): void {
  const experimentId = Number(requireModel(db, modelId)['experiment_id']);
  writeTags(db, { modelId, experimentId }, tags);
}

/** Removes a tag. Throws NOT_FOUND when the model does not have it. */
export function deleteLoggedModelTag(db: MlflowDatabase, modelId: string, key: string): void {
  requireModel(db, modelId);
  const values = [modelId, key];
  if (db.sql.run('DELETE FROM logged_model_tags WHERE model_id = ? AND tag_key = ?', values) > 0) return;
  throw new PhantomNetError('NOT_FOUND', `logged model ${modelId} has no tag ${show(key)}`, {
    hint: 'look at the tags of the model',
    details: { modelId, key },
  });
}

/** Marks a logged model deleted; one that is deleted stays so. Throws NOT_FOUND. */
export function deleteLoggedModel(db: MlflowDatabase, modelId: string): void {
  requireModel(db, modelId);
  db.sql.run(
    "UPDATE logged_models SET lifecycle_stage = 'deleted', last_updated_timestamp_ms = ? WHERE model_id = ?",
    [Date.now(), modelId],
  );
}

/** Returns the row of a logged model, deleted or not. */
function requireModel(db: MlflowDatabase, modelId: string): SqlRow {
  const row = db.sql.get('SELECT * FROM logged_models WHERE model_id = ?', [modelId]);
  if (row === undefined) throw noModel(modelId);
  return row;
}

function noModel(modelId: string): PhantomNetError {
  return new PhantomNetError('NOT_FOUND', `no logged model with id ${show(modelId)}`, {
    hint: 'look at the model outputs of the run that made it',
    details: { modelId },
  });
}

/** A model's ids in the tables of its params and tags. */
interface ModelIds {
  readonly modelId: string;
  readonly experimentId: number;
}

function insertParams(db: MlflowDatabase, model: ModelIds, params: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(params)) {
    const written = db.sql.run(
      `INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [model.modelId, model.experimentId, key, value],
    );
    if (written === 1) continue;
    throw new PhantomNetError(
      'ALREADY_EXISTS',
      `logged model ${model.modelId} has param ${show(key)} already`,
      {
        hint: 'params of a model are written once: log it under another name, or as a tag',
        details: { modelId: model.modelId, key, mlflowCode: 'BAD_REQUEST' },
      },
    );
  }
}

function writeTags(db: MlflowDatabase, model: ModelIds, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    db.sql.run(
      `INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)
       ON CONFLICT (model_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
      [model.modelId, model.experimentId, key, value],
    );
  }
}
