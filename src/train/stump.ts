import { type Criterion, joinTrees, type TreeRules } from '../kernels/index.js';
import { createTreesModel } from '../model/index.js';
import { checkDataButValues } from './check-data.js';
import { checkParams, nJobsRule, oneOf, type ParamRules, randomStateRule } from './check-params.js';
import { classWeightRule, effectiveWeights, type WeightByClass } from './class-weight.js';
import type { Estimator } from './estimator.js';
import { fitTrees } from './forest/fit-trees.js';

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

/**
 * The baseline of one threshold on one feature: the best single split of all features by the criterion, the first
 * feature among equals (a DecisionTreeClassifier of depth 1, on binned values).
 */
export const stump: Estimator<StumpParams> = {
  name: 'stump',
  params: (given) => checkParams('stump', RULES, given),
  async fit(given, x, y, options = {}) {
    const params = checkParams('stump', RULES, given);
    const { sampleWeight } = options;
    checkDataButValues(x, y, { sampleWeight });
    const weights = effectiveWeights(params.classWeight, y, sampleWeight);
    const { trees, job } = await fitTrees({ ...STUMP, rules: rulesOf(params), weights }, x, y, options);
    return createTreesModel({
      kind: 'stump',
      features: x.features,
      classes: y.classes,
      forest: joinTrees(trees, { nClasses: y.classes.length, levels: job.levels }),
      importances: trees[0]!.importances,
      oobScore: null,
    });
  },
};

const STUMP = { firstTree: 0, nTrees: 1, maxBins: 255, nJobs: 1 };

function rulesOf({ criterion, randomState }: StumpParams): TreeRules {
  return {
    criterion,
    randomState,
    maxDepth: 1,
    minSamplesSplit: 2,
    minSamplesLeaf: 1,
    minWeightFractionLeaf: 0,
    maxFeatures: Number.POSITIVE_INFINITY,
    drawFeatures: false,
    randomSplits: false,
    maxLeafNodes: Number.POSITIVE_INFINITY,
    minImpurityDecrease: 0,
    ccpAlpha: 0,
    nDraws: 0,
    balancedSubsample: false,
  };
}
