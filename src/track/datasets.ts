import { invalidParameter } from '../core/index.js';
import { isLongerThan, LIMITS } from '../mlflow/index.js';
import type { DatasetInput } from './port.js';

/** Throws INVALID_PARAMETER unless every data set has a name and digest and fits MLflow's limits. */
export function checkDatasets(datasets: readonly DatasetInput[]): void {
  datasets.forEach((dataset, index) => {
    const where = `datasets[${index}]`;
    checkText(`${where} name`, dataset.name, { min: 1, max: LIMITS.datasetNameLength });
    checkText(`${where} digest`, dataset.digest, { min: 1, max: LIMITS.datasetDigestLength });
    checkText(`${where} source`, dataset.source, { min: 0, max: LIMITS.datasetSourceLength });
    checkText(`${where} schema`, dataset.schema ?? '', { min: 0, max: LIMITS.datasetSchemaLength });
    checkText(`${where} profile`, dataset.profile ?? '', { min: 0, max: LIMITS.datasetProfileLength });
    for (const [key, value] of Object.entries(dataset.tags)) {
      checkText(`${where} tag key`, key, { min: 1, max: LIMITS.inputTagKeyLength });
      checkText(`${where} tag '${key}'`, value, { min: 0, max: LIMITS.inputTagValueLength });
    }
  });
}

function checkText(what: string, text: string, { min, max }: { min: number; max: number }): void {
  if (text.length < min || isLongerThan(text, max))
    invalidParameter(what, `${min} to ${max} characters`, text);
}
