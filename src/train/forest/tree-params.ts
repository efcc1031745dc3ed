import type { Criterion, GrowRules } from '../../kernels/index.js';
import {
  either,
  integer,
  nJobsRule,
  number,
  oneOf,
  orNull,
  type ParamRules,
  randomStateRule,
} from '../check-params.js';

/**
 * Params of all trees: scikit-learn's in camelCase, with its meanings, defaults and ranges except where said. JavaScript
 * has one kind of number, so a whole number is a count and a fraction is a share.
 */
export interface TreeParams {
  readonly criterion: Criterion;
  /** null is unlimited. */
  readonly maxDepth: number | null;
  /** A count of at least 2, or a share in (0, 1]. */
  readonly minSamplesSplit: number;
  /** A count of at least 1, or a share in (0, 1). */
  readonly minSamplesLeaf: number;
  /** Share of all weight a leaf must have, 0 to 0.5. */
  readonly minWeightFractionLeaf: number;
  /** 'sqrt', 'log2', a count, a share in (0, 1), or 'all' (null is the same). 1 is one feature. */
  readonly maxFeatures: 'sqrt' | 'log2' | 'all' | number | null;
  /** null is unlimited; otherwise trees grow best split first. */
  readonly maxLeafNodes: number | null;
  readonly minImpurityDecrease: number;
  readonly ccpAlpha: number;
  /** 0 to 2^32 - 1; the default is 0 and not a fresh seed as in scikit-learn, so that runs repeat. */
  readonly randomState: number;
  /** Most bins a feature is put in, 2 to 255. */
  readonly maxBins: number;
  /** Threads; -1, the default, is all cores (in scikit-learn the default is one). Never changes the model. */
  readonly nJobs: number;
}

export const count = (fallback: number, least: number) => integer(fallback, least);
const share = (allowed: string, test: (v: number) => boolean) => number(0, allowed, test);
export const openShare = share('a share above 0 and below 1', (v) => v > 0 && v < 1);
const atLeastZero = number(0, 'a number of at least 0', (v) => v >= 0);

/** Rules of the params of trees; `maxFeatures` has the default of each family. */
export function treeRules(maxFeatures: 'sqrt' | null): ParamRules<TreeParams> {
  return {
    criterion: oneOf('gini', ['gini', 'entropy', 'log_loss']),
    maxDepth: orNull(count(0, 1)),
    minSamplesSplit: either(
      count(2, 2),
      share('a share above 0 and at most 1', (v) => v > 0 && v <= 1),
    ),
    minSamplesLeaf: either(count(1, 1), openShare),
    minWeightFractionLeaf: number(0, 'a number from 0 to 0.5', (v) => v >= 0 && v <= 0.5),
    maxFeatures: either(oneOf(maxFeatures, ['sqrt', 'log2', 'all', null]), either(count(1, 1), openShare)),
    maxLeafNodes: orNull(count(0, 2)),
    minImpurityDecrease: atLeastZero,
    ccpAlpha: atLeastZero,
    randomState: randomStateRule,
    maxBins: integer(255, 2, 255),
    nJobs: nJobsRule,
  };
}

/** Returns the params as counts for a training set of that shape, rounded as scikit-learn rounds them. */
export function growRules(
  params: TreeParams,
  nSamples: number,
  nFeatures: number,
): Omit<GrowRules, 'drawFeatures' | 'randomSplits'> {
  const { minSamplesSplit: split, minSamplesLeaf: leaf } = params;
  const minSamplesLeaf = leaf >= 1 ? leaf : Math.ceil(leaf * nSamples);
  const atLeast = split > 1 ? split : Math.max(2, Math.ceil(split * nSamples));
  return {
    criterion: params.criterion,
    maxDepth: params.maxDepth ?? Number.POSITIVE_INFINITY,
    minSamplesSplit: Math.max(atLeast, 2 * minSamplesLeaf),
    minSamplesLeaf,
    minWeightFractionLeaf: params.minWeightFractionLeaf,
    maxFeatures: featuresToDraw(params.maxFeatures, nFeatures),
    maxLeafNodes: params.maxLeafNodes ?? Number.POSITIVE_INFINITY,
    minImpurityDecrease: params.minImpurityDecrease,
    ccpAlpha: params.ccpAlpha,
  };
}

function featuresToDraw(maxFeatures: TreeParams['maxFeatures'], nFeatures: number): number {
  if (maxFeatures === null || maxFeatures === 'all') return nFeatures;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(nFeatures)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(nFeatures)));
  return maxFeatures >= 1 ? maxFeatures : Math.max(1, Math.floor(maxFeatures * nFeatures));
}
