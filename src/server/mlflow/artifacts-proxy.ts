import { PhantomNetError } from '../../core/index.js';
import { ARTIFACT_PROXY_PATH } from '../../mlflow/index.js';
import { sendJson } from '../http/answer.js';
import type { RawRoute } from '../http/route.js';
import { receiveFile } from './artifacts-receive.js';
import { sendFile } from './artifacts-send.js';

const path = `${ARTIFACT_PROXY_PATH}/{artifact_path...}`;

/** Files below the artifact root, whoever they belong to. */
export const artifactProxyRoutes: readonly RawRoute[] = [
  {
    method: 'GET',
    path,
    permission: 'read',
    handle: ({ request, response, fields }, { tracking }) =>
      sendFile({ request, response }, tracking.servedArtifacts(), targetOf(fields)),
  },
  {
    method: 'PUT',
    path,
    permission: 'write',
    handle: async ({ request, response, fields }, { tracking }) => {
      await receiveFile(request, tracking.servedArtifacts(), fields['artifact_path'] ?? '');
      response.writeHead(200, { 'content-length': 0 }).end();
    },
  },
  {
    method: 'DELETE',
    path,
    permission: 'manage',
    handle: async ({ response, fields }, { tracking }) => {
      const target = targetOf(fields);
      if (target === '') {
        throw new PhantomNetError('NOT_FOUND', 'the artifact root itself cannot be deleted', {
          hint: 'name a file or a folder below it',
          details: { mlflowCode: 'ENDPOINT_NOT_FOUND' },
        });
      }
      await tracking.servedArtifacts().remove(target);
      sendJson(response, 200, {});
    },
  },
];

/** MLflow's client writes a folder with a slash behind it. */
function targetOf(fields: Readonly<Record<string, string>>): string {
  return (fields['artifact_path'] ?? '').replace(/\/$/, '');
}
