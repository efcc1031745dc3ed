import { invalidParameter, show } from '../core/index.js';
import { isLongerThan, LIMITS } from '../mlflow/index.js';
import type { DatasetInput } from './port.js';

/** Throws INVALID_PARAMETER unless every data set fits MLflow's limits; it takes empty names and digests. */
export function checkDatasets(datasets: readonly DatasetInput[]): void {
  datasets.forEach((dataset, index) => {
    const where = `datasets[${index}]`;
    checkText(`${where} name`, dataset.name, LIMITS.datasetNameLength);
    checkText(`${where} digest`, dataset.digest, LIMITS.datasetDigestLength);
    checkText(`${where} source`, dataset.source, LIMITS.datasetSourceLength);
    checkText(`${where} schema`, dataset.schema ?? '', LIMITS.datasetSchemaLength);
    checkText(`${where} profile`, dataset.profile ?? '', LIMITS.datasetProfileLength);
    for (const [key, value] of Object.entries(dataset.tags)) {
      checkText(`${where} tag key`, key, LIMITS.inputTagKeyLength);
      checkText(`${where} tag ${show(key)}`, value, LIMITS.inputTagValueLength);
    }
  });
}

function checkText(what: string, text: string, max: number): void {
  if (isLongerThan(text, max)) invalidParameter(what, `at most ${max} characters`, text);
}
