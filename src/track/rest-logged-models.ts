import {
  checkExperimentId,
  checkLoggedModelName,
  type DatasetFilter,
  loggedModelEndpoints as endpoints,
  type LoggedModelOrder,
  prepareRunTags,
  type RestClient,
  toKeyValues,
  toPage,
  toSearchRequest,
  trackingEndpoints,
} from '../mlflow/index.js';
import type { ArtifactStore, LoggedModel, TrackingStore } from './port.js';
import { toLoggedModel } from './rest-convert.js';

/** The part of the tracking port that is about logged models. */
export type LoggedModelCalls = Pick<
  TrackingStore,
  | 'createLoggedModel'
  | 'getLoggedModel'
  | 'searchLoggedModels'
  | 'finalizeLoggedModel'
  | 'setLoggedModelTags'
  | 'deleteLoggedModel'
>;

/** Returns the calls on logged models that an MLflow server (3.0 or later) answers. */
export function restLoggedModels(
  client: RestClient,
  artifacts: (artifactUri: string) => ArtifactStore,
): LoggedModelCalls {
  const getLoggedModel = async (modelId: string): Promise<LoggedModel> =>
    toLoggedModel((await client.call(endpoints.getLoggedModel, { model_id: modelId })).model);
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
    createLoggedModel: async ({ experimentId, name, sourceRunId, params, tags }) => {
      checkExperimentId(experimentId);
      checkLoggedModelName(name);
      const sentTags = prepareRunTags(tags ?? {}).map(([key, value]) => ({ key, value }));
      // MLflow takes any run id here and refuses it only when the output is linked, which would leave an orphan.
      await client.call(trackingEndpoints.getRun, { run_id: sourceRunId });
      const { model } = await client.call(endpoints.createLoggedModel, {
        experiment_id: experimentId,
        name,
        source_run_id: sourceRunId,
        params: toKeyValues(params),
        tags: sentTags,
      });
      const outputs = [{ model_id: model.info.model_id, step: 0 }];
      await client.call(trackingEndpoints.logOutputs, { run_id: sourceRunId, models: outputs });
      return toLoggedModel(model);
    },
    finalizeLoggedModel: async (modelId, status) => {
      const wireStatus = `LOGGED_MODEL_${status}` as const;
      const { model } = await client.call(endpoints.finalizeLoggedModel, {
        model_id: modelId,
        status: wireStatus,
      });
      return toLoggedModel(model);
    },
    setLoggedModelTags: async (modelId, tags) => {
      const sentTags = prepareRunTags(tags).map(([key, value]) => ({ key, value }));
      await client.call(endpoints.setLoggedModelTags, { model_id: modelId, tags: sentTags });
    },
    deleteLoggedModel: async (modelId) => {
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
