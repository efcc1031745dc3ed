import { PhantomNetError, show } from '../core/index.js';
import { checkKey, checkLoggedModelName } from '../mlflow/index.js';
import { appendToArtifactUri, type MlflowDatabase, type SqlRow } from '../storage/index.js';
import { experimentNumber, requireActiveExperiment } from './embedded-experiments.js';
import { hexId } from './embedded-inputs.js';
import { loadRecords } from './embedded-rows.js';
import { requireActiveRun } from './embedded-run-state.js';
import type { LoggedModel, TrackingStore } from './port.js';

/** MLflow's numbers of a logged model's status, by number; 0 is "unspecified", which is not ready either. */
const STATUSES = ['PENDING', 'PENDING', 'READY', 'UPLOAD_FAILED'] as const;

/** Creates a PENDING logged model, with artifacts at `<experiment>/models/<id>/artifacts`, as an output of its run. */
export function createLoggedModel(
  db: MlflowDatabase,
  options: Parameters<TrackingStore['createLoggedModel']>[0],
): LoggedModel {
  checkLoggedModelName(options.name);
  const modelId = `m-${hexId()}`;
  const experiment = requireActiveExperiment(db, options.experimentId);
  requireActiveRun(db, options.sourceRunId);
  const experimentId = experimentNumber(options.experimentId);
  const now = Date.now();
  db.sql.run(
    `INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,
       last_updated_timestamp_ms, status, lifecycle_stage, source_run_id) VALUES (?, ?, ?, ?, ?, ?, 1, 'active', ?)`,
    [
      modelId,
      experimentId,
      options.name,
      appendToArtifactUri(experiment.artifactLocation, 'models', modelId, 'artifacts'),
      now,
      now,
      options.sourceRunId,
    ],
  );
  for (const [key, value] of Object.entries(options.params ?? {})) {
    checkKey('param key', key);
    db.sql.run(
      'INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (?, ?, ?, ?)',
      [modelId, experimentId, key, value],
    );
  }
  writeTags(db, { modelId, experimentId }, options.tags ?? {});
  db.sql.run(
    `INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
     VALUES (?, 'RUN_OUTPUT', ?, 'MODEL_OUTPUT', ?, 0)`,
    [hexId(), options.sourceRunId, modelId],
  );
  return getLoggedModel(db, modelId);
}

/** Returns a logged model that is not deleted. Throws NOT_FOUND. */
export function getLoggedModel(db: MlflowDatabase, modelId: string): LoggedModel {
  return toLoggedModels(db, [requireModel(db, modelId)])[0]!;
}

/** Returns the logged models behind rows of their table, in their order, with two queries however many they are. */
export function toLoggedModels(db: MlflowDatabase, rows: readonly SqlRow[]): LoggedModel[] {
  const ids = rows.map((row) => String(row['model_id']));
  const params = loadRecords(db, { table: 'logged_model_params', ids });
  const tags = loadRecords(db, { table: 'logged_model_tags', ids });
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
      tags: tags.get(modelId) ?? {},
      params: params.get(modelId) ?? {},
    };
  });
}

/** Says how the upload of a logged model ended. Throws NOT_FOUND. */
export function finalizeLoggedModel(
  db: MlflowDatabase,
  modelId: string,
  status: 'READY' | 'UPLOAD_FAILED',
): LoggedModel {
  requireModel(db, modelId);
  db.sql.run('UPDATE logged_models SET status = ?, last_updated_timestamp_ms = ? WHERE model_id = ?', [
    status === 'READY' ? 2 : 3,
    Date.now(),
    modelId,
  ]);
  return getLoggedModel(db, modelId);
}

/** Writes tags over those the logged model has. Throws NOT_FOUND. */
export function setLoggedModelTags(
  db: MlflowDatabase,
  modelId: string,
  tags: Readonly<Record<string, string>>,
): void {
  const row = requireModel(db, modelId);
  writeTags(db, { modelId, experimentId: Number(row['experiment_id']) }, tags);
}

function requireModel(db: MlflowDatabase, modelId: string): SqlRow {
  const row = db.sql.get("SELECT * FROM logged_models WHERE model_id = ? AND lifecycle_stage <> 'deleted'", [
    modelId,
  ]);
  if (row !== undefined) return row;
  throw new PhantomNetError('NOT_FOUND', `no logged model with id ${show(modelId)}`, {
    hint: 'look at the model outputs of the run that made it',
    details: { modelId },
  });
}

function writeTags(
  db: MlflowDatabase,
  model: { readonly modelId: string; readonly experimentId: number },
  tags: Readonly<Record<string, string>>,
): void {
  for (const [key, value] of Object.entries(tags)) {
    checkKey('tag key', key);
    db.sql.run(
      `INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)
       ON CONFLICT (model_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
      [model.modelId, model.experimentId, key, value],
    );
  }
}
