import { invalidParameter } from '../core/index.js';
import type { MlflowDatabase, SqlValue } from '../storage/index.js';
import { insertRows } from './embedded-rows.js';
import type { Metric } from './port.js';

/**
 * Inserts points and keeps `latest_metrics`: the highest step, then timestamp, then value. A point written twice is kept once.
 * Must run inside a transaction. Cost: about 3 µs a point and 3 µs a key.
 */
export function insertMetrics(db: MlflowDatabase, runId: string, metrics: readonly Metric[]): void {
  const byKey = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const series = byKey.get(metric.key);
    if (series === undefined) byKey.set(metric.key, [metric]);
    else series.push(metric);
  }
  insertRows(db, POINTS, { runId, values: pointsInOrder(byKey) });
  const newest: SqlValue[] = [];
  // In the order in which the keys were given first: in that order a run shows them.
  for (const series of byKey.values()) pushRow(newest, newestOf(series));
  insertRows(db, LATEST, { runId, values: newest });
}

/** Returns the points in the order of the table's key, in which SQLite inserts faster. */
function pointsInOrder(byKey: ReadonlyMap<string, Metric[]>): SqlValue[] {
  const points: SqlValue[] = [];
  for (const key of [...byKey.keys()].sort()) {
    const series = byKey.get(key)!;
    for (const metric of series.toSorted((a, b) => a.timestamp - b.timestamp)) pushRow(points, metric);
  }
  return points;
}

function newestOf(series: readonly Metric[]): Metric {
  return series.reduce((newest, metric) => (isNewer(metric, newest) ? metric : newest));
}

function pushRow(rows: SqlValue[], { key, value, timestamp, step }: Metric): void {
  rows.push(key, toStoredValue(value), timestamp, step, Number.isNaN(value) ? 1 : 0);
}

const COLUMNS = ['key', 'value', 'timestamp', 'step', 'is_nan'];
const POINTS = {
  table: 'metrics',
  columns: COLUMNS,
  onConflict: 'ON CONFLICT DO NOTHING',
};

const LATEST = {
  table: 'latest_metrics',
  columns: COLUMNS,
  onConflict: `ON CONFLICT (key, run_uuid) DO UPDATE SET
    value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan
    WHERE (excluded.step, excluded.timestamp, excluded.value)
      > (latest_metrics.step, ifnull(latest_metrics.timestamp, 0), latest_metrics.value)`,
};

/** A point as it is read: value, timestamp, step, 1 for NaN. */
export type Point = readonly [value: number, timestamp: number, step: number, isNan: number];

/**
 * A point as JSON without its brackets. 19 digits tell every double from its neighbours, where SQLite's own JSON functions
 * write 15; and the text of a whole series costs a fraction of a row for each point.
 */
export const POINT_JSON = "'%!.19g,%d,%d,%d', value, ifnull(timestamp, 0), step, is_nan";

/**
 * The points of one metric of a run, for the values of both. Without the index named, SQLite may read the points that all
 * runs have under this key.
 */
export const OF_SERIES = `FROM metrics INDEXED BY index_metrics_run_uuid_key_step WHERE run_uuid = ? AND key = ?`;

/** Returns all points of one metric of a run, in any order. */
export function readPoints(db: MlflowDatabase, runId: string, key: string): Point[] {
  return parsePoints(
    db.sql.row(`SELECT group_concat('[' || printf(${POINT_JSON}) || ']') ${OF_SERIES}`, [runId, key]),
  );
}

/** Returns the points of one metric of a run that come first, with `rest` behind the condition, ending with a LIMIT. */
export function readSomePoints(db: MlflowDatabase, rest: string, values: readonly SqlValue[]): Point[] {
  const some = `SELECT value, timestamp, step, is_nan ${OF_SERIES} ${rest}`;
  return parsePoints(
    db.sql.row(`SELECT group_concat('[' || printf(${POINT_JSON}) || ']') FROM (${some})`, values),
  );
}

function parsePoints(row: readonly SqlValue[] | undefined): Point[] {
  return JSON.parse(`[${row?.[0] ?? ''}]`) as Point[];
}

/** Returns all points of a metric by (step, timestamp, value) ascending; empty for an unknown key. */
export function metricHistory(db: MlflowDatabase, runId: string, key: string): Metric[] {
  const points = readPoints(db, runId, key);
  points.sort((a, b) => a[2] - b[2] || a[1] - b[1] || a[0] - b[0]);
  return points.map((point) => toMetric(key, point));
}

/**
 * Returns at most `maxResults` of a run's points by (step, timestamp, value): the points are cut into as many equal
 * parts, the first ones longer by one where they do not divide, and each gives its first point; the last point of all
 * takes the place of the last one taken.
 */
export function sampleHistory(
  db: MlflowDatabase,
  series: { readonly runId: string; readonly key: string },
  options: { readonly maxResults: number; readonly steps?: readonly [first: number, last: number] },
): Metric[] {
  if (options.maxResults < 1) invalidParameter('maxResults', 'a whole number from 1', options.maxResults);
  const all = metricHistory(db, series.runId, series.key);
  const [first, last] = options.steps ?? [-Infinity, Infinity];
  const points = options.steps === undefined ? all : all.filter(({ step }) => step >= first && step <= last);
  const nParts = options.maxResults;
  if (points.length <= nParts) return points;
  const short = Math.floor(points.length / nParts);
  const nLong = points.length % nParts;
  const sample: Metric[] = [];
  for (let part = 0, start = 0; part < nParts; part++) {
    sample.push(points[start]!);
    start += part < nLong ? short + 1 : short;
  }
  sample[nParts - 1] = points.at(-1)!;
  return sample;
}

/** Returns a value as the tables of MLflow hold it: NaN is 0 beside a flag, an infinity is the largest double. */
export function toStoredValue(value: number): number {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 0;
  return value > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
}

/** Returns a point as the port has it. */
export function toMetric(key: string, [value, timestamp, step, isNan]: Point): Metric {
  return { key, value: isNan === 1 ? Number.NaN : value, timestamp, step };
}

function isNewer(a: Metric, b: Metric): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return toStoredValue(a.value) > toStoredValue(b.value);
}
