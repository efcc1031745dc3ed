import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { toMetric, toStored } from './embedded-metrics.js';
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
  const { value } = toStored(metric);
  const written = db.sql.run(
    `INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, run_id, metric_value,
       experiment_id, dataset_name, dataset_digest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [modelId, key, timestamp, step, runId, value, experimentId, datasetName || null, datasetDigest || null],
  );
  if (written === 1) return;
  const before = db.sql.rows(
    `SELECT metric_value FROM logged_model_metrics
     WHERE model_id = ? AND metric_name = ? AND metric_timestamp_ms = ? AND metric_step = ? AND run_id = ?`,
    [modelId, key, timestamp, step, runId],
  )[0]?.[0];
  if (before === value) return;
  throw new PhantomNetError(
    'CONFLICT',
    `model ${modelId} has another value of ${show(key)} at this step and time`,
    { hint: 'log it at another step', details: { modelId, key, mlflowCode: 'BAD_REQUEST' } },
  );
}

/** Returns the points of a logged model in the order they were logged. */
export function modelMetrics(db: MlflowDatabase, modelId: string): ModelMetric[] {
  return db.sql
    .rows(
      `SELECT metric_value, metric_timestamp_ms, metric_step, 0, metric_name, run_id, dataset_name, dataset_digest
       FROM logged_model_metrics WHERE model_id = ? ORDER BY rowid`,
      [modelId],
    )
    .map((row) => ({
      ...toMetric(String(row[4]), row),
      modelId,
      runId: String(row[5]),
      ...(row[6] === null ? {} : { datasetName: String(row[6]) }),
      ...(row[7] === null ? {} : { datasetDigest: String(row[7]) }),
    }));
}

function requireModelRow(db: MlflowDatabase, modelId: string): void {
  if (db.sql.rows('SELECT 1 FROM logged_models WHERE model_id = ?', [modelId]).length > 0) return;
  throw new PhantomNetError('NOT_FOUND', `no logged model with id ${show(modelId)}`, {
    hint: 'create the model before its metrics are logged',
    details: { modelId, mlflowCode: 'BAD_REQUEST' },
  });
}
