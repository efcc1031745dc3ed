import type { FeatureMatrix, FeatureSpec } from '../data/index.js';
import { type Forest, scoreBatch, scoreRow } from '../kernels/index.js';
import { checkFeatures } from './check-features.js';
import type { Model } from './model.js';

/** The parts of a fitted forest or stump (a stump is a forest of one tree with one split). */
export interface TreesModelParts {
  readonly kind: 'random-forest' | 'stump';
  readonly features: readonly FeatureSpec[];
  readonly classes: readonly (number | string)[];
  readonly forest: Forest;
  /** Impurity importance by feature: sums to 1, or all 0 where no tree splits. */
  readonly importances: Float64Array;
  /** Accuracy on the samples each tree did not see; null when not asked for. */
  readonly oobScore: number | null;
}

/** A fitted forest or stump. */
export interface TreesModel extends Model, TreesModelParts {
  readonly kind: 'random-forest' | 'stump';
}

/** Returns a model that scores with the mean of its trees' leaf probabilities. Deterministic to the bit, row by row and in batch. */
export function createTreesModel(parts: TreesModelParts): TreesModel {
  return {
    ...parts,
    predictScores(row: Float32Array, out: Float64Array): void {
      scoreRow(parts.forest, row, out);
    },
    predictScoresBatch(matrix: FeatureMatrix): Float64Array {
      checkFeatures(parts.features, matrix);
      const scores = new Float64Array(matrix.nSamples * parts.classes.length);
      scoreBatch(parts.forest, matrix.values, parts.features.length, scores);
      return scores;
    },
  };
}
