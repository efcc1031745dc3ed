import type { MlflowDatabase, SqlRow } from '../storage/index.js';
import { loadDatasets, loadModelLinks } from './embedded-inputs.js';
import { latestMetrics } from './embedded-metrics.js';
import { loadRecords } from './embedded-rows.js';
import type { Run, RunInfo, RunStatus } from './port.js';

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

/** Returns the runs behind rows of the runs table, in their order, with five queries however many they are. */
export function loadRuns(db: MlflowDatabase, rows: readonly SqlRow[]): Run[] {
  const ids = rows.map((row) => String(row['run_uuid']));
  const metrics = latestMetrics(db, ids);
  const params = loadRecords(db, { table: 'params', ids });
  const tags = loadRecords(db, { table: 'tags', ids });
  const datasets = loadDatasets(db, ids);
  const links = loadModelLinks(db, ids);
  return rows.map((row) => {
    const info = toInfo(row);
    return {
      info,
      metrics: metrics.get(info.runId) ?? {},
      params: params.get(info.runId) ?? {},
      tags: tags.get(info.runId) ?? {},
      datasets: datasets.get(info.runId) ?? [],
      modelInputs: links.get(info.runId)?.inputs ?? [],
      modelOutputs: links.get(info.runId)?.outputs ?? [],
    };
  });
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
