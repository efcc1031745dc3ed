import type { z } from 'zod';
import type { Endpoint } from '../../mlflow/index.js';
import type { RegistryStore } from '../../register/index.js';
import type { TrackingStore } from '../../track/index.js';

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
  handle: (request: z.output<Request>, stores: Stores) => Promise<z.input<Response>>,
): Route {
  return { endpoint, handle: (request, stores) => handle(request as z.output<Request>, stores) };
}
