import { invalidParameter } from '../../core/index.js';
import { checkParams, either, flag, integer, orNull, type ParamRules } from '../check-params.js';
import { classWeightRule, type WeightByClass } from '../class-weight.js';
import { openShare, type TreeParams, treeRules } from './tree-params.js';

/** Params of forests: scikit-learn's RandomForestClassifier and ExtraTreesClassifier; see `TreeParams`. */
export interface ForestParams extends TreeParams {
  readonly nEstimators: number;
  /** Whether each tree draws its own samples; the default is true for a random forest, false for extra trees. */
  readonly bootstrap: boolean;
  /** Samples drawn a tree: a count, a share in (0, 1), or null for as many as there are. 1 is one sample. */
  readonly maxSamples: number | null;
  readonly classWeight: 'balanced' | 'balanced_subsample' | WeightByClass | null;
  readonly oobScore: boolean;
}

/** Returns checked params with the family's defaults. Throws INVALID_PARAMETER. */
export function checkForestParams(family: 'random-forest' | 'extra-trees', given?: object): ForestParams {
  const rules: ParamRules<ForestParams> = {
    nEstimators: integer(100, 1, 1_000_000),
    ...treeRules('sqrt'),
    bootstrap: flag(family === 'random-forest'),
    maxSamples: orNull(either(integer(1, 1, 2 ** 31), openShare)),
    classWeight: classWeightRule(['balanced', 'balanced_subsample']),
    oobScore: flag(false),
  };
  const params = checkParams(family, rules, given);
  if (params.oobScore && !params.bootstrap)
    invalidParameter(
      'oobScore',
      'false where bootstrap is false, as no sample is left out of a tree (bootstrap true leaves some out)',
      true,
    );
  if (params.maxSamples !== null && !params.bootstrap)
    invalidParameter('maxSamples', 'null where bootstrap is false', params.maxSamples);
  return params;
}

/** Returns how many samples a bootstrap draws: a share is of the samples, or of their weight where weights are given. */
export function samplesToDraw(maxSamples: number | null, nSamples: number, totalWeight?: number): number {
  if (maxSamples === null) return nSamples;
  return maxSamples >= 1 ? maxSamples : Math.max(1, Math.floor(maxSamples * (totalWeight ?? nSamples)));
}
