import { given } from '../../core/index.js';
import {
  checkLoggedModelName,
  doubleToWire,
  loggedModelEndpoints,
  toPairs,
  toRecord,
} from '../../mlflow/index.js';
import type { LoggedModel, LoggedModelStatus, ModelMetric } from '../../track/index.js';
import { type Route, route } from '../http/route.js';
import { checkTakesWrites, toUniqueRecordAfter } from './runs-pairs.js';
import { toSearchQuery } from './search-query.js';

/** The calls on logged models, without those on their artifacts. */
export const loggedModelRoutes: readonly Route[] = [
  route(loggedModelEndpoints.createLoggedModel, async (request, { tracking }) => {
    const { name, experiment_id: experimentId } = request;
    const check = async () => {
      if (name !== '') checkLoggedModelName(name);
      await checkTakesWrites(tracking, experimentId);
    };
    const model = await tracking.createLoggedModel({
      experimentId,
      ...(name === '' ? {} : { name }),
      modelType: request.model_type,
      sourceRunId: request.source_run_id,
      // MLflow's clients link the run's output by a call of its own.
      isOutput: false,
      params: await toUniqueRecordAfter(check, request.params, 'BAD_REQUEST'),
      tags: await toUniqueRecordAfter(check, request.tags, 'BAD_REQUEST'),
    });
    return { model: modelToWire(model) };
  }),
  route(loggedModelEndpoints.searchLoggedModels, async (request, { tracking }) => {
    const { order_by: orderBy, ...rest } = request;
    const { orderBy: _, ...query } = toSearchQuery(rest);
    const { items, nextPageToken } = await tracking.searchLoggedModels({
      ...query,
      experimentIds: request.experiment_ids,
      ...given({ datasets: request.datasets?.map(toDatasetFilter), orderBy: orderBy?.map(toOrder) }),
    });
    return {
      models: items.length === 0 ? undefined : items.map(modelToWire),
      next_page_token: nextPageToken,
    };
  }),
  route(loggedModelEndpoints.getLoggedModel, async ({ model_id, allow_deleted }, { tracking }) => {
    const allowDeleted = String(allow_deleted ?? '').toLowerCase() === 'true';
    return { model: modelToWire(await tracking.getLoggedModel(model_id, { allowDeleted })) };
  }),
  route(loggedModelEndpoints.finalizeLoggedModel, async ({ model_id, status }, { tracking }) => ({
    model: modelToWire(await tracking.finalizeLoggedModel(model_id, STATUS_OF_WORD[status])),
  })),
  route(loggedModelEndpoints.deleteLoggedModel, async ({ model_id }, { tracking }) => {
    await tracking.deleteLoggedModel(model_id);
    return {};
  }),
  route(loggedModelEndpoints.logLoggedModelParams, async ({ model_id, params }, { tracking }) => {
    const check = () => tracking.getLoggedModel(model_id, { allowDeleted: true });
    await tracking.logLoggedModelParams(model_id, await toUniqueRecordAfter(check, params, 'BAD_REQUEST'));
    return {};
  }),
  route(loggedModelEndpoints.setLoggedModelTags, async ({ model_id, tags }, { tracking }) => {
    await tracking.setLoggedModelTags(model_id, toRecord(tags));
    return {};
  }),
  route(loggedModelEndpoints.deleteLoggedModelTag, async ({ model_id, tag_key }, { tracking }) => {
    await tracking.deleteLoggedModelTag(model_id, decodeSegment(tag_key));
    return {};
  }),
];

const STATUS_OF_WORD = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'UNSPECIFIED',
  LOGGED_MODEL_PENDING: 'PENDING',
  LOGGED_MODEL_READY: 'READY',
  LOGGED_MODEL_UPLOAD_FAILED: 'UPLOAD_FAILED',
} as const satisfies Record<string, LoggedModelStatus>;

const WORD_OF_STATUS = {
  UNSPECIFIED: 'LOGGED_MODEL_STATUS_UNSPECIFIED',
  PENDING: 'LOGGED_MODEL_PENDING',
  READY: 'LOGGED_MODEL_READY',
  UPLOAD_FAILED: 'LOGGED_MODEL_UPLOAD_FAILED',
} as const;

function modelToWire(model: LoggedModel) {
  return {
    info: {
      model_id: model.modelId,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.creationTime,
      last_updated_timestamp_ms: model.lastUpdatedTime,
      artifact_uri: model.artifactUri,
      status: WORD_OF_STATUS[model.status],
      model_type: model.modelType,
      source_run_id: model.sourceRunId,
      tags: toPairs(model.tags),
    },
    data: {
      params: toPairs(model.params),
      metrics: model.metrics.length === 0 ? undefined : model.metrics.map(modelMetricToWire),
    },
  };
}

function modelMetricToWire(metric: ModelMetric) {
  return {
    key: metric.key,
    value: doubleToWire(metric.value),
    timestamp: metric.timestamp,
    step: metric.step,
    dataset_name: metric.datasetName,
    dataset_digest: metric.datasetDigest,
    model_id: metric.modelId,
    run_id: metric.runId,
  };
}

function toDatasetFilter(dataset: {
  readonly dataset_name: string;
  readonly dataset_digest?: string | undefined;
}) {
  const { dataset_name: datasetName, dataset_digest: datasetDigest } = dataset;
  return { datasetName, ...(datasetDigest ? { datasetDigest } : {}) };
}

function toOrder(order: {
  readonly field_name: string;
  readonly ascending?: boolean | undefined;
  readonly dataset_name?: string | undefined;
  readonly dataset_digest?: string | undefined;
}) {
  return {
    fieldName: order.field_name,
    ...(order.ascending === undefined ? {} : { ascending: order.ascending }),
    ...(order.dataset_name ? { datasetName: order.dataset_name } : {}),
    ...(order.dataset_digest ? { datasetDigest: order.dataset_digest } : {}),
  };
}

/** What is not well encoded is no tag's key, and so is not found. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
