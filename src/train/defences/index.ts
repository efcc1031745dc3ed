/**
 * Takes who sent each training row, or what others say of its label; gives rows to keep, weights, and rows to look at.
 * Never deletes a row and never fits a model.
 */
export { type CapSourceShareOptions, capSourceShare } from './cap-source-share.js';
export { inverseFrequencyWeights } from './inverse-frequency-weights.js';
export { type SuspectLabel, suspectLabels } from './suspect-labels.js';
