import { PhantomNetError, show } from '../core/index.js';
import type { Credentials } from './credentials.js';
import { errorFromAnswer } from './error-codes.js';
import { readCapped } from './read-capped.js';
import { type RetryAdvice, type RetryPolicy, withRetries } from './retry.js';

const MAX_ERROR_SIZE_BYTES = 1024 * 1024;

/** What a request may carry. */
export type UploadBody = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** One HTTP call below `<root>/api/`. */
interface HttpCall {
  readonly method: string;
  readonly path: string;
  /** Below `<root>/ajax-api/` instead. */
  readonly isAjaxOnly?: boolean;
  /** Doing it twice leaves what doing it once does, so it may be tried again. */
  readonly isIdempotent: boolean;
  /** Called again for each try. */
  readonly body?: () => UploadBody;
  readonly isJson?: boolean;
  /** Whole files take longer than messages; default `timeoutMs` of the sender. */
  readonly timeoutMs?: number;
  readonly maxSizeBytes: number;
}

/** To whom a sender speaks and how patient it is. */
interface SenderOptions {
  readonly root: string;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
}

/** Returns a function that makes HTTP calls and gives the bytes of a good answer; errors are PhantomNetErrors without secrets. */
export function createSender(options: SenderOptions): (call: HttpCall) => Promise<Uint8Array> {
  const { root, credentials, retry } = options;
  return async (call) => {
    const timeoutMs = call.timeoutMs ?? options.timeoutMs;
    const what = `${call.method} ${call.path.split('?', 1)[0] ?? ''}`;
    const attempt = async () => {
      const { authorization } = credentials;
      const below = call.isAjaxOnly ? 'ajax-api' : 'api';
      const response = await fetchOnce(`${root}/${below}/${call.path}`, call, { authorization, timeoutMs });
      const bytes = await readCapped(response, response.ok ? call.maxSizeBytes : MAX_ERROR_SIZE_BYTES, what);
      if (response.ok) return bytes;
      throw new AnswerError(response, credentials.scrub(new TextDecoder().decode(bytes)));
    };
    try {
      return await withRetries(retry, attempt, (error) => (call.isIdempotent ? adviceOn(error) : undefined));
    } catch (error) {
      throw explain(error, { what, root, timeoutMs });
    }
  };
}

/** An answer with an error status, before it is turned into one of our errors. */
class AnswerError extends Error {
  readonly status: number;
  readonly retryAfterMs: number;
  readonly location: string | undefined;

  constructor(
    response: Response,
    readonly body: string,
  ) {
    super(`status ${response.status}`);
    this.status = response.status;
    this.retryAfterMs = retryAfterMs(response);
    this.location = locationOf(response);
  }
}

async function fetchOnce(
  url: string,
  call: HttpCall,
  { authorization, timeoutMs }: { authorization: string | undefined; timeoutMs: number },
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json, */*' };
  if (authorization !== undefined) headers['authorization'] = authorization;
  if (call.body !== undefined) {
    headers['content-type'] = call.isJson ? 'application/json' : 'application/octet-stream';
  }
  const body = call.body?.();
  return fetch(url, {
    method: call.method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body }),
    ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  });
}

/** Codes of a connection that broke under way; one that was never made is not worth another try. */
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function adviceOn(error: unknown): RetryAdvice {
  if (error instanceof AnswerError) {
    return error.status === 429 || error.status === 503 ? { afterMs: error.retryAfterMs } : undefined;
  }
  return BROKEN_CONNECTION.has(networkCode(error)) ? { afterMs: 0 } : undefined;
}

function networkCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}

function explain(error: unknown, about: { what: string; root: string; timeoutMs: number }): PhantomNetError {
  if (error instanceof PhantomNetError) return error;
  if (error instanceof AnswerError) {
    if (error.status >= 300 && error.status < 400) return redirectError(error, about);
    return errorFromAnswer(about.what, error.status, error.body);
  }
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const reason = isTimeout
    ? `no answer within ${about.timeoutMs / 1_000} s`
    : networkCode(error) || 'no connection';
  return new PhantomNetError('UNAVAILABLE', `cannot reach the MLflow server at ${about.root}: ${reason}`, {
    hint: 'check that the server runs and that MLFLOW_TRACKING_URI is its address',
    details: { call: about.what, uri: about.root, reason },
  });
}

function redirectError(error: AnswerError, { what, root }: { what: string; root: string }): PhantomNetError {
  return new PhantomNetError(
    'UNAVAILABLE',
    `the server at ${root} redirects ${what} to ${show(error.location)}`,
    {
      hint: 'set the tracking uri to the address it redirects to',
      details: { call: what, uri: root, status: error.status },
    },
  );
}

/** Only the origin of the target: its path and query may carry what nobody should read. */
function locationOf(response: Response): string | undefined {
  const location = response.headers.get('location');
  return location !== null && URL.canParse(location) ? new URL(location).origin : undefined;
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? '0');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}
