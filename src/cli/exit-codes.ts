import type { ErrorCode } from '../core/index.js';

/** What each exit code of the program means; printed in the reference. */
export const EXIT_CODES = {
  0: 'ok',
  1: 'a check or gate failed',
  2: 'usage: a flag, argument, param, config or state does not fit',
  3: 'not found: a file, run, model, version or column',
  4: 'bad data: input rows cannot be used',
  5: 'integrity: stored bytes are damaged or must not be loaded',
  6: 'the store or server cannot be reached, or refuses the credentials',
  70: 'a defect of PhantomNet',
  130: 'interrupted',
} as const;

/** One of the program's exit codes. */
type ExitCode = keyof typeof EXIT_CODES;

const BY_ERROR: Readonly<Record<ErrorCode, ExitCode>> = {
  CHECK_FAILED: 1,
  INVALID_PARAMETER: 2,
  INVALID_CONFIG: 2,
  ALREADY_EXISTS: 2,
  CONFLICT: 2,
  UNSUPPORTED: 2,
  NOT_FOUND: 3,
  BAD_DATA: 4,
  INTEGRITY: 5,
  UNAVAILABLE: 6,
  PERMISSION_DENIED: 6,
  INTERNAL: 70,
  CANCELLED: 130,
};

/** Returns the exit code that belongs to an error code. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return BY_ERROR[code];
}
