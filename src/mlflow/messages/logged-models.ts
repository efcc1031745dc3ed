import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { wireMetric } from './tracking-runs.js';
import {
  anyPairs,
  flag,
  int64,
  keyValues,
  nothing,
  pageToken,
  requiredText,
  searchRequest,
  wordOrNumber,
} from './wire.js';

const modelId = z.object({ model_id: requiredText });

const modelStatus = wordOrNumber({
  LOGGED_MODEL_STATUS_UNSPECIFIED: 0,
  LOGGED_MODEL_PENDING: 1,
  LOGGED_MODEL_READY: 2,
  LOGGED_MODEL_UPLOAD_FAILED: 3,
});

/** A logged model on the wire. */
export const wireLoggedModel = z.object({
  info: z.object({
    model_id: z.string(),
    experiment_id: z.string(),
    name: z.string().default(''),
    creation_timestamp_ms: int64.default(0),
    last_updated_timestamp_ms: int64.default(0),
    artifact_uri: z.string().default(''),
    status: modelStatus.default('LOGGED_MODEL_PENDING'),
    model_type: z.string().default(''),
    source_run_id: z.string().default(''),
    tags: keyValues,
  }),
  data: z
    .object({
      params: keyValues,
      metrics: z
        .array(
          wireMetric.extend({
            dataset_name: z.string().optional(),
            dataset_digest: z.string().optional(),
            model_id: z.string().optional(),
            run_id: z.string().default(''),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

const oneModel = z.object({ model: wireLoggedModel });
const PATH = '2.0/mlflow/logged-models';

/** The calls on logged models. */
export const loggedModelEndpoints = {
  createLoggedModel: endpoint({
    method: 'POST',
    path: PATH,
    permission: 'write',
    isIdempotent: false,
    request: z.object({
      experiment_id: requiredText,
      name: z.string().default(''),
      model_type: z.string().default(''),
      source_run_id: z.string().default(''),
      params: anyPairs,
      tags: anyPairs,
    }),
    response: oneModel,
  }),
  searchLoggedModels: endpoint({
    method: 'POST',
    path: `${PATH}/search`,
    permission: 'read',
    isIdempotent: true,
    request: searchRequest.extend({
      experiment_ids: z.array(z.string()),
      datasets: z
        .array(z.object({ dataset_name: requiredText, dataset_digest: z.string().optional() }))
        .optional(),
      order_by: z
        .array(
          z.object({
            // '' is refused with the fields that do not exist.
            field_name: z.string().default(''),
            ascending: flag.optional(),
            dataset_name: z.string().optional(),
            dataset_digest: z.string().optional(),
          }),
        )
        .optional(),
    }),
    response: z.object({ models: z.array(wireLoggedModel).default([]), next_page_token: pageToken }),
  }),
  getLoggedModel: endpoint({
    method: 'GET',
    path: `${PATH}/{model_id}`,
    permission: 'read',
    isIdempotent: true,
    // Any word but 'true' is no to MLflow.
    request: modelId.extend({ allow_deleted: z.union([z.boolean(), z.string()]).optional() }),
    response: oneModel,
  }),
  finalizeLoggedModel: endpoint({
    method: 'PATCH',
    path: `${PATH}/{model_id}`,
    permission: 'write',
    isIdempotent: true,
    request: modelId.extend({ status: modelStatus }),
    response: oneModel,
  }),
  deleteLoggedModel: endpoint({
    method: 'DELETE',
    path: `${PATH}/{model_id}`,
    permission: 'manage',
    isIdempotent: true,
    request: modelId,
    response: nothing,
  }),
  logLoggedModelParams: endpoint({
    method: 'POST',
    path: `${PATH}/{model_id}/params`,
    permission: 'write',
    isIdempotent: false,
    request: modelId.extend({ params: anyPairs }),
    response: nothing,
  }),
  setLoggedModelTags: endpoint({
    method: 'PATCH',
    path: `${PATH}/{model_id}/tags`,
    permission: 'write',
    isIdempotent: true,
    request: modelId.extend({ tags: anyPairs }),
    response: nothing,
  }),
  deleteLoggedModelTag: endpoint({
    method: 'DELETE',
    path: `${PATH}/{model_id}/tags/{tag_key}`,
    permission: 'write',
    isIdempotent: false,
    request: modelId.extend({ tag_key: z.string() }),
    response: nothing,
  }),
} as const;
