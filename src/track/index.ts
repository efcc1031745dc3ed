/**
 * Takes what a run did and keeps it: experiments, runs, params, metrics, data sets, models, artifacts, behind one port.
 * Never trains and never decides.
 */
export { type EmbeddedOptions, type EmbeddedTracking, openEmbeddedTracking } from './embedded.js';
export type { RecoveredRun } from './embedded-recovery.js';
export type * from './port.js';
