import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { int64, keyValues, nothing, pageToken, searchRequest } from './wire.js';

const requestPairs = z.array(z.object({ key: z.string(), value: z.string() }));
const modelId = z.object({ model_id: z.string() });

/** A logged model on the wire. */
export const wireLoggedModel = z.object({
  info: z.object({
    model_id: z.string(),
    experiment_id: z.string(),
    name: z.string().default(''),
    creation_timestamp_ms: int64.default(0),
    artifact_uri: z.string().default(''),
    status: z.string().default('LOGGED_MODEL_PENDING'),
    model_type: z.string().default(''),
    source_run_id: z.string().default(''),
    tags: keyValues,
  }),
  data: z.object({ params: keyValues }).prefault({}),
});

const oneModel = z.object({ model: wireLoggedModel });

/** The calls on logged models that our client makes. */
export const loggedModelEndpoints = {
  createLoggedModel: endpoint({
    method: 'POST',
    path: '2.0/mlflow/logged-models',
    permission: 'write',
    isIdempotent: false,
    request: z.object({
      experiment_id: z.string(),
      name: z.string(),
      source_run_id: z.string(),
      params: requestPairs,
      tags: requestPairs,
    }),
    response: oneModel,
  }),
  searchLoggedModels: endpoint({
    method: 'POST',
    path: '2.0/mlflow/logged-models/search',
    permission: 'read',
    isIdempotent: true,
    request: searchRequest.extend({
      experiment_ids: z.array(z.string()),
      order_by: z
        .array(
          z.object({
            field_name: z.string(),
            ascending: z.boolean().optional(),
            dataset_name: z.string().optional(),
            dataset_digest: z.string().optional(),
          }),
        )
        .optional(),
      datasets: z
        .array(z.object({ dataset_name: z.string(), dataset_digest: z.string().optional() }))
        .optional(),
    }),
    response: z.object({ models: z.array(wireLoggedModel).default([]), next_page_token: pageToken }),
  }),
  getLoggedModel: endpoint({
    method: 'GET',
    path: '2.0/mlflow/logged-models/{model_id}',
    permission: 'read',
    isIdempotent: true,
    request: modelId,
    response: oneModel,
  }),
  finalizeLoggedModel: endpoint({
    method: 'PATCH',
    path: '2.0/mlflow/logged-models/{model_id}',
    permission: 'write',
    isIdempotent: true,
    request: modelId.extend({ status: z.enum(['LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED']) }),
    response: oneModel,
  }),
  setLoggedModelTags: endpoint({
    method: 'PATCH',
    path: '2.0/mlflow/logged-models/{model_id}/tags',
    permission: 'write',
    isIdempotent: true,
    request: modelId.extend({ tags: requestPairs }),
    response: nothing,
  }),
  deleteLoggedModel: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/logged-models/{model_id}',
    permission: 'manage',
    isIdempotent: true,
    request: modelId,
    response: nothing,
  }),
} as const;
