import { type Criterion, type GrowRules, joinTrees, TreeGrower, thresholdsToSets } from '../kernels/index.js';
import { createTreesModel, featureLevels } from '../model/index.js';
import { binMatrix } from './bin-matrix.js';
import { checkData } from './check-data.js';
import { checkParams, nJobsRule, oneOf, type ParamRules, randomStateRule } from './check-params.js';
import { classWeightRule, effectiveWeights, type WeightByClass } from './class-weight.js';
import type { Estimator } from './estimator.js';

/** Params of the stump, named as in scikit-learn's DecisionTreeClassifier; `randomState` and `nJobs` change nothing. */
export interface StumpParams {
  readonly criterion: Criterion;
  readonly classWeight: 'balanced' | WeightByClass | null;
  readonly randomState: number;
  readonly nJobs: number;
}

const RULES: ParamRules<StumpParams> = {
  criterion: oneOf('gini', ['gini', 'entropy', 'log_loss']),
  classWeight: classWeightRule(['balanced']),
  randomState: randomStateRule,
  nJobs: nJobsRule,
};

const GROWTH: Omit<GrowRules, 'criterion'> = {
  maxDepth: 1,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  minWeightFractionLeaf: 0,
  maxFeatures: Number.POSITIVE_INFINITY,
  maxLeafNodes: Number.POSITIVE_INFINITY,
  minImpurityDecrease: 0,
  ccpAlpha: 0,
};

/**
 * The baseline of one threshold on one feature: the best single split of all features by the criterion, the first
 * feature among equals (a DecisionTreeClassifier of depth 1, on binned values).
 */
export const stump: Estimator<StumpParams> = {
  name: 'stump',
  params: (given) => checkParams('stump', RULES, given),
  async fit(given, x, y, options = {}) {
    const params = checkParams('stump', RULES, given);
    const { sampleWeight, signal, onProgress } = options;
    checkData(x, y, { sampleWeight });
    const set = await binMatrix(x, y, signal);
    const grower = new TreeGrower(set, { ...GROWTH, criterion: params.criterion });
    const weights =
      effectiveWeights(params.classWeight, y, sampleWeight) ?? new Float64Array(x.nSamples).fill(1);
    const levels = featureLevels(x.features);
    const tree = thresholdsToSets(grower.grow(weights, null), levels);
    onProgress?.({ done: 1, total: 1 });
    return createTreesModel({
      kind: 'stump',
      features: x.features,
      classes: y.classes,
      forest: joinTrees([tree], { nClasses: y.classes.length, levels }),
      importances: tree.importances,
      oobScore: null,
    });
  },
};
