import type { Route } from '../http/route.js';
import { experimentRoutes } from './experiments.js';
import { inputRoutes } from './inputs.js';
import { loggedModelRoutes } from './logged-models.js';
import { metricRoutes } from './metrics.js';
import { runRoutes } from './runs.js';
import { traceRoutes } from './traces.js';

/** Every call that is answered. */
export const mlflowRoutes: readonly Route[] = [
  ...experimentRoutes,
  ...runRoutes,
  ...metricRoutes,
  ...inputRoutes,
  ...loggedModelRoutes,
  ...traceRoutes,
];
