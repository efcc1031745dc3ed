import { visible } from './visible.js';

/** The stable codes of all errors of PhantomNet. The CLI maps each to an exit code; a server maps each to an HTTP status. */
export type ErrorCode =
  | 'INVALID_PARAMETER' // a param, option or argument is out of its range or of the wrong type
  | 'INVALID_CONFIG' // the config file is not valid
  | 'NOT_FOUND' // a run, model, version, file or column does not exist
  | 'ALREADY_EXISTS' // a name is taken
  | 'BAD_DATA' // input rows cannot be used
  | 'INTEGRITY' // stored bytes are not what they were when written, or must not be loaded
  | 'CHECK_FAILED' // a gate or check said no
  | 'CONFLICT' // the state does not allow the operation
  | 'UNAVAILABLE' // a store or server cannot be reached or is busy
  | 'PERMISSION_DENIED' // credentials are missing or refused
  | 'UNSUPPORTED' // a thing this version cannot do
  | 'CANCELLED' // interrupted by the caller
  | 'INTERNAL'; // a defect of PhantomNet

/** What an error may carry beside its message. */
export interface PhantomNetErrorOptions {
  /** What to do next, in one sentence. */
  readonly hint?: string;
  /** Machine-readable facts: file, line, column, field, value, allowed. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The root of every error PhantomNet throws on purpose: says what was wrong, where, what was expected, and (in `hint`) the fix.
 *
 * @example
 * ```ts
 * const error = new PhantomNetError('NOT_FOUND', "no column 'payload_lenght'", { hint: "did you mean 'payload_length'?" });
 * error.code; // 'NOT_FOUND'
 * ```
 */
export class PhantomNetError extends Error {
  override readonly name = 'PhantomNetError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: PhantomNetErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** Throws INVALID_PARAMETER in the one shape that all bad params have: name, what is allowed, what was given. */
export function invalidParameter(name: string, allowed: string, given: unknown): never {
  throw new PhantomNetError('INVALID_PARAMETER', `${name} must be ${allowed}, got ${show(given)}`, {
    details: { parameter: name, allowed, given },
    hint: `set ${name} to ${allowed}`,
  });
}

/** Returns a short printable form of any value: at most 80 characters, control characters escaped. */
export function show(value: unknown): string {
  let text: string;
  if (typeof value === 'string') text = JSON.stringify(value);
  else if (typeof value === 'number' || typeof value === 'bigint' || value == null) text = String(value);
  else {
    try {
      text = JSON.stringify(value) ?? String(value);
    } catch {
      text = Object.prototype.toString.call(value);
    }
  }
  text = visible(text);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
