import { doubleToWire, trackingEndpoints as endpoints, type RestClient, toPage } from '../mlflow/index.js';
import type { Metric, TrackingStore } from './port.js';

/** The part of the tracking port that reads the history of metrics. */
type MetricCalls = Pick<
  TrackingStore,
  'getMetricHistory' | 'getMetricHistoryPage' | 'getMetricHistoryText' | 'sampleMetricHistory'
>;

const POINTS_PER_PAGE = 25_000;

/** Returns the calls on the history of metrics that an MLflow server answers. */
export function restMetrics(client: RestClient): MetricCalls {
  const getMetricHistoryPage: MetricCalls['getMetricHistoryPage'] = async (runId, key, page) => {
    const { metrics, next_page_token } = await client.call(endpoints.getMetricHistory, {
      run_id: runId,
      metric_key: key,
      ...(page.maxResults === undefined ? {} : { max_results: page.maxResults }),
      ...(page.pageToken ? { page_token: page.pageToken } : {}),
    });
    return toPage(metrics, next_page_token);
  };
  return {
    getMetricHistoryPage,
    getMetricHistoryText: async (runId, key, most) => {
      const { items } = await getMetricHistoryPage(runId, key, {});
      if (items.length > most) return undefined;
      const wire = items.map((point) => JSON.stringify({ ...point, value: doubleToWire(point.value) }));
      return wire.join(',');
    },
    getMetricHistory: async (runId, key) => {
      // MLflow answers an unknown run as one without points.
      await client.call(endpoints.getRun, { run_id: runId });
      const points: Metric[] = [];
      let pageToken: string | undefined;
      do {
        const page = await getMetricHistoryPage(runId, key, { maxResults: POINTS_PER_PAGE, pageToken });
        for (const point of page.items) points.push(point);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return points.sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
    },
    sampleMetricHistory: async (runIds, key, { maxResults, steps }) => {
      const { metrics } = await client.call(endpoints.getMetricHistoryBulkInterval, {
        run_ids: [...runIds],
        metric_key: key,
        max_results: maxResults,
        ...(steps === undefined ? {} : { start_step: steps[0], end_step: steps[1] }),
      });
      return metrics.map(({ run_id, ...point }) => ({ ...point, runId: run_id }));
    },
  };
}
