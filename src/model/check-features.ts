import { PhantomNetError, show } from '../core/index.js';
import type { FeatureMatrix, FeatureSpec } from '../data/index.js';

function sameFeature(a: FeatureSpec, b: FeatureSpec): boolean {
  if (a.name !== b.name || a.type !== b.type) return false;
  if (a.categories === b.categories) return true;
  if (a.categories?.length !== b.categories?.length) return false;
  return a.categories!.every((category, i) => category === b.categories![i]);
}

/** Throws BAD_DATA that names the first feature in which `matrix` differs from what a model was fitted on. */
export function checkFeatures(features: readonly FeatureSpec[], matrix: FeatureMatrix): void {
  const given = matrix.features;
  if (matrix.values.length !== matrix.nSamples * given.length) {
    throw new PhantomNetError(
      'BAD_DATA',
      `the matrix has ${matrix.values.length} values, expected ${matrix.nSamples} rows × ${given.length} features`,
      { hint: 'give nSamples × nFeatures values, row after row' },
    );
  }
  if (given === features) return;
  for (let i = 0; i < Math.max(features.length, given.length); i++) {
    if (features[i] && given[i] && sameFeature(features[i]!, given[i]!)) continue;
    const describe = (f: FeatureSpec | undefined) => (f ? `${f.type} ${show(f.name)}` : 'nothing');
    throw new PhantomNetError(
      'BAD_DATA',
      `feature ${i} of the matrix is ${describe(given[i])}, the model expects ${describe(features[i])}`,
      {
        hint: 'make the matrix with the feature set that was stored with the model',
        details: { position: i, expected: features[i], given: given[i] },
      },
    );
  }
}
