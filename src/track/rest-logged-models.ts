import {
  checkExperimentId,
  checkLoggedModelName,
  type DatasetFilter,
  loggedModelEndpoints as endpoints,
  type LoggedModelOrder,
  type RestClient,
  toKeyValues,
  toPage,
  toSearchRequest,
  trackingEndpoints,
} from '../mlflow/index.js';
import type { ArtifactStore, LoggedModel, TrackingStore } from './port.js';
import { toLoggedModel } from './rest-convert.js';
import { asAlreadyThere } from './rest-refusals.js';

/** The part of the tracking port that is about logged models. */
type LoggedModelCalls = Pick<
  TrackingStore,
  | 'createLoggedModel'
  | 'getLoggedModel'
  | 'searchLoggedModels'
  | 'finalizeLoggedModel'
  | 'logLoggedModelParams'
  | 'setLoggedModelTags'
  | 'deleteLoggedModelTag'
  | 'deleteLoggedModel'
  | 'purgeLoggedModel'
>;

/** Returns the calls on logged models that an MLflow server (3.0 or later) answers. */
export function restLoggedModels(
  client: RestClient,
  artifacts: (artifactUri: string) => ArtifactStore,
): LoggedModelCalls {
  const getLoggedModel: LoggedModelCalls['getLoggedModel'] = async (modelId, options = {}) => {
    const request = { model_id: modelId, ...(options.allowDeleted ? { allow_deleted: true } : {}) };
    return toLoggedModel((await client.call(endpoints.getLoggedModel, request)).model);
  };
  return {
    getLoggedModel,
    searchLoggedModels: async ({ experimentIds, orderBy, datasets, ...query }) => {
      experimentIds.forEach(checkExperimentId);
      const answer = await client.call(endpoints.searchLoggedModels, {
        ...toSearchRequest(query),
        experiment_ids: [...experimentIds],
        order_by: orderBy?.map(toWireOrder),
        datasets: datasets?.map(toWireDataset),
      });
      return toPage(answer.models.map(toLoggedModel), answer.next_page_token);
    },
    createLoggedModel: (options) => createLoggedModel(client, options),
    finalizeLoggedModel: async (modelId, status) => {
      const wireStatus = `LOGGED_MODEL_${status}` as const;
      const { model } = await client.call(endpoints.finalizeLoggedModel, {
        model_id: modelId,
        status: wireStatus,
      });
      return toLoggedModel(model);
    },
    logLoggedModelParams: async (modelId, params) => {
      const request = { model_id: modelId, params: toKeyValues(params) };
      await client.call(endpoints.logLoggedModelParams, request).catch((error: unknown) => {
        throw asAlreadyThere(error);
      });
    },
    setLoggedModelTags: async (modelId, tags) => {
      await client.call(endpoints.setLoggedModelTags, { model_id: modelId, tags: toKeyValues(tags) });
    },
    deleteLoggedModelTag: async (modelId, key) => {
      await client.call(endpoints.deleteLoggedModelTag, { model_id: modelId, tag_key: key });
    },
    deleteLoggedModel: async (modelId) => {
      await client.call(endpoints.deleteLoggedModel, { model_id: modelId });
    },
    purgeLoggedModel: async (modelId) => {
      const { artifactUri } = await getLoggedModel(modelId);
      // Bytes first: when this fails half-way, the model is still there to be deleted again.
      await artifacts(artifactUri).removeAll();
      await client.call(endpoints.deleteLoggedModel, { model_id: modelId });
    },
  };
}

function toWireOrder({ fieldName, ascending = true, datasetName, datasetDigest }: LoggedModelOrder) {
  return {
    field_name: fieldName,
    ascending,
    ...(datasetName === undefined ? {} : { dataset_name: datasetName }),
    ...(datasetDigest === undefined ? {} : { dataset_digest: datasetDigest }),
  };
}

function toWireDataset({ datasetName, datasetDigest }: DatasetFilter) {
  return {
    dataset_name: datasetName,
    ...(datasetDigest === undefined ? {} : { dataset_digest: datasetDigest }),
  };
}

async function createLoggedModel(
  client: RestClient,
  options: Parameters<TrackingStore['createLoggedModel']>[0],
): Promise<LoggedModel> {
  const { experimentId, name, modelType, sourceRunId, params, tags } = options;
  const isOutput = options.isOutput ?? Boolean(sourceRunId);
  checkExperimentId(experimentId);
  if (name !== undefined) checkLoggedModelName(name);
  // MLflow takes any run id here and refuses it only when the output is linked, which would leave an orphan.
  if (isOutput) await client.call(trackingEndpoints.getRun, { run_id: sourceRunId });
  const { model } = await client.call(endpoints.createLoggedModel, {
    experiment_id: experimentId,
    ...(name === undefined ? {} : { name }),
    ...(modelType === undefined ? {} : { model_type: modelType }),
    ...(sourceRunId === undefined ? {} : { source_run_id: sourceRunId }),
    params: toKeyValues(params),
    tags: toKeyValues(tags),
  });
  if (isOutput && sourceRunId !== undefined) {
    const outputs = [{ model_id: model.info.model_id, step: 0 }];
    await client.call(trackingEndpoints.logOutputs, { run_id: sourceRunId, models: outputs });
  }
  return toLoggedModel(model);
}
