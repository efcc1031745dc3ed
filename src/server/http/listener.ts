import type { IncomingMessage, ServerResponse } from 'node:http';
import { PhantomNetError, show } from '../../core/index.js';
import { answerable, send, sendError, sendJson } from './answer.js';
import { readPathFields, readQuery } from './fields.js';
import { CHALLENGES, type Gate } from './gate.js';
import type { OriginGuard } from './origins.js';
import { parseRequest, readFields } from './read-request.js';
import { type Books, newRecord, type RequestRecord } from './record.js';
import type { RawRoute, Stores } from './route.js';
import type { Found, Match, Router } from './router.js';

/** What a listener needs to answer. */
export interface Site extends Books {
  readonly find: Router;
  readonly stores: Stores;
  readonly checkHost: (host: string | undefined) => void;
  readonly origins: OriginGuard;
  readonly gate: Gate;
  /** Names and values in turn, on every answer. */
  readonly headers: readonly string[];
}

/** Returns what answers each HTTP request: guards, finds the route, reads the request, asks its handler, writes the answer. */
export function createListener(site: Site): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const record = beginRecord(site, request, response);
    answer(site, { request, response, record }).catch((error: unknown) => {
      record.error = error;
      setHeaders(site, response, record);
      sendError(response, answerable(error, record.requestId));
    });
  };
}

function setHeaders({ headers }: Site, response: ServerResponse, { requestId }: RequestRecord): void {
  if (response.headersSent) return;
  response.setHeader('x-request-id', requestId);
  for (let i = 0; i < headers.length; i += 2) response.setHeader(headers[i]!, headers[i + 1]!);
}

function beginRecord(site: Site, request: IncomingMessage, response: ServerResponse): RequestRecord {
  const { socket } = request;
  const bytesBefore = socket.bytesWritten;
  const record = newRecord({
    requestId: site.requestId(request.headers['x-request-id'] as string | undefined),
    method: request.method ?? '',
    path: request.url ?? '',
  });
  site.onBegin();
  site.busy.set(socket, { response, record });
  response.once('close', () => {
    // What no parser understands is answered without the response.
    if (record.status === 0) record.status = response.statusCode;
    record.durationMs = performance.now() - record.startedMs;
    record.sentBytes = socket.bytesWritten - bytesBefore;
    record.isComplete = response.writableFinished;
    // A message that was refused early may still be on its way.
    if (request.complete) endBusy(site, request, response);
    else request.once('end', () => endBusy(site, request, response));
    site.onEnd(record);
  });
  return record;
}

function endBusy({ busy }: Site, { socket }: IncomingMessage, response: ServerResponse): void {
  if (busy.get(socket)?.response === response) busy.delete(socket);
}

/** One request on its way through. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: RequestRecord;
}

async function answer(site: Site, call: Call): Promise<void> {
  const { request, response, record } = call;
  const url = request.url ?? '';
  const method = request.method ?? '';
  const cut = url.indexOf('?');
  const path = cut === -1 ? url : url.slice(0, cut);
  const query = cut === -1 ? '' : url.slice(cut + 1);
  const found = site.find(method, path);
  record.route = found?.template;
  const isOpen = found !== undefined && 'route' in found && permissionOf(found) === 'open';
  if (!isOpen) site.checkHost(request.headers.host);
  if (answerOrigin(site, call)) return;
  authorise(site, call, found === undefined || !('route' in found) ? 'read' : permissionOf(found));
  checkUrl(url);
  checkExpectation(request);
  if (found === undefined) throw noSuchCall(method, path);
  if (!('route' in found)) {
    setHeaders(site, response, record);
    return answerOtherMethod(call, found);
  }
  const fields = readPathFields(found);
  if (fields === undefined) throw noSuchCall(method, path);
  const { route } = found;
  if (!('endpoint' in route)) {
    setHeaders(site, response, record);
    return route.handle({ request, response, fields, query: readQuery(query) }, site.stores);
  }
  const asked = parseRequest(route.endpoint, await readFields(request, query, fields));
  const body = await route.handle(asked, site.stores);
  sendJson(response, 200, body, site.headers.concat('x-request-id', record.requestId));
}

function permissionOf({ route }: Match): RawRoute['permission'] {
  return 'endpoint' in route ? route.endpoint.permission : route.permission;
}

/** Refuses writes from pages of other sites; returns whether the request was but a browser's question before it calls. */
function answerOrigin(site: Site, { request, response, record }: Call): boolean {
  const { origins } = site;
  const { origin } = request.headers;
  if (origin === undefined) return false;
  origins.check(origin, request.method ?? '');
  if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
    const headers = origins.preflight(origin, request.headers['access-control-request-headers']);
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
    setHeaders(site, response, record);
    const body = headers === undefined ? `pages of ${show(origin)} may not call this server` : 'OK';
    send(response, headers === undefined ? 400 : 200, { type: 'text/plain; charset=utf-8', body });
    return true;
  }
  for (const [name, value] of Object.entries(origins.headers(origin))) response.setHeader(name, value);
  return false;
}

function authorise({ gate }: Site, { request, response }: Call, permission: RawRoute['permission']): void {
  try {
    gate(permission, request.headers.authorization);
  } catch (error) {
    response.setHeader('www-authenticate', CHALLENGES);
    throw error;
  }
}

/** Whatever is not plain ASCII in a request line was not encoded by a client of ours. */
function checkUrl(url: string): void {
  if (!/[^\x21-\x7e]/.test(url)) return;
  throw new PhantomNetError('INVALID_PARAMETER', `the address ${show(url)} is not percent-encoded`, {
    hint: 'percent-encode the bytes of UTF-8',
  });
}

/** What a client may expect, as Node's own server understands it: to be told to go on. HTTP/1.0 has no expectations. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

function checkExpectation({ headers: { expect }, httpVersion }: IncomingMessage): void {
  if (expect === undefined || httpVersion === '1.0' || CONTINUE.test(expect)) return;
  throw new PhantomNetError('UNSUPPORTED', `the expectation ${show(expect)} is not met here`, {
    hint: 'send no Expect header, or Expect: 100-continue',
    details: { mlflowCode: 'BAD_REQUEST', httpStatus: 417 },
  });
}

function answerOtherMethod({ request, response }: Call, found: Exclude<Found, Match | undefined>): void {
  const allowed = [...found.allowed, ...(found.allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  response.setHeader('allow', allowed.sort().join(', '));
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
    return;
  }
  throw new PhantomNetError('UNSUPPORTED', `${found.template} answers ${allowed.join(', ')}`, {
    details: { mlflowCode: 'ENDPOINT_NOT_FOUND', httpStatus: 405 },
  });
}

function noSuchCall(method: string, path: string): PhantomNetError {
  return new PhantomNetError('NOT_FOUND', `no such call: ${method} ${show(path)}`, {
    details: { mlflowCode: 'ENDPOINT_NOT_FOUND' },
  });
}
