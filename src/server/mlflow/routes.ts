import type { AnyRoute } from '../http/route.js';
import { artifactRoutes } from './artifacts.js';
import { experimentRoutes } from './experiments.js';
import { inputRoutes } from './inputs.js';
import { loggedModelRoutes } from './logged-models.js';
import { metricRoutes } from './metrics.js';
import { modelVersionRoutes } from './model-versions.js';
import { registeredModelRoutes } from './registered-models.js';
import { runRoutes } from './runs.js';
import { traceRoutes } from './traces.js';

/** Every call that is answered. */
export const mlflowRoutes: readonly AnyRoute[] = [
  ...artifactRoutes,
  ...experimentRoutes,
  ...runRoutes,
  ...metricRoutes,
  ...inputRoutes,
  ...loggedModelRoutes,
  ...traceRoutes,
  ...registeredModelRoutes,
  ...modelVersionRoutes,
];
