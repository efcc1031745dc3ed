import type { PhantomNetError } from '../core/index.js';
import type { MlflowErrorCode } from './error-codes.js';

/** The classes of MLflow's that an answer may name, each with the SQLSTATE that goes with it. */
const SQLSTATES = {
  INVALID_PARAMETER_VALUE: 'KAM00',
  RESOURCE_ALREADY_EXISTS: 'KAM00',
  RESOURCE_NOT_FOUND: 'KAM00',
  PERMISSION_DENIED: 'KAM00',
  ATTRIBUTE_NOT_FOUND: 'KAM04',
  CLIENT_INTERNAL_ERROR: 'XXM00',
} as const;

type ErrorClass = keyof typeof SQLSTATES;

/** The class of each code that has one. */
const CLASS_OF_CODE: Partial<Record<MlflowErrorCode, ErrorClass>> = {
  BAD_REQUEST: 'INVALID_PARAMETER_VALUE',
  INVALID_PARAMETER_VALUE: 'INVALID_PARAMETER_VALUE',
  RESOURCE_ALREADY_EXISTS: 'RESOURCE_ALREADY_EXISTS',
  CUSTOMER_UNAUTHORIZED: 'PERMISSION_DENIED',
  PERMISSION_DENIED: 'PERMISSION_DENIED',
  RESOURCE_DOES_NOT_EXIST: 'RESOURCE_NOT_FOUND',
  NOT_FOUND: 'RESOURCE_NOT_FOUND',
  ENDPOINT_NOT_FOUND: 'RESOURCE_NOT_FOUND',
  INTERNAL_ERROR: 'CLIENT_INTERNAL_ERROR',
  INVALID_STATE: 'CLIENT_INTERNAL_ERROR',
  TEMPORARILY_UNAVAILABLE: 'CLIENT_INTERNAL_ERROR',
};

/** Returns what MLflow's answers say of an error beside its code: nothing for codes without a class. `details.errorClass` says another. */
export function errorClassOnTheWire(
  error: PhantomNetError,
  errorCode: MlflowErrorCode,
): { readonly sqlstate?: string; readonly error_class?: string } {
  const given = error.details['errorClass'];
  const isKnown = typeof given === 'string' && Object.hasOwn(SQLSTATES, given);
  const errorClass = isKnown ? (given as ErrorClass) : CLASS_OF_CODE[errorCode];
  return errorClass === undefined ? {} : { sqlstate: SQLSTATES[errorClass], error_class: errorClass };
}
