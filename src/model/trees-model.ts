import type { FeatureMatrix, FeatureSpec } from '../data/index.js';
import { buildStepTable, type Forest, scoreBatch, scoreRow, scoreStep } from '../kernels/index.js';
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
  const nClasses = parts.classes.length;
  const steps = parts.features.length === 1 ? buildStepTable(parts.forest) : null;
  return {
    ...parts,
    predictScores(row: Float32Array, out: Float64Array): void {
      if (steps) scoreStep(steps, row[0]!, out, 0);
      else scoreRow(parts.forest, row, out);
    },
    predictScoresBatch(matrix: FeatureMatrix): Float64Array {
      checkFeatures(parts.features, matrix);
      const scores = new Float64Array(matrix.nSamples * nClasses);
      if (steps)
        for (let i = 0; i < matrix.nSamples; i++) scoreStep(steps, matrix.values[i]!, scores, i * nClasses);
      else scoreBatch(parts.forest, matrix.values, parts.features.length, scores);
      return scores;
    },
  };
}
