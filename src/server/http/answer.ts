import type { ServerResponse } from 'node:http';
import { basename, isAbsolute } from 'node:path';
import { PhantomNetError } from '../../core/index.js';
import { errorClassOnTheWire, errorOnTheWire } from '../../mlflow/index.js';

/** How long a client whose message was refused early may go on sending it before the connection is cut. */
const LINGER_MS = 5_000;

/** Answers with text of a content type. */
export function send(
  response: ServerResponse,
  status: number,
  { type, body }: { readonly type: string; readonly body: string },
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** An answer that is JSON already. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** Answers with JSON. `headers`, names and values in turn, are on it besides those that are set already. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: readonly string[] = [],
): void {
  const text = body instanceof JsonText ? body.text : JSON.stringify(body);
  const own = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(text))];
  response.writeHead(status, headers.concat(own));
  // As text it leaves in one write with its headers.
  response.end(text);
}

/**
 * Answers with an error in MLflow's form: code, message, no stack; `details.httpStatus` says another status than the
 * code's. Where an answer has begun already, the connection is cut, so that no half answer passes for a whole one.
 */
export function sendError(response: ServerResponse, error: PhantomNetError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of ['content-length', 'content-encoding', 'content-disposition'])
    response.removeHeader(name);
  const { errorCode, status: usual } = errorOnTheWire(error);
  const { httpStatus } = error.details;
  const status = typeof httpStatus === 'number' ? httpStatus : usual;
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  linger(response);
  sendJson(response, status, {
    error_code: errorCode,
    message: error.message + hint,
    ...errorClassOnTheWire(error, errorCode),
  });
}

/**
 * Keeps the connection while a client still sends a message that is refused already: closing it now would take the answer
 * away from under the client's eyes.
 */
function linger(response: ServerResponse): void {
  const { req: request } = response;
  if (request.complete) return;
  const wantsClose = !response.shouldKeepAlive;
  response.shouldKeepAlive = true;
  const cut = setTimeout(() => request.destroy(), LINGER_MS).unref();
  request.once('end', () => {
    clearTimeout(cut);
    if (wantsClose) request.socket.end();
  });
}

/** Returns the error as one that may be answered: a defect's own words stay in the log, under the request's id. */
export function answerable(error: unknown, requestId: string): PhantomNetError {
  if (error instanceof PhantomNetError && error.code !== 'INTERNAL') return withoutPlace(error);
  return new PhantomNetError(
    'INTERNAL',
    `the server failed; its log says why under request id ${requestId}`,
    {
      cause: error,
    },
  );
}

/** A client is not told where on this machine a file is. */
function withoutPlace(error: PhantomNetError): PhantomNetError {
  const { code, message, hint, details } = error;
  const path = details?.['path'];
  if (typeof path !== 'string' || !isAbsolute(path) || !message.includes(path)) return error;
  const shown = message.replaceAll(path, basename(path));
  return new PhantomNetError(code, shown, { ...(hint === undefined ? {} : { hint }), details, cause: error });
}
