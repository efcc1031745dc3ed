import type { FeatureMatrix, Labels } from '../../data/index.js';
import {
  type Forest,
  type ForestShape,
  type JoinedTree,
  joinTreesByTree,
  splitForest,
  type Tree,
} from '../../kernels/index.js';
import { createTreesModel, featureLevels, type TreesModel } from '../../model/index.js';
import { breather } from '../cancel.js';
import { checkDataButValues } from '../check-data.js';
import { effectiveWeights } from '../class-weight.js';
import type { Estimator } from '../estimator.js';
import { fitTrees, type TreesToFit } from './fit-trees.js';
import { checkForestParams, type ForestParams, samplesToDraw } from './forest-params.js';
import { outOfBag } from './out-of-bag.js';
import { growRules } from './tree-params.js';
import { checkStart } from './warm-start.js';

/** Returns the estimator of a family of forests. */
export function createForestEstimator(family: 'random-forest' | 'extra-trees'): Estimator<ForestParams> {
  return {
    name: family,
    params: (given) => checkForestParams(family, given),
    async fit(given, x, y, options = {}) {
      const params = checkForestParams(family, given);
      const { sampleWeight, signal, from } = options;
      checkDataButValues(x, y, { sampleWeight });
      const start = from && checkStart(from, { family, nTrees: params.nEstimators, x, y });
      const firstTree = start ? start.forest.trees.length - 1 : 0;
      const toFit = { ...treesToFit(family, params, { x, y, sampleWeight }), firstTree };
      const { trees, job } = await fitTrees(toFit, x, y, options);
      const all: JoinedTree[] = start ? [...splitForest(start.forest), ...trees] : trees;
      const oob = params.oobScore ? await outOfBag(job, all, { x, y }, signal) : null;
      if (oob) options.onOutOfBag?.(oob.decisionFunction);
      const forest = await join(
        all,
        { nClasses: y.classes.length, levels: featureLevels(x.features) },
        signal,
      );
      return createTreesModel({
        kind: family,
        features: x.features,
        classes: y.classes,
        forest,
        importances: meanImportances(trees, x.features.length, start),
        oobScore: oob?.score ?? null,
      });
    },
  };
}

function treesToFit(
  family: 'random-forest' | 'extra-trees',
  params: ForestParams,
  {
    x,
    y,
    sampleWeight,
  }: { readonly x: FeatureMatrix; readonly y: Labels; readonly sampleWeight: Float64Array | undefined },
): Omit<TreesToFit, 'firstTree'> {
  const { bootstrap, randomState } = params;
  const balancedSubsample = params.classWeight === 'balanced_subsample' && bootstrap;
  const weights = effectiveWeights(balancedSubsample ? null : params.classWeight, y, sampleWeight);
  const totalWeight = weights?.reduce((a, b) => a + b, 0);
  return {
    rules: {
      ...growRules(params, x.nSamples, x.features.length),
      drawFeatures: true,
      randomSplits: family === 'extra-trees',
      randomState,
      nDraws: bootstrap ? samplesToDraw(params.maxSamples, x.nSamples, totalWeight) : 0,
      balancedSubsample,
    },
    nTrees: params.nEstimators,
    maxBins: params.maxBins,
    nJobs: params.nJobs,
    weights,
    outOfBag: params.oobScore,
  };
}

/** Joins the trees of a forest, and lets the event loop run now and then: thousands of trees take a tenth of a second. */
async function join(
  trees: readonly JoinedTree[],
  shape: ForestShape,
  signal: AbortSignal | undefined,
): Promise<Forest> {
  const joining = joinTreesByTree(trees, shape);
  const rest = breather(signal);
  for (;;) {
    const step = joining.next();
    if (step.done) return step.value;
    await rest();
  }
}

/** Returns the mean of the trees' importances, scaled to sum to 1; a tree without a split has none to give. */
function meanImportances(
  trees: readonly Tree[],
  nFeatures: number,
  start: TreesModel | undefined,
): Float64Array {
  const sums = new Float64Array(nFeatures);
  if (start) {
    const { trees: starts } = start.forest;
    let nWithSplit = 0;
    for (let t = 1; t < starts.length; t++) if (starts[t]! - starts[t - 1]! > 1) nWithSplit++;
    for (let f = 0; f < nFeatures; f++) sums[f] = start.importances[f]! * nWithSplit;
  }
  for (const tree of trees) for (let f = 0; f < nFeatures; f++) sums[f]! += tree.importances[f]!;
  const total = sums.reduce((a, b) => a + b, 0);
  return total > 0 ? sums.map((sum) => sum / total) : sums;
}
