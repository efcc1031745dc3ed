import type { MlflowDatabase, SqlRow, SqlValue } from '../storage/index.js';
import { loadDatasets, loadModelLinks } from './embedded-inputs.js';
import { POINT_JSON, type Point, toMetric } from './embedded-metrics.js';
import { idsAsValue, isOneOf, setOwn } from './embedded-rows.js';
import type { Metric, Run, RunInfo, RunStatus } from './port.js';

/** How many runs are loaded before their texts are counted. */
const RUNS_A_SLICE = 100;

/**
 * Returns the first of the runs behind rows, in their order: all of them, unless params and tags have more than
 * `maxCharacters` together; then those loaded until there were as many, in slices of a hundred.
 */
export function loadRunsUpTo(db: MlflowDatabase, rows: readonly SqlRow[], maxCharacters: number): Run[] {
  const runs: Run[] = [];
  let characters = 0;
  while (runs.length < rows.length && characters < maxCharacters) {
    const slice = loadRuns(db, rows.slice(runs.length, runs.length + RUNS_A_SLICE));
    for (const run of slice) {
      runs.push(run);
      characters += textLength(run.params) + textLength(run.tags);
    }
  }
  return runs;
}

function textLength(texts: Readonly<Record<string, string>>): number {
  let length = 0;
  for (const key in texts) length += texts[key]!.length;
  return length;
}

/** What was logged to runs, one row a run, since what a row costs is more than what is in it. */
const LOGGED = `SELECT run_uuid,
    (SELECT group_concat('[' || printf(${POINT_JSON}) || ',' || json_quote(key) || ']' ORDER BY rowid)
     FROM latest_metrics WHERE latest_metrics.run_uuid = runs.run_uuid),
    (SELECT group_concat(json_array(key, value) ORDER BY rowid) FROM params WHERE params.run_uuid = runs.run_uuid),
    (SELECT group_concat(json_array(key, value) ORDER BY rowid) FROM tags WHERE tags.run_uuid = runs.run_uuid),
    EXISTS (SELECT 1 FROM inputs
      WHERE destination_type = 'RUN' AND destination_id = run_uuid AND source_type = 'DATASET'),
    EXISTS (SELECT 1 FROM inputs WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND source_id = run_uuid)
  FROM runs WHERE run_uuid`;

/** Returns the runs behind rows of the runs table, in their order, with three queries at most however many they are. */
export function loadRuns(db: MlflowDatabase, rows: readonly SqlRow[]): Run[] {
  const ids = rows.map((row) => String(row['run_uuid']));
  const logged = new Map(
    db.sql.rows(`${LOGGED} ${isOneOf(ids)}`, [idsAsValue(ids)]).map((row) => [String(row[0]), row]),
  );
  const having = (column: number) => ids.filter((id) => logged.get(id)?.[column] === 1);
  const datasets = loadDatasets(db, having(4));
  const links = loadModelLinks(db, having(5));
  return rows.map((row) => {
    const info = toInfo(row);
    const [, metrics, params, tags] = logged.get(info.runId) ?? [];
    return {
      info,
      metrics: toMetrics(metrics),
      params: toRecord(params),
      tags: toRecord(tags),
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

/** Returns the facts of a run from its row. */
export function toInfo(row: SqlRow): RunInfo {
  return {
    runId: String(row['run_uuid']),
    runName: String(row['name'] ?? ''),
    experimentId: String(row['experiment_id']),
    userId: String(row['user_id'] ?? ''),
    status: String(row['status']) as RunStatus,
    startTime: Number(row['start_time'] ?? 0),
    endTime: row['end_time'] === null ? null : Number(row['end_time']),
    artifactUri: String(row['artifact_uri'] ?? ''),
    lifecycleStage: row['lifecycle_stage'] === 'deleted' ? 'deleted' : 'active',
  };
}
