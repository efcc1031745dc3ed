import type { z } from 'zod';
import { invalidParameter, PhantomNetError } from '../core/index.js';
import { type Environment, readCredentials } from './credentials.js';
import { createSender, type UploadBody } from './http.js';
import type { Endpoint } from './messages/endpoint.js';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.js';

const MAX_JSON_SIZE_BYTES = 64 * 1024 * 1024;
const MAX_FILE_SIZE_BYTES = 2 ** 31 - 1;
const DEFAULT_TIMEOUT_S = 120;
/** A file may take this many times as long as a message. */
const FILE_TIMEOUT_FACTOR = 30;

/** Calls MLflow's REST API. All errors are PhantomNetErrors without credentials in them. */
export interface RestClient {
  /** The server's address without credentials and final slash. */
  readonly uri: string;
  /** Returns the checked answer of a call. Throws what the server's error code means, UNAVAILABLE when it cannot be reached. */
  call<Request extends z.ZodType, Response extends z.ZodType>(
    endpoint: Endpoint<Request, Response>,
    request: z.input<Request>,
  ): Promise<z.output<Response>>;
  /** Returns the bytes at a path below `/api/` (at most 2 GiB). */
  download(path: string): Promise<Uint8Array>;
  /** Puts bytes at a path below `/api/`; `body` is called again for each try. */
  upload(path: string, body: () => UploadBody): Promise<void>;
  /** Deletes what is at a path below `/api/`. */
  remove(path: string): Promise<void>;
}

/** How a client is set up. */
export interface RestClientOptions {
  readonly env?: Environment;
  readonly retry?: RetryPolicy;
}

/**
 * Returns a client of the MLflow server at `uri` (http or https, with or without `user:password@`). Reads
 * MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN, MLFLOW_HTTP_REQUEST_TIMEOUT (seconds) and
 * MLFLOW_HTTP_REQUEST_MAX_RETRIES from `env`. Calls that may be repeated are tried again after 429, 503 and a broken
 * connection. Redirects are not followed: credentials go to this address only.
 */
export function createRestClient(uri: string, options: RestClientOptions = {}): RestClient {
  const env = options.env ?? process.env;
  const address = new URL(uri);
  const root = `${address.protocol}//${address.host}${address.pathname.replace(/\/+$/, '')}`;
  const retry = options.retry ?? DEFAULT_RETRY;
  const messageTimeoutMs = 1_000 * (readWhole(env, 'MLFLOW_HTTP_REQUEST_TIMEOUT') ?? DEFAULT_TIMEOUT_S);
  const timeoutMs = messageTimeoutMs * FILE_TIMEOUT_FACTOR;
  const send = createSender({
    root,
    credentials: readCredentials(address, env),
    timeoutMs: messageTimeoutMs,
    retry: { ...retry, maxRetries: readWhole(env, 'MLFLOW_HTTP_REQUEST_MAX_RETRIES') ?? retry.maxRetries },
  });

  return {
    uri: root,
    async call(endpoint, request) {
      const fields = request as Record<string, unknown>;
      const path = fillPath(endpoint.path, fields);
      const { method, isIdempotent } = endpoint;
      const inQuery = method === 'GET';
      // MLflow wants fields of the path in the body too.
      const body = JSON.stringify(fields);
      const bytes = await send({
        method,
        path: inQuery ? `${path}${toQuery(fields)}` : path,
        isAjaxOnly: endpoint.isAjaxOnly === true,
        isIdempotent,
        ...(inQuery ? {} : { body: () => body, isJson: true }),
        maxSizeBytes: MAX_JSON_SIZE_BYTES,
      });
      return readAnswer(endpoint, bytes);
    },
    download: (path) =>
      send({ method: 'GET', path, isIdempotent: true, timeoutMs, maxSizeBytes: MAX_FILE_SIZE_BYTES }),
    upload: async (path, body) => {
      await send({
        method: 'PUT',
        path,
        isIdempotent: true,
        body,
        timeoutMs,
        maxSizeBytes: MAX_JSON_SIZE_BYTES,
      });
    },
    remove: async (path) => {
      await send({ method: 'DELETE', path, isIdempotent: true, maxSizeBytes: MAX_JSON_SIZE_BYTES });
    },
  };
}

function readWhole(env: Environment, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,6}$/.test(text)) invalidParameter(name, 'a whole number from 0', text);
  return Number(text);
}

function fillPath(template: string, fields: Record<string, unknown>): string {
  return template.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(fields[field]);
    // A dot segment would climb in the url, and a slash in a tag's key is one that MLflow does not find again.
    const isPlain = field.endsWith('_key') ? !/^\.{1,2}$|\/|^$/.test(value) : /^[\w-]{1,256}$/.test(value);
    if (!isPlain) invalidParameter(field, 'letters, digits, _ and -', value);
    return encodeURIComponent(value);
  });
}

function toQuery(fields: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) query.append(key, String(one));
    }
  }
  return query.size === 0 ? '' : `?${query}`;
}

function readAnswer<Response extends z.ZodType>(
  endpoint: Endpoint<z.ZodType, Response>,
  bytes: Uint8Array,
): z.output<Response> {
  const what = `${endpoint.method} ${endpoint.path}`;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw badAnswer(what, 'it is not JSON');
  }
  const parsed = endpoint.response.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badAnswer(what, `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong shape'}`);
}

function badAnswer(what: string, reason: string): PhantomNetError {
  return new PhantomNetError('UNAVAILABLE', `the server's answer to ${what} is not MLflow's: ${reason}`, {
    hint: 'check that the tracking uri is that of an MLflow server, of version 3 or later',
    details: { call: what, reason },
  });
}
