import { PhantomNetError } from '../core/index.js';
import type { FeatureMatrix, FeatureSpec } from '../data/index.js';
import { columnMajor, type Forest, MAX_LEVELS, type Rows, rowMajor } from '../kernels/index.js';
import { checkFeatures } from './check-features.js';
import { createForestScorer } from './forest-scorer.js';
import type { Model } from './model.js';

/** The families whose models are trees; a decision tree and a stump are forests of one. */
export const TREE_KINDS = ['random-forest', 'extra-trees', 'decision-tree', 'stump'] as const;
export type TreeKind = (typeof TREE_KINDS)[number];

/** The parts of a fitted model of trees. */
export interface TreesModelParts {
  readonly kind: TreeKind;
  readonly features: readonly FeatureSpec[];
  readonly classes: readonly (number | string)[];
  readonly forest: Forest;
  /** Impurity importance by feature: sums to 1, or all 0 where no tree splits. */
  readonly importances: Float64Array;
  /** Accuracy on the samples each tree did not see; null when not asked for. */
  readonly oobScore: number | null;
}

/** Features of nSamples samples, feature after feature: the columns of a `FeatureMatrix`. */
export interface ColumnMatrix {
  readonly nSamples: number;
  readonly features: readonly FeatureSpec[];
  /** nFeatures × nSamples, column-major. */
  readonly columns: Float32Array;
}

/** A fitted model of trees. */
export interface TreesModel extends Model, TreesModelParts {
  readonly kind: TreeKind;
  /** As `Model.predictScoresBatch`, and of columns the same bits as of rows. */
  predictScoresBatch(matrix: FeatureMatrix | ColumnMatrix): Float64Array;
}

/** Returns whether a model is of trees, whatever its family. */
export function isTreesModel(model: Model): model is TreesModel {
  return (TREE_KINDS as readonly string[]).includes(model.kind);
}

/** Returns a model as one of trees. Throws UNSUPPORTED for any other. */
export function asTreesModel(model: Model): TreesModel {
  if (isTreesModel(model)) return model;
  throw new PhantomNetError('UNSUPPORTED', `a model of ${model.kind} has no trees`, {
    hint: `models of ${TREE_KINDS.join(', ')} have them`,
    details: { kind: model.kind },
  });
}

/** Returns the number of categories of each feature that trees split by set: 0 for a number, or beyond 255 categories. */
export function featureLevels(features: readonly FeatureSpec[]): Int32Array {
  return Int32Array.from(features, ({ type, categories }) => {
    const nLevels = type === 'categorical' ? (categories?.length ?? 0) : 0;
    return nLevels <= MAX_LEVELS ? nLevels : 0;
  });
}

/** Returns the rows of a matrix whose features are those of the model. Throws BAD_DATA where they are not. */
export function matrixRows(features: readonly FeatureSpec[], matrix: FeatureMatrix | ColumnMatrix): Rows {
  const byColumn = 'columns' in matrix;
  const values = byColumn ? matrix.columns : matrix.values;
  checkFeatures(features, { nSamples: matrix.nSamples, features: matrix.features, values });
  return byColumn ? columnMajor(values, features.length) : rowMajor(values, features.length);
}

/** Returns a model that scores with the mean of its trees' leaf probabilities. Deterministic to the bit, row by row and in batch. */
export function createTreesModel(parts: TreesModelParts): TreesModel {
  const nClasses = parts.classes.length;
  const scorer = createForestScorer(parts.forest);
  return {
    ...parts,
    predictScores: scorer.scoreRow,
    predictScoresBatch(matrix: FeatureMatrix | ColumnMatrix): Float64Array {
      const rows = matrixRows(parts.features, matrix);
      const scores = new Float64Array(rows.nRows * nClasses);
      scorer.scoreRows(rows, scores);
      return scores;
    },
  };
}
