import { z } from 'zod';
import { endpoint } from './endpoint.js';
import {
  anyPairs,
  int64,
  keyValues,
  nothing,
  pageToken,
  requiredText,
  searchByQuery,
  searchRequest,
  wordOrNumber,
} from './wire.js';

/** MLflow's life cycle of experiments and runs. */
export const lifecycleStage = z.enum(['active', 'deleted']);
/** Which life cycle a search sees. */
export const viewType = wordOrNumber({ ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 });

/** An experiment on the wire. */
export const wireExperiment = z.object({
  experiment_id: z.string(),
  name: z.string(),
  artifact_location: z.string().default(''),
  lifecycle_stage: lifecycleStage.default('active'),
  last_update_time: int64.default(0),
  creation_time: int64.default(0),
  tags: keyValues,
  workspace: z.string().optional(),
});

const experimentId = z.object({ experiment_id: requiredText });
const oneExperiment = z.object({ experiment: wireExperiment });

const searchExperiments = {
  path: '2.0/mlflow/experiments/search',
  permission: 'read',
  isIdempotent: true,
  response: z.object({ experiments: z.array(wireExperiment).default([]), next_page_token: pageToken }),
} as const;

// MLflow takes a search of experiments that does not say how many for one of none, and refuses it.
const ofExperiments = { view_type: viewType.optional(), max_results: int64 };

const searchDatasets = {
  method: 'POST',
  permission: 'read',
  isIdempotent: true,
  request: z.object({ experiment_ids: z.array(z.string()).min(1).max(20) }),
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
} as const;

/** The calls on experiments. */
export const experimentEndpoints = {
  createExperiment: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/create',
    permission: 'write',
    isIdempotent: false,
    request: z.object({ name: requiredText, artifact_location: z.string().optional(), tags: anyPairs }),
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
    request: z.object({ experiment_name: requiredText }),
    response: oneExperiment,
  }),
  searchExperiments: endpoint({
    ...searchExperiments,
    method: 'POST',
    request: searchRequest.extend(ofExperiments),
  }),
  searchExperimentsByQuery: endpoint({
    ...searchExperiments,
    method: 'GET',
    request: searchByQuery.extend(ofExperiments),
  }),
  updateExperiment: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/update',
    permission: 'write',
    isIdempotent: true,
    request: experimentId.extend({ new_name: requiredText }),
    response: nothing,
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
  setExperimentTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/set-experiment-tag',
    permission: 'write',
    isIdempotent: true,
    request: experimentId.extend({ key: requiredText, value: z.string().default('') }),
    response: nothing,
  }),
  deleteExperimentTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/experiments/delete-experiment-tag',
    permission: 'write',
    isIdempotent: false,
    request: experimentId.extend({ key: requiredText }),
    response: nothing,
  }),
  searchDatasets: endpoint({
    ...searchDatasets,
    path: '2.0/mlflow/experiments/search-datasets',
    isAjaxOnly: true,
  }),
  // Without the slash, as MLflow publishes it.
  searchDatasetsMisspelt: endpoint({ ...searchDatasets, path: '2.0mlflow/experiments/search-datasets' }),
} as const;
