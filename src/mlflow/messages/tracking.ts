import { experimentEndpoints } from './tracking-experiments.js';
import { loggingEndpoints } from './tracking-logging.js';
import { runEndpoints } from './tracking-runs.js';

export { wireExperiment } from './tracking-experiments.js';
export { wireMetric, wireRun, wireRunInfo } from './tracking-runs.js';

/** The calls on experiments and runs. */
export const trackingEndpoints = { ...experimentEndpoints, ...runEndpoints, ...loggingEndpoints } as const;
