import { randomUUID } from 'node:crypto';
import type { MlflowDatabase, SqlRow } from '../storage/index.js';
import { checkDatasets } from './datasets.js';
import { experimentNumber } from './embedded-experiments.js';
import { requireActiveRun } from './embedded-run-state.js';
import type { DatasetInput } from './port.js';

/**
 * Links data sets to a run. An experiment keeps a data set of one name and digest once, and a run links to it once:
 * the first link's tags stay. Throws CONFLICT for a deleted run, INVALID_PARAMETER for what MLflow refuses.
 */
export function logInputs(db: MlflowDatabase, runId: string, datasets: readonly DatasetInput[]): void {
  checkDatasets(datasets);
  const experimentId = experimentNumber(String(requireActiveRun(db, runId)['experiment_id']));
  for (const dataset of datasets)
    linkDataset(db, { runId, datasetId: datasetIdOf(db, experimentId, dataset) }, dataset);
}

/** Returns the data sets of each run, in the order of their names. */
export function loadDatasets(db: MlflowDatabase, runIds: readonly string[]): Map<string, DatasetInput[]> {
  const rows = db.sql.all(
    `SELECT inputs.destination_id AS run_id, inputs.input_uuid, datasets.name, datasets.digest,
       dataset_source_type, dataset_source, dataset_schema, dataset_profile,
       input_tags.name AS tag_name, input_tags.value AS tag_value
     FROM inputs
     JOIN datasets ON datasets.dataset_uuid = inputs.source_id
     LEFT JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid
     WHERE inputs.source_type = 'DATASET' AND inputs.destination_type = 'RUN'
       AND inputs.destination_id IN (SELECT value FROM json_each(?))
     ORDER BY datasets.name, datasets.digest, inputs.input_uuid, input_tags.name`,
    [JSON.stringify(runIds)],
  );
  const byInput = new Map<string, SqlRow[]>();
  for (const row of rows) {
    const id = String(row['input_uuid']);
    byInput.set(id, [...(byInput.get(id) ?? []), row]);
  }
  const byRun = new Map<string, DatasetInput[]>();
  for (const own of byInput.values()) {
    const runId = String(own[0]!['run_id']);
    byRun.set(runId, [...(byRun.get(runId) ?? []), toDataset(own)]);
  }
  return byRun;
}

/** Returns the ids of the logged models each run made, in the order they were made. */
export function loadModelOutputs(db: MlflowDatabase, runIds: readonly string[]): Map<string, string[]> {
  const rows = db.sql.all(
    `SELECT source_id, destination_id FROM inputs
     WHERE source_type = 'RUN_OUTPUT' AND destination_type = 'MODEL_OUTPUT'
       AND source_id IN (SELECT value FROM json_each(?))
     ORDER BY rowid`,
    [JSON.stringify(runIds)],
  );
  const byRun = new Map<string, string[]>();
  for (const row of rows) {
    const runId = String(row['source_id']);
    byRun.set(runId, [...(byRun.get(runId) ?? []), String(row['destination_id'])]);
  }
  return byRun;
}

/** Returns a fresh id as MLflow writes them: 32 hex digits. */
export function hexId(): string {
  return randomUUID().replaceAll('-', '');
}

function datasetIdOf(db: MlflowDatabase, experimentId: number, dataset: DatasetInput): string {
  const known = db.sql.get(
    'SELECT dataset_uuid FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?',
    [experimentId, dataset.name, dataset.digest],
  );
  if (known !== undefined) return String(known['dataset_uuid']);
  const id = hexId();
  db.sql.run(
    `INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source,
       dataset_schema, dataset_profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      experimentId,
      dataset.name,
      dataset.digest,
      dataset.sourceType,
      dataset.source,
      dataset.schema ?? null,
      dataset.profile ?? null,
    ],
  );
  return id;
}

function linkDataset(
  db: MlflowDatabase,
  link: { readonly runId: string; readonly datasetId: string },
  dataset: DatasetInput,
): void {
  const inputId = hexId();
  const written = db.sql.run(
    `INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
     VALUES (?, 'DATASET', ?, 'RUN', ?, 0) ON CONFLICT DO NOTHING`,
    [inputId, link.datasetId, link.runId],
  );
  if (written === 0) return;
  for (const [name, value] of Object.entries(dataset.tags)) {
    db.sql.run('INSERT INTO input_tags (input_uuid, name, value) VALUES (?, ?, ?)', [inputId, name, value]);
  }
}

function toDataset(rows: readonly SqlRow[]): DatasetInput {
  const first = rows[0]!;
  const tagged = rows.filter((row) => row['tag_name'] !== null);
  return {
    name: String(first['name']),
    digest: String(first['digest']),
    sourceType: String(first['dataset_source_type']),
    source: String(first['dataset_source']),
    ...(first['dataset_schema'] === null ? {} : { schema: String(first['dataset_schema']) }),
    ...(first['dataset_profile'] === null ? {} : { profile: String(first['dataset_profile']) }),
    tags: Object.fromEntries(tagged.map((row) => [String(row['tag_name']), String(row['tag_value'])])),
  };
}
