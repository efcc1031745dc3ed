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
import type { LogBatch, Metric, Run, RunQuery, TrackingStore } from './port.js';
import { toDatasetSummary, toExperiment, toRun } from './rest-convert.js';
import { explainRefusedWrite } from './rest-refusals.js';

/** The part of the tracking port that is about runs. */
export type RunCalls = Pick<
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
  | 'logInputs'
  | 'searchDatasets'
  | 'purgeRun'
>;

const POINTS_PER_PAGE = 25_000;

/** Returns the calls on runs that an MLflow server answers. */
export function restRuns(client: RestClient): RunCalls {
  const getRun = async (runId: string) => toRun((await client.call(endpoints.getRun, { run_id: runId })).run);
  const write = async (runId: string, call: () => Promise<unknown>, batch?: LogBatch): Promise<void> => {
    try {
      await call();
    } catch (error) {
      throw await explainRefusedWrite(error, () => getRun(runId), batch);
    }
  };
  return {
    getRun,
    createRun: (options) => createRun(client, options),
    updateRun: (runId, { status, endTime, runName }) =>
      write(runId, () =>
        client.call(endpoints.updateRun, {
          run_id: runId,
          ...(status === undefined ? {} : { status }),
          ...(endTime === undefined ? {} : { end_time: endTime }),
          ...(runName === undefined ? {} : { run_name: runName }),
        }),
      ),
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
    deleteTag: (runId, key) => write(runId, () => client.call(endpoints.deleteTag, { run_id: runId, key })),
    getMetricHistory: (runId, key) => getMetricHistory(client, runId, key),
    logInputs: async (runId, datasets) => {
      checkDatasets(datasets);
      const sent = datasets.map(({ sourceType, tags, ...rest }) => ({
        tags: toKeyValues(tags),
        dataset: { ...rest, source_type: sourceType },
      }));
      await write(runId, () => client.call(endpoints.logInputs, { run_id: runId, datasets: sent }));
    },
    purgeRun: async (runId) => {
      throw new PhantomNetError(
        'UNSUPPORTED',
        `an MLflow server cannot remove run ${runId} for good by its API`,
        {
          hint: 'run `mlflow gc` where the server runs',
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
    throw await explainRefusedStart(client, experimentId, error);
  }
}

async function explainRefusedStart(
  client: RestClient,
  experimentId: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof PhantomNetError) || error.code !== 'INVALID_PARAMETER') return error;
  const found = await client
    .call(endpoints.getExperiment, { experiment_id: experimentId })
    .catch(() => undefined);
  if (found === undefined) return error;
  const { name, lifecycleStage } = toExperiment(found.experiment);
  if (lifecycleStage !== 'deleted') return error;
  return new PhantomNetError('CONFLICT', `experiment '${name}' (id ${experimentId}) is deleted`, {
    hint: 'restore it or choose another name',
    details: { experimentId, name },
    cause: error,
  });
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

async function getMetricHistory(client: RestClient, runId: string, key: string): Promise<Metric[]> {
  const points: Metric[] = [];
  let pageToken = '';
  do {
    const page = await client.call(endpoints.getMetricHistory, {
      run_id: runId,
      metric_key: key,
      max_results: POINTS_PER_PAGE,
      ...(pageToken === '' ? {} : { page_token: pageToken }),
    });
    for (const point of page.metrics) points.push(point);
    pageToken = page.next_page_token;
  } while (pageToken !== '');
  return points.sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
}
