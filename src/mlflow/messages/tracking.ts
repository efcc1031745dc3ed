import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { double, int64, keyValues, nothing, pageToken, searchRequest } from './wire.js';

const lifecycleStage = z.enum(['active', 'deleted']);
const viewType = z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']);
const runStatus = z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);
const requestPairs = z.array(z.object({ key: z.string(), value: z.string() }));
const wireDouble = z.union([z.number(), z.string()]);

/** An experiment on the wire. */
export const wireExperiment = z.object({
  experiment_id: z.string(),
  name: z.string(),
  artifact_location: z.string().default(''),
  lifecycle_stage: lifecycleStage.default('active'),
  last_update_time: int64.default(0),
  creation_time: int64.default(0),
  tags: keyValues,
});

/** A metric point on the wire. */
export const wireMetric = z.object({
  key: z.string(),
  value: double.default(0),
  timestamp: int64.default(0),
  step: int64.default(0),
});

const wireDatasetInput = z.object({
  tags: keyValues,
  dataset: z.object({
    name: z.string(),
    digest: z.string(),
    source_type: z.string().default(''),
    source: z.string().default(''),
    schema: z.string().optional(),
    profile: z.string().optional(),
  }),
});

/** A run on the wire: facts, what was logged, data sets in, models out. */
export const wireRun = z.object({
  info: z.object({
    run_id: z.string(),
    run_name: z.string().default(''),
    experiment_id: z.string(),
    user_id: z.string().default(''),
    status: runStatus.default('RUNNING'),
    start_time: int64.default(0),
    end_time: int64.optional(),
    artifact_uri: z.string().default(''),
    lifecycle_stage: lifecycleStage.default('active'),
  }),
  data: z
    .object({ metrics: z.array(wireMetric).default([]), params: keyValues, tags: keyValues })
    .prefault({}),
  inputs: z.object({ dataset_inputs: z.array(wireDatasetInput).default([]) }).prefault({}),
  outputs: z.object({ model_outputs: z.array(z.object({ model_id: z.string() })).default([]) }).prefault({}),
});

const experimentId = z.object({ experiment_id: z.string() });
const runId = z.object({ run_id: z.string() });
const oneExperiment = z.object({ experiment: wireExperiment });
const oneRun = z.object({ run: wireRun });

/** The calls on experiments and runs that our client makes. */
export const trackingEndpoints = {
  createExperiment: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/create',
    permission: 'write',
    isIdempotent: false,
    request: z.object({ name: z.string(), tags: keyValues }),
    response: experimentId,
  }),
  getExperiment: endpoint({
    method: 'GET',
    path: '2.0/mlflow/experiments/get',
    permission: 'read',
    isIdempotent: true,
    request: experimentId,
    response: oneExperiment,
  }),
  getExperimentByName: endpoint({
    method: 'GET',
    path: '2.0/mlflow/experiments/get-by-name',
    permission: 'read',
    isIdempotent: true,
    request: z.object({ experiment_name: z.string() }),
    response: oneExperiment,
  }),
  searchExperiments: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/search',
    permission: 'read',
    isIdempotent: true,
    request: searchRequest.extend({ view_type: viewType }),
    response: z.object({ experiments: z.array(wireExperiment).default([]), next_page_token: pageToken }),
  }),
  deleteExperiment: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/delete',
    permission: 'manage',
    isIdempotent: false,
    request: experimentId,
    response: nothing,
  }),
  restoreExperiment: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/restore',
    permission: 'manage',
    isIdempotent: false,
    request: experimentId,
    response: nothing,
  }),
  createRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/create',
    permission: 'write',
    isIdempotent: false,
    request: z.object({
      experiment_id: z.string(),
      user_id: z.string(),
      run_name: z.string().optional(),
      start_time: z.number(),
      tags: requestPairs,
    }),
    response: oneRun,
  }),
  getRun: endpoint({
    method: 'GET',
    path: '2.0/mlflow/runs/get',
    permission: 'read',
    isIdempotent: true,
    request: runId,
    response: oneRun,
  }),
  updateRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/update',
    permission: 'write',
    isIdempotent: true,
    request: runId.extend({
      status: runStatus.optional(),
      end_time: z.number().optional(),
      run_name: z.string().optional(),
    }),
    response: nothing,
  }),
  deleteRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/delete',
    permission: 'manage',
    isIdempotent: true,
    request: runId,
    response: nothing,
  }),
  restoreRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/restore',
    permission: 'manage',
    isIdempotent: true,
    request: runId,
    response: nothing,
  }),
  searchRuns: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/search',
    permission: 'read',
    isIdempotent: true,
    request: searchRequest.extend({ experiment_ids: z.array(z.string()), run_view_type: viewType }),
    response: z.object({ runs: z.array(wireRun).default([]), next_page_token: pageToken }),
  }),
  // MLflow's published path is misspelt, and its server knows only this one.
  searchDatasets: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/search-datasets',
    isAjaxOnly: true,
    permission: 'read',
    isIdempotent: true,
    request: z.object({ experiment_ids: z.array(z.string()) }),
    response: z.object({
      dataset_summaries: z
        .array(
          z.object({
            experiment_id: z.string(),
            name: z.string(),
            digest: z.string(),
            context: z.string().optional(),
          }),
        )
        .default([]),
    }),
  }),
  // A point or param already there with the same value stays as it is, so a batch may be sent again.
  logBatch: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/log-batch',
    permission: 'write',
    isIdempotent: true,
    request: runId.extend({
      metrics: z.array(
        z.object({ key: z.string(), value: wireDouble, timestamp: z.number(), step: z.number() }),
      ),
      params: requestPairs,
      tags: requestPairs,
    }),
    response: nothing,
  }),
  deleteTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/delete-tag',
    permission: 'write',
    isIdempotent: false,
    request: runId.extend({ key: z.string() }),
    response: nothing,
  }),
  getMetricHistory: endpoint({
    method: 'GET',
    path: '2.0/mlflow/metrics/get-history',
    permission: 'read',
    isIdempotent: true,
    request: runId.extend({
      metric_key: z.string(),
      max_results: z.number(),
      page_token: z.string().optional(),
    }),
    response: z.object({ metrics: z.array(wireMetric).default([]), next_page_token: pageToken }),
  }),
  logInputs: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/log-inputs',
    permission: 'write',
    isIdempotent: true,
    request: runId.extend({
      datasets: z.array(
        z.object({
          tags: requestPairs,
          dataset: z.object({
            name: z.string(),
            digest: z.string(),
            source_type: z.string(),
            source: z.string(),
            schema: z.string().optional(),
            profile: z.string().optional(),
          }),
        }),
      ),
    }),
    response: nothing,
  }),
  logOutputs: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/outputs',
    permission: 'write',
    isIdempotent: false,
    request: runId.extend({ models: z.array(z.object({ model_id: z.string(), step: z.number() })) }),
    response: nothing,
  }),
} as const;
