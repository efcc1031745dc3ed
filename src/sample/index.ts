/**
 * Takes a seed, gives the events of the sample that the project ships, and what the sample must show of itself.
 * Never writes a file; nothing of it is used in training or scoring.
 */
export {
  checkSample,
  MAX_COLUMN_AUC,
  MAX_MAJORITY_SHARE,
  type MeasuredAccuracy,
  PAYLOAD_LENGTH_ACCURACY,
  type SampleCheck,
  type SampleEvidence,
} from './check.js';
export { formatSampleCsv } from './csv.js';
export { generateSample, SAMPLE_SEED, type SampleOptions, type SampleRow } from './generate.js';
export type { SessionKind } from './session.js';
