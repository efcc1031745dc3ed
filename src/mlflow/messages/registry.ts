import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { int64, keyValues, list, nothing, pageToken, searchByQuery } from './wire.js';

const stage = z.enum(['None', 'Staging', 'Production', 'Archived']);
// MLflow 2 sent versions as numbers here and there.
const version = z.union([z.string(), z.number()]).transform(String);

/** To MLflow, text that must be given must not be empty either. */
const required = z.string().min(1, 'a value is needed');
const name = z.object({ name: required });
const nameAndVersion = name.extend({ version: required });
const tag = { key: required, value: z.string().default('') };
const tags = z.array(z.object({ key: z.string().default(''), value: z.string().default('') })).default([]);

/** A model version on the wire. Its aliases come only with some calls on versions. */
export const wireModelVersion = z.object({
  name: z.string(),
  version,
  creation_timestamp: int64.default(0),
  last_updated_timestamp: int64.default(0),
  user_id: z.string().default(''),
  current_stage: stage.default('None'),
  description: z.string().optional(),
  source: z.string().default(''),
  run_id: z.string().default(''),
  run_link: z.string().default(''),
  model_id: z.string().default(''),
  status: z.enum(['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY']).default('READY'),
  status_message: z.string().default(''),
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

/** The calls on the model registry. */
export const registryEndpoints = {
  createRegisteredModel: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/create',
    permission: 'write',
    isIdempotent: false,
    request: name.extend({ description: z.string().default(''), tags }),
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
    request: searchByQuery,
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
    request: name.extend({ description: z.string().default('') }),
    response: oneModel,
  }),
  renameRegisteredModel: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/rename',
    permission: 'write',
    isIdempotent: false,
    request: name.extend({ new_name: required }),
    response: oneModel,
  }),
  deleteRegisteredModel: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/registered-models/delete',
    permission: 'manage',
    isIdempotent: false,
    request: name,
    response: nothing,
  }),
  getLatestVersions: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/get-latest-versions',
    permission: 'read',
    isIdempotent: true,
    request: name.extend({ stages: z.array(z.string()).default([]) }),
    response: versions,
  }),
  // Only a query may give one stage without a list around it.
  getLatestVersionsByQuery: endpoint({
    method: 'GET',
    path: '2.0/mlflow/registered-models/get-latest-versions',
    permission: 'read',
    isIdempotent: true,
    request: name.extend({ stages: list(z.string()).default([]) }),
    response: versions,
  }),
  setRegisteredModelTag: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/set-tag',
    permission: 'write',
    isIdempotent: true,
    request: name.extend(tag),
    response: nothing,
  }),
  deleteRegisteredModelTag: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/registered-models/delete-tag',
    permission: 'write',
    isIdempotent: true,
    request: name.extend({ key: required }),
    response: nothing,
  }),
  setAlias: endpoint({
    method: 'POST',
    path: '2.0/mlflow/registered-models/alias',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend({ alias: required }),
    response: nothing,
  }),
  deleteAlias: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/registered-models/alias',
    permission: 'write',
    isIdempotent: true,
    request: name.extend({ alias: required }),
    response: nothing,
  }),
  getVersionByAlias: endpoint({
    method: 'GET',
    path: '2.0/mlflow/registered-models/alias',
    permission: 'read',
    isIdempotent: true,
    request: name.extend({ alias: required }),
    response: oneVersion,
  }),
  createModelVersion: endpoint({
    method: 'POST',
    path: '2.0/mlflow/model-versions/create',
    permission: 'write',
    isIdempotent: false,
    request: name.extend({
      source: required,
      run_id: z.string().optional(),
      run_link: z.string().default(''),
      model_id: z.string().optional(),
      description: z.string().default(''),
      tags,
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
    request: searchByQuery,
    response: versions.extend({ next_page_token: pageToken }),
  }),
  updateModelVersion: endpoint({
    method: 'PATCH',
    path: '2.0/mlflow/model-versions/update',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend({ description: z.string().optional() }),
    response: oneVersion,
  }),
  transitionStage: endpoint({
    method: 'POST',
    path: '2.0/mlflow/model-versions/transition-stage',
    permission: 'write',
    isIdempotent: true,
    request: nameAndVersion.extend({
      stage: required,
      archive_existing_versions: z.boolean().default(false),
    }),
    response: oneVersion,
  }),
  deleteModelVersion: endpoint({
    method: 'DELETE',
    path: '2.0/mlflow/model-versions/delete',
    permission: 'manage',
    isIdempotent: false,
    request: nameAndVersion,
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
    request: nameAndVersion.extend({ key: required }),
    response: nothing,
  }),
} as const;
