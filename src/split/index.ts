/**
 * Takes a number of rows, their labels, groups or times, and gives the row numbers of training and test parts.
 * The same seed gives the same rows in the same order as scikit-learn 1.9.
 * Never sees features, never reads a file, never fits anything.
 */
export { type BlockedTimeSeriesSplitOptions, blockedTimeSeriesSplit } from './blocked-split.js';
export { type GroupTrainTestSplitOptions, groupTrainTestSplit } from './group-holdout.js';
export { type GroupSplit, groupKFold, leaveOneGroupOut } from './group-k-fold.js';
export type { Group } from './groups.js';
export { type KFoldOptions, kFold, type RepeatedKFoldOptions, repeatedKFold } from './k-fold.js';
export {
  type StratifiedGroupTrainTestSplitOptions,
  stratifiedGroupTrainTestSplit,
} from './stratified-group-holdout.js';
export { stratifiedGroupKFold } from './stratified-group-k-fold.js';
export {
  type RareClasses,
  type RepeatedStratifiedKFoldOptions,
  repeatedStratifiedKFold,
  type StratifiedKFoldOptions,
  stratifiedKFold,
} from './stratified-k-fold.js';
export {
  type TimeOrderedSplitOptions,
  type TimeSeriesSplitOptions,
  timeOrderedSplit,
  timeSeriesSplit,
} from './time-split.js';
export { type TrainTestSplitOptions, trainTestSplit } from './train-test-split.js';
