import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Endpoint, Method, Permission } from '../../mlflow/index.js';
import type { RegistryStore } from '../../register/index.js';
import type { TrackingStore } from '../../track/index.js';
import type { JsonText } from './answer.js';

/** What handlers answer from. */
export interface Stores {
  readonly tracking: TrackingStore;
  readonly registry: RegistryStore;
}

/** A call of the REST API and what answers it: a checked request in, the answer's JSON out. */
export interface Route {
  readonly endpoint: Endpoint;
  handle(request: unknown, stores: Stores): Promise<unknown>;
}

/** Returns a route whose handler takes and gives exactly what the endpoint says. */
export function route<Request extends z.ZodType, Response extends z.ZodType>(
  endpoint: Endpoint<Request, Response>,
  handle: (request: z.output<Request>, stores: Stores) => Promise<z.input<Response> | JsonText>,
): Route {
  return { endpoint, handle: (request, stores) => handle(request as z.output<Request>, stores) };
}

/**
 * A call whose body or answer is not one JSON message: files, pages. Its handler reads the request and writes the answer
 * itself; host, origin, permission and path are checked before. What it throws before it wrote is answered in MLflow's
 * error form, later the connection is cut.
 */
export interface RawRoute {
  /** GET answers HEAD as well. */
  readonly method: Method;
  /**
   * Below `/api/` and `/ajax-api/`, as an endpoint's, or with a leading slash below the server's own root. `{field}`
   * stands for one part, `{field...}` at the end for all that is left, an artifact's path.
   */
  readonly path: string;
  /** What the caller must be allowed to do; `open` asks nobody who they are. */
  readonly permission: Permission | 'open';
  handle(exchange: Exchange, stores: Stores): Promise<void> | void;
}

/** One request to a raw route. */
export interface Exchange {
  readonly request: IncomingMessage;
  /** Headers that every answer has are set already. */
  readonly response: ServerResponse;
  /** The fields of the path, percent-decoded; that of `{field...}` is '' or went through `checkArtifactPath`, but for a slash at its end. */
  readonly fields: Readonly<Record<string, string>>;
  /** The fields of the query, percent-decoded and not checked; a list where one is given more than once. */
  readonly query: Readonly<Record<string, unknown>>;
}

/** Either kind of route. */
export type AnyRoute = Route | RawRoute;
