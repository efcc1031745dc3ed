/**
 * The values that pass between stages: events, feature matrices, labels, splits.
 * Never reads a file and never fits anything.
 */
export { type ColumnRole, type ColumnSchema, EVENT_COLUMNS, type HoneypotEvent } from './event.js';
export {
  type FeatureMatrix,
  type FeatureSpec,
  type Labels,
  type Split,
  takeColumns,
  takeLabels,
  takeRows,
} from './matrix.js';
export type { PayloadStatistics } from './payload.js';
export type { AcceptedInput, Prediction } from './prediction.js';
