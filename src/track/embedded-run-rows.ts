import {
  bytesOf,
  fromPage,
  type MlflowDatabase,
  measureOf,
  type SqlValue,
  selectPage,
} from '../storage/index.js';
import { DATASET_TEXTS, loadDatasets, loadModelLinks, MODEL_LINK_TEXTS } from './embedded-inputs.js';
import { POINT_JSON, type Point, toMetric } from './embedded-metrics.js';
import { setOwn } from './embedded-rows.js';
import type { Metric, Run, RunInfo, RunStatus } from './port.js';

/** How many runs are read with one statement. */
const RUNS_A_SLICE = 100;

/** The texts of a page's runs, for `withinBudget`: all but the names of metrics. */
export const RUN_TEXTS = measureOf(
  `SELECT runs.rowid AS item, ${bytesOf('runs.name', 'runs.user_id', 'runs.artifact_uri')} ${fromPage('runs')}`,
  ...['params', 'tags'].map(
    (table) => `SELECT runs.rowid, ${bytesOf('t.key', 't.value')} ${fromPage('runs')}
      CROSS JOIN ${table} AS t ON t.run_uuid = runs.run_uuid`,
  ),
  DATASET_TEXTS,
  MODEL_LINK_TEXTS,
);

/** Returns the runs of these rows, in their order. */
export function loadRuns(db: MlflowDatabase, rowids: readonly SqlValue[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < rowids.length; from += RUNS_A_SLICE) {
    const slice = JSON.stringify(rowids.slice(from, from + RUNS_A_SLICE));
    for (const run of toRuns(db, db.sql.rows(RUNS_OF_PAGE, [slice]))) runs.push(run);
  }
  return runs;
}

/** Runs with what was logged to them, one row a run, since what a row costs is more than what is in it. */
const RUN_COLUMNS = `run_uuid, name, experiment_id, user_id, status, start_time, end_time, artifact_uri, lifecycle_stage,
    (SELECT group_concat('[' || printf(${POINT_JSON}) || ',' || json_quote(key) || ']') FROM (${ownRows('latest_metrics')})),
    (SELECT json_group_object(key, value) FROM (${ownRows('params')})),
    (SELECT json_group_object(key, ifnull(value, '')) FROM (${ownRows('tags')})),
    EXISTS (SELECT 1 FROM inputs
      WHERE destination_type = 'RUN' AND destination_id = run_uuid AND source_type = 'DATASET'),
    EXISTS (SELECT 1 FROM inputs WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND source_id = run_uuid)`;

const RUNS_OF_PAGE = selectPage(RUN_COLUMNS, 'runs');

/** Rows come from the index of a run in their order; to aggregate them ORDER BY would sort them once more. */
function ownRows(table: 'latest_metrics' | 'params' | 'tags'): string {
  return `SELECT * FROM ${table} WHERE ${table}.run_uuid = runs.run_uuid ORDER BY rowid`;
}

/** Returns a run with all that was logged to it, or undefined. */
export function loadRun(db: MlflowDatabase, runId: string): Run | undefined {
  const row = db.sql.row(`SELECT ${RUN_COLUMNS} FROM runs WHERE run_uuid = ?`, [runId]);
  return row === undefined ? undefined : toRuns(db, [row])[0];
}

/** With two queries at most, however many runs they are. */
function toRuns(db: MlflowDatabase, rows: readonly (readonly SqlValue[])[]): Run[] {
  const having = (column: number) => rows.filter((row) => row[column] === 1).map((row) => String(row[0]));
  const datasets = loadDatasets(db, having(12));
  const links = loadModelLinks(db, having(13));
  return rows.map((row) => {
    const info = toInfo(row);
    return {
      info,
      metrics: toMetrics(row[9]),
      params: JSON.parse(String(row[10])) as Run['params'],
      tags: JSON.parse(String(row[11])) as Run['tags'],
      datasets: datasets.get(info.runId) ?? [],
      modelInputs: links.get(info.runId)?.inputs ?? [],
      modelOutputs: links.get(info.runId)?.outputs ?? [],
    };
  });
}

function toMetrics(json: SqlValue | undefined): Record<string, Metric> {
  const metrics: Record<string, Metric> = {};
  for (const [value, timestamp, step, isNan, key] of listOf<[...Point, string]>(json))
    setOwn(metrics, key, toMetric(key, [value, timestamp, step, isNan]));
  return metrics;
}

function listOf<Item>(json: SqlValue | undefined): Item[] {
  return json == null ? [] : (JSON.parse(`[${String(json)}]`) as Item[]);
}

function toInfo([runId, name, experimentId, userId, status, ...rest]: readonly SqlValue[]): RunInfo {
  const [startTime, endTime, artifactUri, lifecycleStage] = rest;
  return {
    runId: String(runId),
    runName: String(name ?? ''),
    experimentId: String(experimentId),
    userId: String(userId ?? ''),
    status: String(status) as RunStatus,
    startTime: Number(startTime ?? 0),
    endTime: endTime == null ? null : Number(endTime),
    artifactUri: String(artifactUri ?? ''),
    lifecycleStage: lifecycleStage === 'deleted' ? 'deleted' : 'active',
  };
}
