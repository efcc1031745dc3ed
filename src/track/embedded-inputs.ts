import { randomUUID } from 'node:crypto';
import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase, SqlRow } from '../storage/index.js';
import { checkDatasets } from './datasets.js';
import { idsAsValue, isOneOf } from './embedded-rows.js';
import { requireActiveRun } from './embedded-run-state.js';
import type { DatasetInput, ModelOutput } from './port.js';

/**
 * Links data sets to a run. An experiment keeps a data set of one name and digest once, and a run links to it once:
 * the first link's tags stay. Throws CONFLICT for a deleted run, INVALID_PARAMETER for what MLflow refuses.
 */
export function logInputs(
  db: MlflowDatabase,
  runId: string,
  inputs: { readonly datasets: readonly DatasetInput[]; readonly modelIds: readonly string[] },
): void {
  checkDatasets(inputs.datasets);
  const { experimentId } = requireActiveRun(db, runId);
  for (const dataset of inputs.datasets)
    linkDataset(db, { runId, datasetId: datasetIdOf(db, experimentId, dataset) }, dataset);
  for (const modelId of inputs.modelIds) {
    db.sql.run(`${NEW_INPUT} ON CONFLICT DO NOTHING`, [
      hexId(),
      'RUN_INPUT',
      runId,
      'MODEL_INPUT',
      modelId,
      0,
    ]);
  }
}

/** Links logged models to the run that made them. Throws ALREADY_EXISTS for one that is linked, CONFLICT for a deleted run. */
export function logOutputs(db: MlflowDatabase, runId: string, models: readonly ModelOutput[]): void {
  requireActiveRun(db, runId);
  for (const { modelId, step } of models) {
    const values = [hexId(), 'RUN_OUTPUT', runId, 'MODEL_OUTPUT', modelId, step];
    if (db.sql.run(`${NEW_INPUT} ON CONFLICT DO NOTHING`, values) === 1) continue;
    throw new PhantomNetError(
      'ALREADY_EXISTS',
      `model ${show(modelId)} is an output of run ${runId} already`,
      {
        hint: 'nothing to do: a model is linked once',
        details: { runId, modelId, mlflowCode: 'BAD_REQUEST' },
      },
    );
  }
}

const NEW_INPUT =
  'INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step) VALUES (?, ?, ?, ?, ?, ?)';

/** Returns the data sets of each run, in the order they were linked. */
export function loadDatasets(db: MlflowDatabase, runIds: readonly string[]): Map<string, DatasetInput[]> {
  if (runIds.length === 0) return new Map();
  const rows = db.sql.all(
    `SELECT inputs.destination_id AS run_id, inputs.input_uuid, datasets.name, datasets.digest,
       dataset_source_type, dataset_source, dataset_schema, dataset_profile,
       input_tags.name AS tag_name, input_tags.value AS tag_value
     FROM inputs
     JOIN datasets ON datasets.dataset_uuid = inputs.source_id
     LEFT JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid
     WHERE inputs.source_type = 'DATASET' AND inputs.destination_type = 'RUN'
       AND inputs.destination_id ${isOneOf(runIds)}
     ORDER BY inputs.rowid, input_tags.name`,
    [idsAsValue(runIds)],
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

/** Returns the logged models each run read and made, in the order they were linked. */
export function loadModelLinks(
  db: MlflowDatabase,
  runIds: readonly string[],
): Map<string, { readonly inputs: string[]; readonly outputs: ModelOutput[] }> {
  if (runIds.length === 0) return new Map();
  const rows = db.sql.rows(
    `SELECT source_id, source_type, destination_id, step FROM inputs
     WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND source_id ${isOneOf(runIds)}
     ORDER BY rowid`,
    [idsAsValue(runIds)],
  );
  const byRun = new Map<string, { inputs: string[]; outputs: ModelOutput[] }>();
  for (const [runId, type, modelId, step] of rows) {
    const links = byRun.get(String(runId)) ?? { inputs: [], outputs: [] };
    if (type === 'RUN_INPUT') links.inputs.push(String(modelId));
    else links.outputs.push({ modelId: String(modelId), step: Number(step) });
    byRun.set(String(runId), links);
  }
  return byRun;
}

/**
 * Returns a fresh id as MLflow writes them: 32 hex digits. The first 12 are the time in milliseconds, 74 bits are random:
 * what is new stands together in every index that begins with an id, and there a write changes few pages.
 */
export function hexId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return time + randomUUID().replaceAll('-', '').slice(12);
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
  const values = [inputId, 'DATASET', link.datasetId, 'RUN', link.runId, 0];
  const written = db.sql.run(`${NEW_INPUT} ON CONFLICT DO NOTHING`, values);
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
