import { PhantomNetError } from '../core/index.js';
import {
  checkExperimentId,
  trackingEndpoints as endpoints,
  type Page,
  prepareBatch,
  prepareRunTags,
  type RestClient,
  splitBatch,
  toKeyValues,
  toPage,
  toSearchRequest,
} from '../mlflow/index.js';
import { checkDatasets } from './datasets.js';
import type { LogBatch, Run, RunQuery, TrackingStore } from './port.js';
import { toDatasetSummary, toRun, toRunInfo } from './rest-convert.js';
import { restMetrics } from './rest-metrics.js';
import { asAlreadyThere, explainDeletedExperiment, explainRefusedWrite } from './rest-refusals.js';

/** The part of the tracking port that is about runs. */
type RunCalls = Pick<
  TrackingStore,
  | 'createRun'
  | 'getRun'
  | 'updateRun'
  | 'deleteRun'
  | 'restoreRun'
  | 'searchRuns'
  | 'logBatch'
  | 'deleteTag'
  | 'getMetricHistory'
  | 'getMetricHistoryPage'
  | 'getMetricHistoryText'
  | 'sampleMetricHistory'
  | 'logInputs'
  | 'logOutputs'
  | 'recordLoggedModel'
  | 'searchDatasets'
  | 'purgeRun'
>;

/** Returns the calls on runs that an MLflow server answers. */
export function restRuns(client: RestClient): RunCalls {
  const getRun = async (runId: string) => toRun((await client.call(endpoints.getRun, { run_id: runId })).run);
  const write = async <T>(runId: string, call: () => Promise<T>, batch?: LogBatch): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw await explainRefusedWrite(error, () => getRun(runId), batch);
    }
  };
  return {
    getRun,
    createRun: (options) => createRun(client, options),
    updateRun: async (runId, { status, endTime, runName }) => {
      const request = {
        run_id: runId,
        ...(status === undefined ? {} : { status }),
        ...(endTime === undefined ? {} : { end_time: endTime }),
        ...(runName === undefined ? {} : { run_name: runName }),
      };
      const { run_info } = await write(runId, () => client.call(endpoints.updateRun, request));
      return toRunInfo(run_info);
    },
    deleteRun: async (runId) => void (await client.call(endpoints.deleteRun, { run_id: runId })),
    restoreRun: async (runId) => void (await client.call(endpoints.restoreRun, { run_id: runId })),
    searchRuns: (query) => searchRuns(client, query),
    searchDatasets: async (experimentIds) => {
      const request = { experiment_ids: [...experimentIds] };
      const { dataset_summaries } = await client.call(endpoints.searchDatasets, request);
      return dataset_summaries.map(toDatasetSummary);
    },
    logBatch: async (runId, batch) => {
      const prepared = prepareBatch(batch);
      const asSent = { params: Object.fromEntries(prepared.params) };
      await write(runId, () => sendBatches(client, runId, prepared), asSent);
    },
    deleteTag: async (runId, key) => {
      await write(runId, () => client.call(endpoints.deleteTag, { run_id: runId, key }));
    },
    ...restMetrics(client),
    logInputs: async (runId, datasets, modelIds = []) => {
      checkDatasets(datasets);
      const sent = datasets.map(({ sourceType, tags, ...rest }) => ({
        tags: toKeyValues(tags),
        dataset: { ...rest, source_type: sourceType },
      }));
      const models = modelIds.map((id) => ({ model_id: id }));
      await write(runId, () => client.call(endpoints.logInputs, { run_id: runId, datasets: sent, models }));
    },
    logOutputs: async (runId, models) => {
      const sent = models.map(({ modelId, step }) => ({ model_id: modelId, step }));
      await write(runId, () => client.call(endpoints.logOutputs, { run_id: runId, models: sent })).catch(
        (error: unknown) => {
          throw asAlreadyThere(error);
        },
      );
    },
    recordLoggedModel: async (runId, modelJson) => {
      await write(runId, () => client.call(endpoints.logModel, { run_id: runId, model_json: modelJson }));
    },
    purgeRun: async (runId) => {
      throw new PhantomNetError(
        'UNSUPPORTED',
        `an MLflow server cannot remove run ${runId} for good by its API`,
        {
          hint: 'run `phantomnet gc --apply` or `mlflow gc` where the server runs, on its store',
          details: { runId },
        },
      );
    },
  };
}

async function createRun(
  client: RestClient,
  options: Parameters<TrackingStore['createRun']>[0],
): Promise<Run> {
  const { experimentId, runName, startTime = Date.now(), userId = '', tags = {} } = options;
  checkExperimentId(experimentId);
  const sentTags = prepareRunTags(tags).map(([key, value]) => ({ key, value }));
  try {
    const answer = await client.call(endpoints.createRun, {
      experiment_id: experimentId,
      user_id: userId,
      start_time: startTime,
      tags: sentTags,
      ...(runName === undefined ? {} : { run_name: runName }),
    });
    return toRun(answer.run);
  } catch (error) {
    throw await explainDeletedExperiment(client, experimentId, error);
  }
}

async function sendBatches(
  client: RestClient,
  runId: string,
  batch: ReturnType<typeof prepareBatch>,
): Promise<void> {
  for (const request of splitBatch(batch))
    await client.call(endpoints.logBatch, { run_id: runId, ...request });
}

async function searchRuns(client: RestClient, query: RunQuery): Promise<Page<Run>> {
  query.experimentIds.forEach(checkExperimentId);
  const answer = await client.call(endpoints.searchRuns, {
    ...toSearchRequest(query),
    experiment_ids: [...query.experimentIds],
    run_view_type: query.viewType ?? 'ACTIVE_ONLY',
  });
  return toPage(answer.runs.map(toRun), answer.next_page_token);
}
