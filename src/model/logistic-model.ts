import type { FeatureMatrix, FeatureSpec } from '../data/index.js';
import type { Model } from './model.js';
import { scoreRows } from './score-batch.js';

const FLOAT32_MAX = 3.4028234663852886e38;

/**
 * The parts of a fitted logistic regression. A numeric feature is one column, a categorical feature one column a category
 * (1 where it is that category). Columns are standardised; a missing value counts as the column's mean.
 */
export interface LogisticModelParts {
  readonly features: readonly FeatureSpec[];
  readonly classes: readonly (number | string)[];
  /** Mean and scale of every column. */
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** nOutputs × nColumns; nOutputs is 1 for two classes (the second's log odds), else the number of classes. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
}

/** A fitted logistic regression. */
export interface LogisticModel extends Model, LogisticModelParts {
  readonly kind: 'logistic-regression';
}

/** Returns the column at which each feature starts, and at the end the number of columns. */
export function featureColumns(features: readonly FeatureSpec[]): Uint32Array {
  const starts = new Uint32Array(features.length + 1);
  features.forEach((feature, f) => {
    starts[f + 1] = starts[f]! + (feature.type === 'categorical' ? (feature.categories?.length ?? 0) : 1);
  });
  return starts;
}

/** Turns log odds in `out` into probabilities, in place: of the second class where `nOutputs` is 1, else of all. */
export function logitsToScores(out: Float64Array, nOutputs: number): void {
  if (nOutputs === 1) {
    const second = 1 / (1 + Math.exp(-out[0]!));
    out[0] = 1 - second;
    out[1] = second;
    return;
  }
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < nOutputs; k++) largest = Math.max(largest, out[k]!);
  let total = 0;
  for (let k = 0; k < nOutputs; k++) {
    out[k] = Math.exp(out[k]! - largest);
    total += out[k]!;
  }
  for (let k = 0; k < nOutputs; k++) out[k] = out[k]! / total;
}

/** Returns the model of its parts. `Math.exp` is fdlibm's in every V8, so all Node versions agree on the bits. */
export function createLogisticModel(parts: LogisticModelParts): LogisticModel {
  const { features, means, scales, coefficients, intercepts } = parts;
  const starts = featureColumns(features);
  const nColumns = starts[features.length]!;
  const nOutputs = intercepts.length;
  const isCategorical = Uint8Array.from(features, (f) => (f.type === 'categorical' ? 1 : 0));
  const logit = (row: Float32Array, k: number): number => {
    let sum = intercepts[k]!;
    for (let f = 0; f < features.length; f++) {
      const value = row[f]!;
      if (Number.isNaN(value)) continue;
      const end = starts[f + 1]!;
      for (let j = starts[f]!; j < end; j++) {
        const cell = isCategorical[f] ? (value === j - starts[f]! ? 1 : 0) : clampFinite(value);
        sum += (coefficients[k * nColumns + j]! * (cell - means[j]!)) / scales[j]!;
      }
    }
    return sum;
  };
  return {
    ...parts,
    kind: 'logistic-regression',
    predictScores(row: Float32Array, out: Float64Array): void {
      for (let k = 0; k < nOutputs; k++) out[k] = logit(row, k);
      logitsToScores(out, nOutputs);
    },
    predictScoresBatch(matrix: FeatureMatrix): Float64Array {
      return scoreRows(this, matrix);
    },
  };
}

function clampFinite(value: number): number {
  return Math.min(FLOAT32_MAX, Math.max(-FLOAT32_MAX, value));
}
