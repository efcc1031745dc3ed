import type { AnyRoute } from '../http/route.js';
import { artifactRoutes } from './artifacts.js';
import { experimentRoutes } from './experiments.js';

/** Every call that is answered. */
export const mlflowRoutes: readonly AnyRoute[] = [...artifactRoutes, ...experimentRoutes];
