/**
 * Takes params, a feature matrix and labels; gives a fitted model.
 * Never reads a file and never evaluates.
 */
export type { WeightByClass } from './class-weight.js';
export type { Estimator, FitOptions } from './estimator.js';
export type { RandomForestParams } from './forest/params.js';
export { randomForest } from './forest/random-forest.js';
export { type LogisticRegressionParams, logisticRegression } from './logistic/logistic-regression.js';
export { type MajorityParams, majority } from './majority.js';
export { type AnyEstimator, estimators, getEstimator } from './registry.js';
export { type StumpParams, stump } from './stump.js';
