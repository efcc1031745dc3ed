import type { FeatureMatrix } from '../data/index.js';
import { checkFeatures } from './check-features.js';
import type { Model } from './model.js';

/** Returns the scores of every row by one call of `predictScores` a row. */
export function scoreRows(model: Model, matrix: FeatureMatrix): Float64Array {
  checkFeatures(model.features, matrix);
  const width = model.features.length;
  const nClasses = model.classes.length;
  const scores = new Float64Array(matrix.nSamples * nClasses);
  for (let i = 0; i < matrix.nSamples; i++) {
    const row = matrix.values.subarray(i * width, (i + 1) * width);
    model.predictScores(row, scores.subarray(i * nClasses, (i + 1) * nClasses));
  }
  return scores;
}
