import { type ErrorCode, PhantomNetError } from '../core/index.js';

/**
 * Every error code of MLflow's wire: the HTTP status it travels with, and the code of ours it means to a client. An
 * internal error of a server is no defect of ours, so a client sees it as UNAVAILABLE.
 */
export const MLFLOW_ERRORS = {
  BAD_REQUEST: { status: 400, means: 'INVALID_PARAMETER' },
  INVALID_PARAMETER_VALUE: { status: 400, means: 'INVALID_PARAMETER' },
  RESOURCE_ALREADY_EXISTS: { status: 400, means: 'ALREADY_EXISTS' },
  UNAUTHENTICATED: { status: 401, means: 'PERMISSION_DENIED' },
  CUSTOMER_UNAUTHORIZED: { status: 401, means: 'PERMISSION_DENIED' },
  PERMISSION_DENIED: { status: 403, means: 'PERMISSION_DENIED' },
  RESOURCE_DOES_NOT_EXIST: { status: 404, means: 'NOT_FOUND' },
  NOT_FOUND: { status: 404, means: 'NOT_FOUND' },
  ENDPOINT_NOT_FOUND: { status: 404, means: 'UNSUPPORTED' },
  ALREADY_EXISTS: { status: 409, means: 'ALREADY_EXISTS' },
  RESOURCE_CONFLICT: { status: 409, means: 'CONFLICT' },
  ABORTED: { status: 409, means: 'CONFLICT' },
  REQUEST_LIMIT_EXCEEDED: { status: 429, means: 'UNAVAILABLE' },
  RESOURCE_EXHAUSTED: { status: 429, means: 'UNAVAILABLE' },
  CANCELLED: { status: 499, means: 'CANCELLED' },
  INTERNAL_ERROR: { status: 500, means: 'UNAVAILABLE' },
  INVALID_STATE: { status: 500, means: 'CONFLICT' },
  DATA_LOSS: { status: 500, means: 'INTEGRITY' },
  NOT_IMPLEMENTED: { status: 501, means: 'UNSUPPORTED' },
  TEMPORARILY_UNAVAILABLE: { status: 503, means: 'UNAVAILABLE' },
  DEADLINE_EXCEEDED: { status: 504, means: 'UNAVAILABLE' },
} as const satisfies Record<string, { readonly status: number; readonly means: ErrorCode }>;

/** One of MLflow's error codes. */
export type MlflowErrorCode = keyof typeof MLFLOW_ERRORS;

/** The code of MLflow's that each of ours is on the wire; an error's `details.mlflowCode` says another. */
const ON_THE_WIRE: Readonly<Record<ErrorCode, MlflowErrorCode>> = {
  INVALID_PARAMETER: 'INVALID_PARAMETER_VALUE',
  INVALID_CONFIG: 'INVALID_PARAMETER_VALUE',
  BAD_DATA: 'INVALID_PARAMETER_VALUE',
  CONFLICT: 'INVALID_PARAMETER_VALUE',
  NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  ALREADY_EXISTS: 'RESOURCE_ALREADY_EXISTS',
  INTEGRITY: 'DATA_LOSS',
  CHECK_FAILED: 'INVALID_STATE',
  UNAVAILABLE: 'TEMPORARILY_UNAVAILABLE',
  PERMISSION_DENIED: 'PERMISSION_DENIED',
  UNSUPPORTED: 'NOT_IMPLEMENTED',
  CANCELLED: 'CANCELLED',
  INTERNAL: 'INTERNAL_ERROR',
};

/** Returns how an error of ours is answered to a client of MLflow's: its code there and the HTTP status. */
export function errorOnTheWire(error: PhantomNetError): { errorCode: MlflowErrorCode; status: number } {
  const given = error.details?.['mlflowCode'];
  const errorCode =
    typeof given === 'string' && Object.hasOwn(MLFLOW_ERRORS, given)
      ? (given as MlflowErrorCode)
      : ON_THE_WIRE[error.code];
  return { errorCode, status: MLFLOW_ERRORS[errorCode].status };
}

/**
 * Returns the error that an answer with an error status means. `what` names the call (`POST runs/create`). The body is
 * hostile: its message is cut at 500 characters with control characters escaped, and only known codes count; without
 * one, the status decides.
 */
export function errorFromAnswer(what: string, status: number, body: string): PhantomNetError {
  const { code: wireCode, message } = readErrorBody(body);
  // MLflow answers JSON for a thing that is not there, and HTML for a call it does not have.
  const isUnknownCall = status === 404 && wireCode === undefined;
  const code =
    wireCode !== undefined
      ? MLFLOW_ERRORS[wireCode].means
      : isUnknownCall
        ? 'UNSUPPORTED'
        : codeOfStatus(status);
  const hint = hintFor(code, status, what);
  return new PhantomNetError(code, message === '' ? `the server answered ${status} to ${what}` : message, {
    ...(hint === undefined ? {} : { hint }),
    details: { call: what, status, ...(wireCode === undefined ? {} : { mlflowCode: wireCode }) },
  });
}

function readErrorBody(body: string): { code: MlflowErrorCode | undefined; message: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { code: undefined, message: '' };
  }
  if (typeof parsed !== 'object' || parsed === null) return { code: undefined, message: '' };
  const { error_code, message, detail } = parsed as Record<string, unknown>;
  const known = typeof error_code === 'string' && Object.hasOwn(MLFLOW_ERRORS, error_code);
  const text = typeof message === 'string' ? message : typeof detail === 'string' ? detail : '';
  return { code: known ? (error_code as MlflowErrorCode) : undefined, message: printable(text) };
}

/** Cut at the first line too: MLflow appends SQL and tracebacks to some messages. */
function printable(text: string): string {
  const firstLine = text.trim().split('\n', 1)[0] ?? '';
  return firstLine
    .slice(0, 500)
    .replace(
      /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
      (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    );
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'PERMISSION_DENIED';
  if (status === 409) return 'CONFLICT';
  if (status === 405 || status === 501) return 'UNSUPPORTED';
  if (status === 408 || status === 429 || status >= 500) return 'UNAVAILABLE';
  return 'INVALID_PARAMETER';
}

function hintFor(code: ErrorCode, status: number, what: string): string | undefined {
  if (status === 401) {
    return 'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN';
  }
  if (status === 403) return 'ask the owner of the server for the permission, or use other credentials';
  if (status === 413) return 'raise the limit of the proxy before the server, or log less at a time';
  if (code === 'NOT_FOUND')
    return /registered-models|model-versions/.test(what)
      ? 'see phantomnet models list for the models and versions there are'
      : 'see phantomnet runs list for the runs and experiments there are';
  if (code === 'UNAVAILABLE') return "try again later; the server's log says why it failed";
  if (code === 'UNSUPPORTED')
    return 'check that the tracking uri is that of an MLflow server, of version 3 or later';
  return undefined;
}
