import type { MlflowDatabase, SqlRow } from '../storage/index.js';
import type { Metric } from './port.js';

/** A metric as MLflow's tables have it: NaN is value 0 with a flag, an infinity is the largest double. */
interface StoredMetric {
  readonly metric: Metric;
  readonly value: number;
  readonly isNan: 0 | 1;
}

/**
 * Inserts points and keeps `latest_metrics`: the highest step, then timestamp, then value. A point written twice is kept once.
 * Must run inside a transaction. Cost: one prepared insert a point and one a key.
 */
export function insertMetrics(db: MlflowDatabase, runId: string, metrics: readonly Metric[]): void {
  const latest = new Map<string, StoredMetric>();
  for (const metric of metrics) {
    const stored = toStored(metric);
    db.sql.run(
      `INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [metric.key, stored.value, metric.timestamp, runId, metric.step, stored.isNan],
    );
    const best = latest.get(metric.key);
    if (best === undefined || isNewer(stored, best)) latest.set(metric.key, stored);
  }
  for (const { metric, value, isNan } of latest.values()) {
    db.sql.run(
      `INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (key, run_uuid) DO UPDATE SET
         value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan
       WHERE (excluded.step, excluded.timestamp, excluded.value)
           > (latest_metrics.step, ifnull(latest_metrics.timestamp, 0), latest_metrics.value)`,
      [metric.key, value, metric.timestamp, metric.step, isNan, runId],
    );
  }
}

/** Returns all points of a metric by (step, timestamp) ascending; empty for an unknown key. */
export function metricHistory(db: MlflowDatabase, runId: string, key: string): Metric[] {
  return db.sql
    .all(
      `SELECT key, value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? AND key = ?
       ORDER BY step, timestamp, value`,
      [runId, key],
    )
    .map(toMetric);
}

/** Returns the latest point of every metric of each run. */
export function latestMetrics(
  db: MlflowDatabase,
  runIds: readonly string[],
): Map<string, Record<string, Metric>> {
  const rows = db.sql.all(
    `SELECT run_uuid, key, value, timestamp, step, is_nan FROM latest_metrics
     WHERE run_uuid IN (SELECT value FROM json_each(?)) ORDER BY key`,
    [JSON.stringify(runIds)],
  );
  const entries = new Map<string, [string, Metric][]>();
  for (const row of rows) {
    const own = entries.get(String(row['run_uuid'])) ?? [];
    own.push([String(row['key']), toMetric(row)]);
    entries.set(String(row['run_uuid']), own);
  }
  return new Map([...entries].map(([runId, own]) => [runId, Object.fromEntries(own)]));
}

function toStored(metric: Metric): StoredMetric {
  const { value } = metric;
  if (Number.isNaN(value)) return { metric, value: 0, isNan: 1 };
  if (Number.isFinite(value)) return { metric, value, isNan: 0 };
  return { metric, value: value > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE, isNan: 0 };
}

function isNewer(a: StoredMetric, b: StoredMetric): boolean {
  if (a.metric.step !== b.metric.step) return a.metric.step > b.metric.step;
  if (a.metric.timestamp !== b.metric.timestamp) return a.metric.timestamp > b.metric.timestamp;
  return a.value > b.value;
}

function toMetric(row: SqlRow): Metric {
  return {
    key: String(row['key']),
    value: row['is_nan'] === 1 ? Number.NaN : Number(row['value']),
    timestamp: Number(row['timestamp']),
    step: Number(row['step']),
  };
}
