import { joinTrees } from '../../kernels/index.js';
import { createTreesModel, featureLevels } from '../../model/index.js';
import { checkDataButValues } from '../check-data.js';
import { checkParams, oneOf, type ParamRules } from '../check-params.js';
import { classWeightRule, effectiveWeights, type WeightByClass } from '../class-weight.js';
import type { Estimator } from '../estimator.js';
import { fitTrees } from './fit-trees.js';
import { growRules, type TreeParams, treeRules } from './tree-params.js';

/** Params of the decision tree: scikit-learn's DecisionTreeClassifier; see `TreeParams`. */
export interface DecisionTreeParams extends TreeParams {
  /** Whether the best split of a feature is looked for, or one is drawn. */
  readonly splitter: 'best' | 'random';
  readonly classWeight: 'balanced' | WeightByClass | null;
}

const RULES: ParamRules<DecisionTreeParams> = {
  splitter: oneOf('best', ['best', 'random']),
  ...treeRules(null),
  classWeight: classWeightRule(['balanced']),
};

/**
 * The decision tree (Breiman et al. 1984), with the params and meanings of scikit-learn's DecisionTreeClassifier, on
 * values in at most 255 bins a feature. Where all features are looked at, they are in their order, so that the tree does
 * not depend on the seed; of equal splits the first is taken.
 */
export const decisionTree: Estimator<DecisionTreeParams> = {
  name: 'decision-tree',
  params: (given) => checkParams('decision-tree', RULES, given),
  async fit(given, x, y, options = {}) {
    const params = checkParams('decision-tree', RULES, given);
    const { sampleWeight } = options;
    checkDataButValues(x, y, { sampleWeight });
    const rules = growRules(params, x.nSamples, x.features.length);
    const { trees } = await fitTrees(
      {
        rules: {
          ...rules,
          drawFeatures: rules.maxFeatures < x.features.length,
          randomSplits: params.splitter === 'random',
          randomState: params.randomState,
          nDraws: 0,
          balancedSubsample: false,
        },
        firstTree: 0,
        nTrees: 1,
        maxBins: params.maxBins,
        nJobs: params.nJobs,
        weights: effectiveWeights(params.classWeight, y, sampleWeight),
      },
      x,
      y,
      options,
    );
    const tree = trees[0]!;
    return createTreesModel({
      kind: 'decision-tree',
      features: x.features,
      classes: y.classes,
      forest: joinTrees([tree], { nClasses: y.classes.length, levels: featureLevels(x.features) }),
      importances: tree.importances,
      oobScore: null,
    });
  },
};
