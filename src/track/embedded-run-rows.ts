import type { MlflowDatabase, SqlValue } from '../storage/index.js';
import { loadDatasets, loadModelLinks } from './embedded-inputs.js';
import { POINT_JSON, type Point, toMetric } from './embedded-metrics.js';
import { setOwn } from './embedded-rows.js';
import type { Metric, Run, RunInfo, RunStatus } from './port.js';

/** How many runs are loaded before their texts are counted. */
const RUNS_A_SLICE = 100;

/**
 * Returns the first of the runs of these rows, in their order: all of them, unless params and tags have more than
 * `maxCharacters` together; then those loaded until there were as many, in slices of a hundred.
 */
export function loadRunsUpTo(db: MlflowDatabase, rowids: readonly SqlValue[], maxCharacters: number): Run[] {
  const runs: Run[] = [];
  let characters = 0;
  for (let from = 0; from < rowids.length && characters < maxCharacters; from += RUNS_A_SLICE) {
    const slice = JSON.stringify(rowids.slice(from, from + RUNS_A_SLICE));
    for (const run of toRuns(db, db.sql.rows(`${RUNS} ${OF_ROWS}`, [slice]))) {
      runs.push(run);
      characters += textLength(run.params) + textLength(run.tags);
    }
  }
  return runs;
}

const OF_ROWS = 'FROM json_each(?) AS page CROSS JOIN runs ON runs.rowid = page.value ORDER BY page.key';

function textLength(texts: Readonly<Record<string, string>>): number {
  let length = 0;
  for (const key in texts) length += texts[key]!.length;
  return length;
}

/** Runs with what was logged to them, one row a run, since what a row costs is more than what is in it. */
const RUNS = `SELECT run_uuid, name, experiment_id, user_id, status, start_time, end_time, artifact_uri, lifecycle_stage,
    (SELECT group_concat('[' || printf(${POINT_JSON}) || ',' || json_quote(key) || ']') FROM (${ownRows('latest_metrics')})),
    (SELECT group_concat(json_array(key, value)) FROM (${ownRows('params')})),
    (SELECT group_concat(json_array(key, value)) FROM (${ownRows('tags')})),
    EXISTS (SELECT 1 FROM inputs
      WHERE destination_type = 'RUN' AND destination_id = run_uuid AND source_type = 'DATASET'),
    EXISTS (SELECT 1 FROM inputs WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND source_id = run_uuid)
`;

/** Rows come from the index of a run in their order; to aggregate them ORDER BY would sort them once more. */
function ownRows(table: 'latest_metrics' | 'params' | 'tags'): string {
  return `SELECT * FROM ${table} WHERE ${table}.run_uuid = runs.run_uuid ORDER BY rowid`;
}

/** Returns a run with all that was logged to it, or undefined. */
export function loadRun(db: MlflowDatabase, runId: string): Run | undefined {
  const row = db.sql.row(`${RUNS} FROM runs WHERE run_uuid = ?`, [runId]);
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
      params: toRecord(row[10]),
      tags: toRecord(row[11]),
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

function toRecord(json: SqlValue | undefined): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [key, value] of listOf<[string, string | null]>(json)) setOwn(record, key, value ?? '');
  return record;
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
