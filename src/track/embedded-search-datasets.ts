import { invalidParameter } from '../core/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { experimentNumber } from './embedded-experiments.js';
import { amongExperiments } from './embedded-search-conditions.js';
import type { DatasetSummary } from './port.js';

/** MLflow's limits: experiments of one request, data sets of one answer. */
const MOST = { experiments: 20, datasets: 1_000 } as const;

/**
 * Returns the data sets that runs of these experiments used, each once for every context, by name, digest and context;
 * at most 1,000. Throws INVALID_PARAMETER for none and for more than 20 experiments.
 */
export function searchDatasets(db: MlflowDatabase, experimentIds: readonly string[]): DatasetSummary[] {
  if (experimentIds.length === 0 || experimentIds.length > MOST.experiments) {
    invalidParameter('experiment_ids', `1 to ${MOST.experiments} ids`, experimentIds.length);
  }
  const among = amongExperiments('datasets.experiment_id', experimentIds.map(experimentNumber));
  const rows = db.sql.all(
    `SELECT DISTINCT datasets.experiment_id, datasets.name, datasets.digest, input_tags.value AS context
     FROM datasets
     JOIN inputs ON inputs.source_type = 'DATASET' AND inputs.source_id = datasets.dataset_uuid
     LEFT JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid AND input_tags.name = 'mlflow.data.context'
     WHERE ${among.sql} ORDER BY 2, 3, 4, 1 LIMIT ${MOST.datasets}`,
    among.values,
  );
  return rows.map((row) => ({
    experimentId: String(row['experiment_id']),
    name: String(row['name']),
    digest: String(row['digest']),
    ...(row['context'] === null ? {} : { context: String(row['context']) }),
  }));
}
