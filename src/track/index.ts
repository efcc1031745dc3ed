/**
 * Takes what a run did and keeps it: experiments, runs, params, metrics, data sets, models, artifacts, behind one port.
 * Never trains and never decides.
 */

export type { RecoveredRun } from './embedded-recovery.js';
export { type GitState, readGitState } from './git-state.js';
export { type ActiveRun, STATUS_REASON_TAG, withRun } from './lifecycle.js';
export { type OpenedTrackingStore, type OpenTrackingOptions, openTrackingStore } from './open.js';
export type * from './port.js';
export { selectExperiment } from './select-experiment.js';
export type { RunOptions } from './start-run.js';
