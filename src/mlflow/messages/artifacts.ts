import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { int64, nothing } from './wire.js';

/** Where files below MLflow's artifact proxy are read, written and deleted; the path of the file follows. */
export const ARTIFACT_PROXY_PATH = '2.0/mlflow-artifacts/artifacts';

/** MLflow's client sends a file in one piece when an error's message begins with these very words. */
export const NO_MULTIPART_UPLOAD = 'Multipart upload is not supported for the current artifact repository';

const file = z.object({
  path: z.string(),
  is_dir: z.boolean().default(false),
  file_size: int64.optional(),
});
const files = z.object({ files: z.array(file).default([]) });
const filesAndRoot = files.extend({ root_uri: z.string().default('') });

/** The call that lists a folder below MLflow's artifact proxy; it names files by their last part. */
export const listArtifacts = endpoint({
  method: 'GET',
  path: ARTIFACT_PROXY_PATH,
  permission: 'read',
  isIdempotent: true,
  request: z.object({ path: z.string().default('') }),
  response: files,
});

/** A call on a multipart upload to the artifact proxy; `artifact_path` is the folder, `path` the file's name. */
const multipart = <Fields extends z.core.$ZodLooseShape>(step: string, fields: Fields) =>
  endpoint({
    method: 'POST',
    path: `2.0/mlflow-artifacts/mpu/${step}/{artifact_path...}`,
    permission: 'write',
    isIdempotent: false,
    request: z.object({ artifact_path: z.string(), path: z.string().min(1), ...fields }),
    response: nothing,
  });

const presigned = {
  path: z.string().min(1),
  expiration: int64.optional(),
};

/** The calls on artifacts that are answered in JSON. */
export const artifactEndpoints = {
  listArtifacts,
  listRunArtifacts: endpoint({
    method: 'GET',
    path: '2.0/mlflow/artifacts/list',
    permission: 'read',
    isIdempotent: true,
    request: z.object({
      run_id: z.string().optional(),
      run_uuid: z.string().optional(),
      path: z.string().default(''),
      page_token: z.string().optional(),
    }),
    response: filesAndRoot,
  }),
  listLoggedModelArtifacts: endpoint({
    method: 'GET',
    path: '2.0/mlflow/logged-models/{model_id}/artifacts/directories',
    permission: 'read',
    isIdempotent: true,
    request: z.object({
      model_id: z.string(),
      artifact_directory_path: z.string().default(''),
      page_token: z.string().optional(),
    }),
    response: filesAndRoot,
  }),
  createPresignedUploadUrl: endpoint({
    method: 'POST',
    path: '2.0/mlflow/artifacts/presigned-upload-url',
    permission: 'write',
    isIdempotent: true,
    request: z.object({ run_id: z.string().default(''), model_id: z.string().default(''), ...presigned }),
    response: nothing,
  }),
  createPresignedDownloadUrl: endpoint({
    method: 'POST',
    path: '2.0/mlflow/artifacts/presigned-download-url',
    permission: 'read',
    isIdempotent: true,
    request: z.object({ run_id: z.string().min(1), ...presigned }),
    response: nothing,
  }),
  getPresignedDownloadUrl: endpoint({
    method: 'GET',
    path: '2.0/mlflow-artifacts/presigned/{artifact_path...}',
    permission: 'read',
    isIdempotent: true,
    request: z.object({ artifact_path: z.string() }),
    response: nothing,
  }),
  createMultipartUpload: multipart('create', { num_parts: int64.optional() }),
  completeMultipartUpload: multipart('complete', {
    upload_id: z.string().optional(),
    parts: z.array(z.unknown()),
  }),
  abortMultipartUpload: multipart('abort', { upload_id: z.string().optional() }),
} as const;
