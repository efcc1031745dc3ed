import { invalidParameter } from '../../core/index.js';
import { LIMITS, toRecord, trackingEndpoints } from '../../mlflow/index.js';
import type { Metric } from '../../track/index.js';
import { JsonText } from '../http/answer.js';
import { type Route, route } from '../http/route.js';
import { toUniqueRecord } from './runs-pairs.js';
import { metricToWire } from './runs-to-wire.js';

/** What MLflow gives at most of one curve. */
const MAX_SAMPLED_POINTS = 2_500;
/** What MLflow gives at most of whole histories. */
const MAX_BULK_POINTS = 25_000;
const RUN_ID = /^[a-zA-Z0-9][\w-]{0,255}$/;

/** The calls that log metrics, params and tags, and those that read histories. */
export const metricRoutes: readonly Route[] = [
  route(trackingEndpoints.logMetric, async ({ run_id, ...point }, { tracking }) => {
    await tracking.logBatch(run_id, { metrics: [toMetric(point)] });
    return {};
  }),
  route(trackingEndpoints.logParam, async ({ run_id, ...param }, { tracking }) => {
    await tracking.logBatch(run_id, { params: toRecord([param]) });
    return {};
  }),
  route(trackingEndpoints.setTag, async ({ run_id, ...tag }, { tracking }) => {
    await tracking.logBatch(run_id, { tags: toRecord([tag]) });
    return {};
  }),
  route(trackingEndpoints.deleteTag, async ({ run_id, key }, { tracking }) => {
    await tracking.deleteTag(run_id, key);
    return {};
  }),
  route(trackingEndpoints.logBatch, async ({ run_id, metrics, params, tags }, { tracking }) => {
    checkRunId(run_id);
    checkCount('metrics', metrics.length, LIMITS.metricsPerBatch);
    checkCount('params', params.length, LIMITS.paramsPerBatch);
    checkCount('tags', tags.length, LIMITS.tagsPerBatch);
    const count = metrics.length + params.length + tags.length;
    checkCount('metrics, params and tags', count, LIMITS.entitiesPerBatch);
    await tracking.logBatch(run_id, {
      metrics: metrics.map(toMetric),
      params: toUniqueRecord(params, 'INVALID_PARAMETER_VALUE'),
      tags: toRecord(tags),
    });
    return {};
  }),
  route(trackingEndpoints.getMetricHistory, async (request, { tracking }) => {
    const { run_id, metric_key, max_results, page_token } = request;
    const most = LIMITS.historyPointsPerPage;
    if (max_results === undefined && !page_token) {
      const points = await tracking.getMetricHistoryText(run_id, metric_key, most);
      if (points === '') return {};
      if (points !== undefined) return new JsonText(`{"metrics":[${points}]}`);
    }
    const { items, nextPageToken } = await tracking.getMetricHistoryPage(run_id, metric_key, {
      maxResults: Math.min(max_results ?? most, most),
      pageToken: page_token,
    });
    return {
      metrics: items.length === 0 ? undefined : items.map(metricToWire),
      next_page_token: nextPageToken,
    };
  }),
  route(trackingEndpoints.getMetricHistoryBulk, async (request, { tracking }) => {
    const most = Math.min(request.max_results ?? MAX_BULK_POINTS, MAX_BULK_POINTS);
    const metrics: (ReturnType<typeof metricToWire> & { run_id: string })[] = [];
    for (const runId of [...new Set(request.run_id)].sort()) {
      if (metrics.length >= most) break;
      const page = await tracking.getMetricHistoryPage(runId, request.metric_key, {
        maxResults: most - metrics.length,
      });
      for (const point of page.items) metrics.push({ ...metricToWire(point), run_id: runId });
    }
    return { metrics };
  }),
  route(trackingEndpoints.getMetricHistoryBulkInterval, async (request, { tracking }) => {
    const { run_ids, metric_key, start_step, end_step, max_results = MAX_SAMPLED_POINTS } = request;
    const steps = stepsOf(start_step, end_step);
    const points = await tracking.sampleMetricHistory(run_ids, metric_key, {
      maxResults: max_results,
      ...(steps === undefined ? {} : { steps }),
    });
    if (points.length === 0) return {};
    return { metrics: points.map((point) => ({ ...metricToWire(point), run_id: point.runId })) };
  }),
];

/** Throws INVALID_PARAMETER for what cannot be a run's id, where MLflow looks at it before it looks for the run. */
export function checkRunId(runId: string): void {
  if (!RUN_ID.test(runId)) invalidParameter('run_id', '1 to 256 letters, digits, _ and -', runId);
}

interface WirePoint {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
  readonly model_id?: string | undefined;
  readonly dataset_name?: string | undefined;
  readonly dataset_digest?: string | undefined;
}

/** Most points are as the store takes them; a batch may have a thousand. */
function toMetric(point: WirePoint): Metric {
  if (!point.model_id) return point;
  const { key, value, timestamp, step, model_id: modelId, dataset_name, dataset_digest } = point;
  return {
    key,
    value,
    timestamp,
    step,
    modelId,
    ...(dataset_name ? { datasetName: dataset_name } : {}),
    ...(dataset_digest ? { datasetDigest: dataset_digest } : {}),
  };
}

function checkCount(what: string, count: number, most: number): void {
  if (count > most) invalidParameter(what, `at most ${most} of them in a batch`, count);
}

function stepsOf(first: number | undefined, last: number | undefined): [number, number] | undefined {
  if (first === undefined && last === undefined) return undefined;
  if (first === undefined || last === undefined) {
    return invalidParameter('start_step and end_step', 'both or none', first ?? last);
  }
  if (first > last) invalidParameter('end_step', `a step from ${first}`, last);
  return [first, last];
}
