import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { runIdFields, wireMetric, withRunId } from './tracking-runs.js';
import {
  anyPairs,
  double,
  int64,
  list,
  maxResults,
  nothing,
  pageToken,
  requiredPairs,
  requiredText,
} from './wire.js';

const runId = z.object({ run_id: requiredText });

/** A metric point in a request; the last three say which model was measured on what. */
const pointFields = {
  key: requiredText,
  value: double,
  timestamp: int64,
  step: int64.default(0),
  model_id: z.string().optional(),
  dataset_name: z.string().optional(),
  dataset_digest: z.string().optional(),
};

const pointsOfRuns = z.object({
  metrics: z.array(wireMetric.extend({ run_id: z.string() })).default([]),
});

/** The calls that log to a run, and those that read the history of metrics. */
export const loggingEndpoints = {
  logMetric: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/log-metric',
    permission: 'write',
    isIdempotent: true,
    request: z.object({ ...runIdFields, ...pointFields }).transform(withRunId),
    response: nothing,
  }),
  logParam: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/log-parameter',
    permission: 'write',
    isIdempotent: true,
    request: z
      .object({ ...runIdFields, key: requiredText, value: z.string().default('') })
      .transform(withRunId),
    response: nothing,
  }),
  setTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/set-tag',
    permission: 'write',
    isIdempotent: true,
    request: z
      .object({ ...runIdFields, key: requiredText, value: z.string().default('') })
      .transform(withRunId),
    response: nothing,
  }),
  deleteTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/delete-tag',
    permission: 'write',
    isIdempotent: false,
    request: runId.extend({ key: requiredText }),
    response: nothing,
  }),
  // A point or param already there with the same value stays as it is, so a batch may be sent again.
  logBatch: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/log-batch',
    permission: 'write',
    isIdempotent: true,
    request: runId.extend({
      metrics: z.array(z.object(pointFields)).default([]),
      params: requiredPairs,
      tags: requiredPairs,
    }),
    response: nothing,
  }),
  logModel: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/log-model',
    permission: 'write',
    isIdempotent: false,
    request: runId.extend({ model_json: requiredText }),
    response: nothing,
  }),
  logInputs: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/log-inputs',
    permission: 'write',
    isIdempotent: true,
    request: runId.extend({
      datasets: z
        .array(
          z.object({
            tags: anyPairs,
            dataset: z
              .object({
                name: z.string().default(''),
                digest: z.string().default(''),
                source_type: z.string().default(''),
                source: z.string().default(''),
                schema: z.string().optional(),
                profile: z.string().optional(),
              })
              .prefault({}),
          }),
        )
        .default([]),
      models: z.array(z.object({ model_id: z.string().default('') })).default([]),
    }),
    response: nothing,
  }),
  logOutputs: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/outputs',
    permission: 'write',
    isIdempotent: false,
    request: runId.extend({
      models: z.array(z.object({ model_id: z.string().default(''), step: int64.default(0) })),
    }),
    response: nothing,
  }),
  getMetricHistory: endpoint({
    method: 'GET',
    path: '2.0/mlflow/metrics/get-history',
    permission: 'read',
    isIdempotent: true,
    request: z
      .object({
        ...runIdFields,
        metric_key: requiredText,
        max_results: maxResults.optional(),
        page_token: z.string().optional(),
      })
      .transform(withRunId),
    response: z.object({ metrics: z.array(wireMetric).default([]), next_page_token: pageToken }),
  }),
  /** MLflow's UI asks for whole histories of several runs. */
  getMetricHistoryBulk: endpoint({
    method: 'GET',
    path: '2.0/mlflow/metrics/get-history-bulk',
    isAjaxOnly: true,
    permission: 'read',
    isIdempotent: true,
    request: z.object({
      run_id: list(z.string()).refine((ids) => ids.length <= 100, 'expected at most 100 run ids'),
      metric_key: z.string(),
      max_results: int64.optional(),
    }),
    response: pointsOfRuns,
  }),
  /** MLflow's UI draws curves from so many points of each run, evenly taken. */
  getMetricHistoryBulkInterval: endpoint({
    method: 'GET',
    path: '2.0/mlflow/metrics/get-history-bulk-interval',
    permission: 'read',
    isIdempotent: true,
    request: z.object({
      run_ids: list(z.string()).refine((ids) => ids.length <= 100, 'expected at most 100 run ids'),
      metric_key: requiredText,
      start_step: int64.optional(),
      end_step: int64.optional(),
      max_results: int64.refine((count) => count >= 1 && count <= 2_500, 'expected 1 to 2500').optional(),
    }),
    response: pointsOfRuns,
  }),
} as const;
