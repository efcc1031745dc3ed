import { traceEndpoints } from '../../mlflow/index.js';
import { type Route, route } from '../http/route.js';

/** The searches of traces that training code makes; there are no traces here. */
export const traceRoutes: readonly Route[] = [
  route(traceEndpoints.searchTraces, async () => ({})),
  route(traceEndpoints.searchTracesV3, async () => ({})),
];
