/**
 * Takes and gives what MLflow's wire is made of: addresses, names, limits, error codes, REST messages, the MLmodel file.
 * Never opens a file, a socket or a database.
 */
export { checkArtifactPath } from './artifact-path.js';
export { type Batch, type BatchMetric, checkMetric, prepareBatch, prepareRunTags } from './batch.js';
export { cutTo, isLongerThan, LIMITS } from './limits.js';
export {
  checkAlias,
  checkExperimentId,
  checkExperimentName,
  checkKey,
  checkLoggedModelName,
  checkRegisteredModelName,
  checkVersion,
} from './names.js';
