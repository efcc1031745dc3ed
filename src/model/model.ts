import type { FeatureMatrix, FeatureSpec } from '../data/index.js';

/** A fitted model: scores rows of its features. Holds no file, runs no code from an artifact, trains nothing. */
export interface Model {
  /** The family, as the codec names it: random-forest, majority, stump, logistic-regression. */
  readonly kind: string;
  readonly features: readonly FeatureSpec[];
  /** Class labels in ascending order; score i is the probability of classes[i]. */
  readonly classes: readonly (number | string)[];
  /**
   * Writes the class probabilities of one row into `out` (length nClasses). `row` has one float32 value a feature, NaN is missing.
   * No allocation.
   */
  predictScores(row: Float32Array, out: Float64Array): void;
  /** Returns nSamples × nClasses probabilities, row-major. Throws BAD_DATA when the matrix's features are not the model's. */
  predictScoresBatch(matrix: FeatureMatrix): Float64Array;
}
