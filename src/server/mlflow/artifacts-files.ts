import { PhantomNetError } from '../../core/index.js';
import { checkArtifactPath } from '../../mlflow/index.js';
import type { Exchange, RawRoute, Stores } from '../http/route.js';
import { readSmallBody } from './artifacts-receive.js';
import { sendFile } from './artifacts-send.js';

/** How large a file may be that is sent by the UI's own call. */
const MAX_UPLOAD_SIZE_BYTES = 10 * 1024 * 1024;

/** Files of a run, a logged model or a model version, by the id of that; what MLflow's UI shows and stores. */
export const artifactFileRoutes: readonly RawRoute[] = [
  ...['/get-artifact', '2.0/mlflow/get-artifact'].map((path) => ({
    method: 'GET' as const,
    path,
    permission: 'read' as const,
    handle: (exchange: Exchange, stores: Stores) =>
      sendBelow(exchange, stores, { field: 'path', findUri: () => runUri(exchange, stores) }),
  })),
  {
    method: 'GET',
    path: '/model-versions/get-artifact',
    permission: 'read',
    handle: (exchange, stores) =>
      sendBelow(exchange, stores, {
        field: 'path',
        findUri: () =>
          stores.registry.getDownloadUri(required(exchange, 'name'), required(exchange, 'version')),
      }),
  },
  {
    method: 'GET',
    path: '2.0/mlflow/logged-models/{model_id}/artifacts/files',
    permission: 'read',
    handle: (exchange, stores) =>
      sendBelow(exchange, stores, {
        field: 'artifact_file_path',
        findUri: async () =>
          (await stores.tracking.getLoggedModel(exchange.fields['model_id'] ?? '')).artifactUri,
      }),
  },
  {
    method: 'POST',
    path: '2.0/mlflow/upload-artifact',
    permission: 'write',
    handle: async ({ request, response, ...exchange }, { tracking }) => {
      const runId = required(exchange, 'run_uuid');
      const path = checkArtifactPath(required(exchange, 'path'));
      const data = await readSmallBody(request, MAX_UPLOAD_SIZE_BYTES);
      const { artifactUri } = (await tracking.getRun(runId)).info;
      await tracking.servedArtifacts(artifactUri).put(path, data);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 0 }).end();
    },
  },
];

/** The path is checked before the owner is looked for, as MLflow does. */
async function sendBelow(
  exchange: Exchange,
  { tracking }: Stores,
  { field, findUri }: { readonly field: string; readonly findUri: () => Promise<string> },
): Promise<void> {
  const path = checkArtifactPath(required(exchange, field));
  await sendFile(exchange, tracking.servedArtifacts(await findUri()), path);
}

async function runUri({ query }: Exchange, { tracking }: Stores): Promise<string> {
  const runId = [query['run_id'], query['run_uuid']].find((id) => typeof id === 'string' && id !== '');
  return (await tracking.getRun(String(runId ?? ''))).info.artifactUri;
}

function required({ query }: Pick<Exchange, 'query'>, field: string): string {
  const value = query[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new PhantomNetError('INVALID_PARAMETER', `${field} is missing`, {
    hint: `add ?${field}= to the address, once`,
    ...(field === 'artifact_file_path' ? { details: { mlflowCode: 'BAD_REQUEST' } } : {}),
  });
}
