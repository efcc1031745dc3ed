import { randomUUID } from 'node:crypto';
import { PhantomNetError, show } from '../core/index.js';
import { bytesOf, fromPage, type MlflowDatabase, type SqlValue } from '../storage/index.js';
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

/** The texts of the data sets of a page's runs, for `withinBudget`. `+` keeps SQLite from the index of all data sets. */
export const DATASET_TEXTS = `SELECT runs.rowid AS item,
    (SELECT total(bytes) FROM (SELECT ${bytesOf('name', 'value')} FROM input_tags WHERE input_uuid = i.input_uuid)) +
    ${bytesOf('d.name', 'd.digest', 'dataset_source_type', 'dataset_source', 'dataset_schema', 'dataset_profile')}
  ${fromPage('runs')}
  CROSS JOIN inputs AS i
    ON i.destination_type = 'RUN' AND i.destination_id = runs.run_uuid AND +i.source_type = 'DATASET'
  CROSS JOIN datasets AS d ON d.dataset_uuid = i.source_id`;

/** The ids of the models that a page's runs read and made, for `withinBudget`. */
export const MODEL_LINK_TEXTS = `SELECT runs.rowid AS item, ${bytesOf('i.destination_id')} ${fromPage('runs')}
  CROSS JOIN inputs AS i ON i.source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND i.source_id = runs.run_uuid`;

/** Returns the data sets of each run, in the order they were linked. */
export function loadDatasets(db: MlflowDatabase, runIds: readonly string[]): Map<string, DatasetInput[]> {
  if (runIds.length === 0) return new Map();
  const rows = db.sql.rows(
    `SELECT inputs.destination_id, datasets.name, datasets.digest, dataset_source_type, dataset_source,
       dataset_schema, dataset_profile,
       (SELECT json_group_array(json_array(name, value) ORDER BY name) FROM input_tags
          WHERE input_uuid = inputs.input_uuid)
     FROM inputs
     JOIN datasets ON datasets.dataset_uuid = inputs.source_id
     WHERE inputs.source_type = 'DATASET' AND inputs.destination_type = 'RUN'
       AND inputs.destination_id ${isOneOf(runIds)}
     ORDER BY inputs.rowid`,
    [idsAsValue(runIds)],
  );
  const byRun = new Map<string, DatasetInput[]>();
  for (const [runId, ...dataset] of rows) {
    const own = byRun.get(String(runId)) ?? [];
    own.push(toDataset(dataset));
    byRun.set(String(runId), own);
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

function toDataset(row: readonly SqlValue[]): DatasetInput {
  const [name, digest, sourceType, source, schema, profile, tags] = row;
  return {
    name: String(name),
    digest: String(digest),
    sourceType: String(sourceType),
    source: String(source),
    ...(schema === null ? {} : { schema: String(schema) }),
    ...(profile === null ? {} : { profile: String(profile) }),
    tags: Object.fromEntries(JSON.parse(String(tags)) as [string, string][]),
  };
}
