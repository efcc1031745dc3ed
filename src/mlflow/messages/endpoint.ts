import type { z } from 'zod';

/** What a caller must be allowed to do: see, change, or remove and bring back. */
export type Permission = 'read' | 'write' | 'manage';

/** The HTTP methods of MLflow's REST API. */
export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/**
 * One call of MLflow's REST API: where it is, what goes in, what comes back. `{field}` in the path is filled from the
 * request. `isIdempotent` says that doing it twice leaves what doing it once does, so that a client may try again.
 */
export interface Endpoint<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  readonly method: Method;
  /** Below the server's `/api/`, without a leading slash. */
  readonly path: string;
  /** Served under `/ajax-api/` only, not under `/api/`. */
  readonly isAjaxOnly?: true;
  readonly permission: Permission;
  readonly isIdempotent: boolean;
  readonly request: Request;
  readonly response: Response;
}

/** Returns the endpoint as it is, with the types of its request and answer kept. */
export function endpoint<Request extends z.ZodType, Response extends z.ZodType>(
  definition: Endpoint<Request, Response>,
): Endpoint<Request, Response> {
  return definition;
}
