import type { FeatureMatrix, Labels } from '../../data/index.js';
import { joinTrees, type Tree } from '../../kernels/index.js';
import { createTreesModel, featureLevels, type TreesModel } from '../../model/index.js';
import { checkDataButValues } from '../check-data.js';
import { effectiveWeights } from '../class-weight.js';
import type { Estimator } from '../estimator.js';
import { fitTrees, type TreesToFit } from './fit-trees.js';
import { outOfBagScore } from './out-of-bag.js';
import { checkForestParams, growRules, type RandomForestParams, samplesToDraw } from './params.js';

/**
 * The random forest (Breiman 2001), with the params and meanings of scikit-learn's RandomForestClassifier, on values in
 * at most 255 bins a feature. The same params, data and seed give the same bytes of model, whatever `nJobs` is.
 */
export const randomForest: Estimator<RandomForestParams> = {
  name: 'random-forest',
  params: checkForestParams,
  async fit(given, x, y, options = {}) {
    const params = checkForestParams(given);
    const { sampleWeight, signal } = options;
    checkDataButValues(x, y, { sampleWeight });
    const { trees, job } = await fitTrees(treesToFit(params, x, y, sampleWeight), x, y, options);
    return createForestModel(
      trees,
      x,
      y,
      params.oobScore ? await outOfBagScore(job, trees, { x, y }, signal) : null,
    );
  },
};

function treesToFit(
  params: RandomForestParams,
  x: FeatureMatrix,
  y: Labels,
  sampleWeight: Float64Array | undefined,
): TreesToFit {
  const { bootstrap, randomState } = params;
  const balancedSubsample = params.classWeight === 'balanced_subsample' && bootstrap;
  const weights = effectiveWeights(balancedSubsample ? null : params.classWeight, y, sampleWeight);
  const totalWeight = weights?.reduce((a, b) => a + b, 0);
  return {
    rules: {
      ...growRules(params, x.nSamples, x.features.length),
      drawFeatures: true,
      randomState,
      nDraws: bootstrap ? samplesToDraw(params.maxSamples, x.nSamples, totalWeight) : 0,
      balancedSubsample,
    },
    nTrees: params.nEstimators,
    maxBins: params.maxBins,
    nJobs: params.nJobs,
    weights,
  };
}

function createForestModel(
  trees: readonly Tree[],
  x: FeatureMatrix,
  y: Labels,
  oobScore: number | null,
): TreesModel {
  return createTreesModel({
    kind: 'random-forest',
    features: x.features,
    classes: y.classes,
    forest: joinTrees(trees, { nClasses: y.classes.length, levels: featureLevels(x.features) }),
    importances: meanImportances(trees, x.features.length),
    oobScore,
  });
}

/** Returns the mean of the trees' importances, scaled to sum to 1; a tree without a split has none to give. */
function meanImportances(trees: readonly Tree[], nFeatures: number): Float64Array {
  const sums = new Float64Array(nFeatures);
  for (const tree of trees) for (let f = 0; f < nFeatures; f++) sums[f]! += tree.importances[f]!;
  const total = sums.reduce((a, b) => a + b, 0);
  return total > 0 ? sums.map((sum) => sum / total) : sums;
}
