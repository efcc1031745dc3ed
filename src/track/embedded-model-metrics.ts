import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { toMetric, toStoredValue } from './embedded-metrics.js';
import { idsAsValue, isOneOf } from './embedded-rows.js';
import type { Metric, ModelMetric } from './port.js';

/**
 * Keeps with their logged models the points that name one. A point written twice is kept once. Throws NOT_FOUND for a
 * model that does not exist, CONFLICT for a point that is there with another value.
 */
export function insertModelMetrics(
  db: MlflowDatabase,
  run: { readonly runId: string; readonly experimentId: number },
  metrics: readonly Metric[],
): void {
  for (const metric of metrics) {
    if (metric.modelId) insertModelMetric(db, run, { ...metric, modelId: metric.modelId });
  }
}

function insertModelMetric(
  db: MlflowDatabase,
  { runId, experimentId }: { readonly runId: string; readonly experimentId: number },
  metric: Metric & { readonly modelId: string },
): void {
  const { modelId, key, timestamp, step, datasetName, datasetDigest } = metric;
  requireModelRow(db, modelId);
  const value = toStoredValue(metric.value);
  const written = db.sql.run(
    `INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, run_id, metric_value,
       experiment_id, dataset_name, dataset_digest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [modelId, key, timestamp, step, runId, value, experimentId, datasetName || null, datasetDigest || null],
  );
  if (written === 1) return;
  const before = db.sql.row(
    `SELECT metric_value FROM logged_model_metrics
     WHERE model_id = ? AND metric_name = ? AND metric_timestamp_ms = ? AND metric_step = ? AND run_id = ?`,
    [modelId, key, timestamp, step, runId],
  )?.[0];
  if (before === value) return;
  throw new PhantomNetError(
    'CONFLICT',
    `model ${modelId} has another value of ${show(key)} at this step and time`,
    { hint: 'log it at another step', details: { modelId, key, mlflowCode: 'BAD_REQUEST' } },
  );
}

/** Returns the points of each logged model in the order they were logged. */
export function modelMetrics(db: MlflowDatabase, modelIds: readonly string[]): Map<string, ModelMetric[]> {
  const rows = db.sql.rows(
    `SELECT metric_value, metric_timestamp_ms, metric_step, 0, metric_name, run_id, model_id, dataset_name,
       dataset_digest
     FROM logged_model_metrics WHERE model_id ${isOneOf(modelIds)} ORDER BY rowid`,
    [idsAsValue(modelIds)],
  );
  const byModel = new Map<string, ModelMetric[]>();
  for (const row of rows) {
    const [key, runId, modelId] = [String(row[4]), String(row[5]), String(row[6])];
    const own = byModel.get(modelId) ?? [];
    own.push({
      ...toMetric(key, row as unknown as Parameters<typeof toMetric>[1]),
      modelId,
      runId,
      ...(row[7] === null ? {} : { datasetName: String(row[7]) }),
      ...(row[8] === null ? {} : { datasetDigest: String(row[8]) }),
    });
    byModel.set(modelId, own);
  }
  return byModel;
}

function requireModelRow(db: MlflowDatabase, modelId: string): void {
  if (db.sql.row('SELECT 1 FROM logged_models WHERE model_id = ?', [modelId]) !== undefined) return;
  throw new PhantomNetError('NOT_FOUND', `no logged model with id ${show(modelId)}`, {
    hint: 'create the model before its metrics are logged',
    details: { modelId, mlflowCode: 'BAD_REQUEST' },
  });
}
