/**
 * Takes a number of rows, their labels or their times, and gives the row numbers of training and test parts.
 * The same seed gives the same rows in the same order as scikit-learn 1.9.
 * Never sees features, never reads a file, never fits anything.
 */
export { type KFoldOptions, kFold, type RepeatedKFoldOptions, repeatedKFold } from './k-fold.js';
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
