import type { AnyRoute } from '../http/route.js';
import { artifactRoutes } from './artifacts.js';
import { experimentRoutes } from './experiments.js';
import { modelVersionRoutes } from './model-versions.js';
import { registeredModelRoutes } from './registered-models.js';

/** Every call that is answered. */
export const mlflowRoutes: readonly AnyRoute[] = [
  ...artifactRoutes,
  ...experimentRoutes,
  ...registeredModelRoutes,
  ...modelVersionRoutes,
];
