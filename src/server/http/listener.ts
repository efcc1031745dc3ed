import type { IncomingMessage, ServerResponse } from 'node:http';
import { PhantomNetError } from '../../core/index.js';
import { errorOnTheWire } from '../../mlflow/index.js';
import { parseRequest, readFields } from './read-request.js';
import type { Stores } from './route.js';
import type { createRouter } from './router.js';

/** Returns what answers each HTTP request: finds the route, reads the request, asks its handler, writes the answer. */
export function createListener(
  find: ReturnType<typeof createRouter>,
  stores: Stores,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(request, find, stores).then(
      (body) => send(response, 200, body),
      (error: unknown) => sendError(response, error),
    );
  };
}

async function answer(
  request: IncomingMessage,
  find: ReturnType<typeof createRouter>,
  stores: Stores,
): Promise<unknown> {
  const url = request.url ?? '/';
  const cut = url.indexOf('?');
  const path = cut === -1 ? url : url.slice(0, cut);
  const found = find(request.method ?? '', path);
  if (found === undefined) {
    throw new PhantomNetError('NOT_FOUND', `no such call: ${request.method} ${path}`, {
      details: { mlflowCode: 'ENDPOINT_NOT_FOUND' },
    });
  }
  if ('allowed' in found) {
    throw new PhantomNetError('UNSUPPORTED', `${path} answers ${found.allowed.join(', ')}`);
  }
  const fields = await readFields(request, cut === -1 ? '' : url.slice(cut + 1), found.fields);
  return found.route.handle(parseRequest(found.route.endpoint, fields), stores);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof PhantomNetError
      ? error
      : new PhantomNetError('INTERNAL', 'the server failed', { cause: error });
  const { errorCode, status } = errorOnTheWire(known);
  send(response, status, { error_code: errorCode, message: known.message });
}
