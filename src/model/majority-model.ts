import type { FeatureMatrix, FeatureSpec } from '../data/index.js';
import type { Model } from './model.js';
import { scoreRows } from './score-batch.js';

/** The parts of a fitted majority-class baseline. */
export interface MajorityModelParts {
  readonly features: readonly FeatureSpec[];
  readonly classes: readonly (number | string)[];
  /** Share of each class in the training weight. */
  readonly priors: Float64Array;
}

/** A fitted majority-class baseline. */
export interface MajorityModel extends Model, MajorityModelParts {
  readonly kind: 'majority';
}

/** Returns a model that gives every row the class shares of the training set, so that it predicts the largest class. */
export function createMajorityModel(parts: MajorityModelParts): MajorityModel {
  return {
    ...parts,
    kind: 'majority',
    predictScores(_row: Float32Array, out: Float64Array): void {
      for (let c = 0; c < parts.priors.length; c++) out[c] = parts.priors[c]!;
    },
    predictScoresBatch(matrix: FeatureMatrix): Float64Array {
      return scoreRows(this, matrix);
    },
  };
}
