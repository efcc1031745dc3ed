import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { int64, keyValues, nothing, pageToken, searchRequest } from './wire.js';

const stage = z.enum(['None', 'Staging', 'Production', 'Archived']);
const requestPairs = z.array(z.object({ key: z.string(), value: z.string() }));
// MLflow 2 sent versions as numbers here and there.
const version = z.union([z.string(), z.number()]).transform(String);
const name = z.object({ name: z.string() });
const nameAndVersion = name.extend({ version: z.string() });
const tag = { key: z.string(), value: z.string() };

/** A model version on the wire. Its aliases come only with model-versions/get and alias calls. */
export const wireModelVersion = z.object({
  name: z.string(),
  version,
  creation_timestamp: int64.default(0),
  last_updated_timestamp: int64.default(0),
  current_stage: stage.default('None'),
  description: z.string().default(''),
  source: z.string().default(''),
  run_id: z.string().default(''),
  model_id: z.string().default(''),
  status: z.enum(['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY']).default('READY'),
  tags: keyValues,
  aliases: z.array(z.string()).default([]),
});

/** A registered model on the wire. */
export const wireRegisteredModel = z.object({
  name: z.string(),
  creation_timestamp: int64.default(0),
  last_updated_timestamp: int64.default(0),
  description: z.string().default(''),
  latest_versions: z.array(wireModelVersion).default([]),
  tags: keyValues,
  aliases: z.array(z.object({ alias: z.string(), version })).default([]),
});

const oneModel = z.object({ registered_model: wireRegisteredModel });
const oneVersion = z.object({ model_version: wireModelVersion });
const versions = z.object({ model_versions: z.array(wireModelVersion).default([]) });

/** The calls on the model registry that our client makes. */
export const registryEndpoints = {
  createRegisteredModel: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/create',
    permission: 'write',
    isIdempotent: false,
    request: name.extend({ description: z.string(), tags: requestPairs }),
    response: oneModel,
  }),
  getRegisteredModel: endpoint({
    method: 'GET',
    path: '2.0/mlflow/registered-models/get',
    permission: 'read',
    isIdempotent: true,
    request: name,
    response: oneModel,
  }),
  searchRegisteredModels: endpoint({
    method: 'GET',
    path: '2.0/mlflow/registered-models/search',
    permission: 'read',
    isIdempotent: true,
    request: searchRequest,
    response: z.object({
      registered_models: z.array(wireRegisteredModel).default([]),
      next_page_token: pageToken,
    }),
  }),
  updateRegisteredModel: endpoint({
    method: 'PATCH',
    path: '2.0/mlflow/registered-models/update',
    permission: 'write',
    isIdempotent: true,
    request: name.extend({ description: z.string() }),
    response: z.object({}),
  }),
  deleteRegisteredModel: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/registered-models/delete',
    permission: 'manage',
    isIdempotent: false,
    request: name,
    response: nothing,
  }),
  setRegisteredModelTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/set-tag',
    permission: 'write',
    isIdempotent: true,
    request: name.extend(tag),
    response: nothing,
  }),
  createModelVersion: endpoint({
    method: 'POST',
    path: '2.0/mlflow/model-versions/create',
    permission: 'write',
    isIdempotent: false,
    request: name.extend({
      source: z.string(),
      run_id: z.string().optional(),
      model_id: z.string().optional(),
      description: z.string(),
      tags: requestPairs,
    }),
    response: oneVersion,
  }),
  getModelVersion: endpoint({
    method: 'GET',
    path: '2.0/mlflow/model-versions/get',
    permission: 'read',
    isIdempotent: true,
    request: nameAndVersion,
    response: oneVersion,
  }),
  searchModelVersions: endpoint({
    method: 'GET',
    path: '2.0/mlflow/model-versions/search',
    permission: 'read',
    isIdempotent: true,
    request: searchRequest,
    response: versions.extend({ next_page_token: pageToken }),
  }),
  updateModelVersion: endpoint({
    method: 'PATCH',
    path: '2.0/mlflow/model-versions/update',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend({ description: z.string() }),
    response: z.object({}),
  }),
  deleteModelVersion: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/model-versions/delete',
    permission: 'manage',
    isIdempotent: false,
    request: nameAndVersion,
    response: nothing,
  }),
  transitionStage: endpoint({
    method: 'POST',
    path: '2.0/mlflow/model-versions/transition-stage',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend({ stage, archive_existing_versions: z.boolean() }),
    response: oneVersion,
  }),
  getLatestVersions: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/get-latest-versions',
    permission: 'read',
    isIdempotent: true,
    request: name.extend({ stages: z.array(stage) }),
    response: versions,
  }),
  setAlias: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/alias',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend({ alias: z.string() }),
    response: nothing,
  }),
  deleteAlias: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/registered-models/alias',
    permission: 'write',
    isIdempotent: true,
    request: name.extend({ alias: z.string() }),
    response: nothing,
  }),
  getVersionByAlias: endpoint({
    method: 'GET',
    path: '2.0/mlflow/registered-models/alias',
    permission: 'read',
    isIdempotent: true,
    request: name.extend({ alias: z.string() }),
    response: oneVersion,
  }),
  setModelVersionTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/model-versions/set-tag',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend(tag),
    response: nothing,
  }),
  deleteModelVersionTag: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/model-versions/delete-tag',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend({ key: z.string() }),
    response: nothing,
  }),
  getDownloadUri: endpoint({
    method: 'GET',
    path: '2.0/mlflow/model-versions/get-download-uri',
    permission: 'read',
    isIdempotent: true,
    request: nameAndVersion,
    response: z.object({ artifact_uri: z.string().default('') }),
  }),
} as const;
