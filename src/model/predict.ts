import { PhantomNetError } from '../core/index.js';
import type { Model } from './model.js';

/**
 * Returns the class index with the highest score of each row; the lowest index among equals, as numpy's argmax.
 * `scores`: nSamples × nClasses, row-major.
 */
export function predict(model: Pick<Model, 'classes'>, scores: Float64Array): Uint16Array {
  const nClasses = model.classes.length;
  if (scores.length % nClasses !== 0) {
    throw new PhantomNetError(
      'BAD_DATA',
      `${scores.length} scores are no whole number of rows of ${nClasses} classes`,
      { hint: 'pass the scores of this model, nSamples × nClasses' },
    );
  }
  const codes = new Uint16Array(scores.length / nClasses);
  for (let i = 0; i < codes.length; i++) {
    let best = 0;
    for (let c = 1; c < nClasses; c++) if (scores[i * nClasses + c]! > scores[i * nClasses + best]!) best = c;
    codes[i] = best;
  }
  return codes;
}
