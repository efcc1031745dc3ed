import { PhantomNetError } from '../../core/index.js';
import {
  artifactEndpoints,
  checkArtifactPath,
  NO_MULTIPART_UPLOAD,
  parseProxyUri,
} from '../../mlflow/index.js';
import type { ArtifactEntry } from '../../track/index.js';
import { type AnyRoute, route, type Stores } from '../http/route.js';
import { artifactFileRoutes } from './artifacts-files.js';
import { artifactProxyRoutes } from './artifacts-proxy.js';

/** How long a presigned url may be good for, in seconds. */
const MAX_EXPIRATION_S = 604_800;

/** The calls on artifacts: files of runs, logged models and model versions, and the proxy through which clients reach them. */
export const artifactRoutes: readonly AnyRoute[] = [
  route(artifactEndpoints.listArtifacts, async ({ path }, { tracking }) => {
    const entries = await tracking.servedArtifacts().list(folderPath(path));
    return filesToWire(entries.map((entry) => ({ ...entry, path: entry.path.split('/').at(-1) ?? '' })));
  }),
  route(artifactEndpoints.listRunArtifacts, async ({ run_id, run_uuid, path }, stores) => {
    const runId = run_id || run_uuid;
    if (!runId) throw bad('run_id is missing', 'name the run whose artifacts to list');
    return listBelow(stores, path, async () => (await stores.tracking.getRun(runId)).info.artifactUri);
  }),
  route(artifactEndpoints.listLoggedModelArtifacts, async (request, stores) =>
    listBelow(stores, request.artifact_directory_path, async () => {
      return (await stores.tracking.getLoggedModel(request.model_id)).artifactUri;
    }),
  ),
  route(artifactEndpoints.createPresignedUploadUrl, async ({ run_id, model_id, path }, { tracking }) => {
    if ((run_id === '') === (model_id === '')) {
      throw bad('one of run_id and model_id must be given', 'name the run or the logged model');
    }
    checkArtifactPath(path);
    throw notSigned(
      run_id === ''
        ? (await tracking.getLoggedModel(model_id)).artifactUri
        : (await tracking.getRun(run_id)).info.artifactUri,
    );
  }),
  route(artifactEndpoints.createPresignedDownloadUrl, async (request, { tracking }) => {
    checkArtifactPath(request.path);
    const { expiration = 1 } = request;
    if (expiration < 1 || expiration > MAX_EXPIRATION_S) {
      throw bad(
        `expiration must be from 1 to ${MAX_EXPIRATION_S} seconds, got ${expiration}`,
        'choose another',
      );
    }
    throw notSigned((await tracking.getRun(request.run_id)).info.artifactUri);
  }),
  route(artifactEndpoints.getPresignedDownloadUrl, async () => {
    throw unsupported('Multipart download is not supported for the current artifact repository');
  }),
  route(artifactEndpoints.createMultipartUpload, noMultipart),
  route(artifactEndpoints.completeMultipartUpload, noMultipart),
  route(artifactEndpoints.abortMultipartUpload, noMultipart),
  ...artifactProxyRoutes,
  ...artifactFileRoutes,
];

async function listBelow({ tracking }: Stores, path: string, findUri: () => Promise<string>) {
  const folder = checkArtifactPath(folderPath(path));
  const rootUri = await findUri();
  return { root_uri: rootUri, ...filesToWire(await tracking.servedArtifacts(rootUri).list(folder)) };
}

/** A folder may be written with a slash behind it. */
function folderPath(path: string): string {
  return path.replace(/\/$/, '');
}

/** MLflow leaves out empty lists, and the sizes of folders and empty files. */
function filesToWire(entries: readonly ArtifactEntry[]) {
  if (entries.length === 0) return {};
  return {
    files: entries.map(({ path, isDirectory, sizeBytes }) => ({
      path,
      is_dir: isDirectory,
      ...(sizeBytes ? { file_size: sizeBytes } : {}),
    })),
  };
}

async function noMultipart(): Promise<never> {
  throw unsupported(NO_MULTIPART_UPLOAD);
}

/** MLflow signs urls of cloud storage only, and says of its proxy that the request is wrong. */
function notSigned(artifactUri: string): PhantomNetError {
  if (parseProxyUri(artifactUri) === undefined) {
    return unsupported(`artifacts at ${artifactUri} have no presigned urls`);
  }
  return bad(
    'artifacts behind the proxy have no presigned urls',
    'read and write them through mlflow-artifacts',
  );
}

function unsupported(message: string): PhantomNetError {
  return new PhantomNetError('UNSUPPORTED', message, { hint: 'send and fetch the file in one piece' });
}

function bad(message: string, hint: string): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', message, { hint });
}
