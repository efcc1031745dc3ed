import { toRecord, trackingEndpoints } from '../../mlflow/index.js';
import { type Route, route } from '../http/route.js';
import { checkRunId } from './metrics.js';

/** The calls that say what a run read and made. */
export const inputRoutes: readonly Route[] = [
  route(trackingEndpoints.logInputs, async ({ run_id, datasets, models }, { tracking }) => {
    checkRunId(run_id);
    const inputs = datasets.map(({ tags, dataset }) => ({
      name: dataset.name,
      digest: dataset.digest,
      sourceType: dataset.source_type,
      source: dataset.source,
      ...(dataset.schema === undefined ? {} : { schema: dataset.schema }),
      ...(dataset.profile === undefined ? {} : { profile: dataset.profile }),
      tags: toRecord(tags),
    }));
    const modelIds = models.map((model) => model.model_id);
    await tracking.logInputs(run_id, inputs, modelIds);
    return {};
  }),
  route(trackingEndpoints.logOutputs, async ({ run_id, models }, { tracking }) => {
    const outputs = models.map(({ model_id, step }) => ({ modelId: model_id, step }));
    await tracking.logOutputs(run_id, outputs);
    return {};
  }),
  route(trackingEndpoints.logModel, async ({ run_id, model_json }, { tracking }) => {
    await tracking.recordLoggedModel(run_id, model_json);
    return {};
  }),
];
