/**
 * Takes params, a feature matrix and labels; gives a fitted model.
 * Never reads a file and never evaluates.
 */
export type { Estimator, FitOptions } from './estimator.js';
