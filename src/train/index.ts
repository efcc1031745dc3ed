/**
 * Takes params, a feature matrix and labels; gives a fitted model, the calibration of one's scores, or what guards the rows.
 * Never reads a file and never evaluates.
 */
export { type CalibrationSamples, fitCalibration } from './calibrate.js';
export type { WeightByClass } from './class-weight.js';
export {
  type CapSourceShareOptions,
  capSourceShare,
  inverseFrequencyWeights,
  type SuspectLabel,
  suspectLabels,
} from './defences/index.js';
export type { Estimator, FitOptions, Progress } from './estimator.js';
export { type DecisionTreeParams, decisionTree } from './forest/decision-tree.js';
export { extraTrees } from './forest/extra-trees.js';
export type { ForestParams } from './forest/forest-params.js';
export { type FitForecast, type FitSize, planFit } from './forest/plan-fit.js';
export { randomForest } from './forest/random-forest.js';
export type { TreeParams } from './forest/tree-params.js';
export { type LogisticRegressionParams, logisticRegression } from './logistic/logistic-regression.js';
export { type MajorityParams, majority } from './majority.js';
export { type AnyEstimator, estimators, getEstimator } from './registry.js';
export { type StumpParams, stump } from './stump.js';
