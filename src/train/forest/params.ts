import { invalidParameter } from '../../core/index.js';
import type { Criterion, GrowRules } from '../../kernels/index.js';
import {
  checkParams,
  either,
  flag,
  integer,
  nJobsRule,
  number,
  oneOf,
  orNull,
  type ParamRules,
  randomStateRule,
} from '../check-params.js';
import { classWeightRule, type WeightByClass } from '../class-weight.js';

/**
 * Params of the random forest: scikit-learn's RandomForestClassifier in camelCase, with its meanings, defaults and ranges
 * except where said. JavaScript has one kind of number, so a whole number is a count and a fraction is a share.
 */
export interface RandomForestParams {
  readonly nEstimators: number;
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
  readonly bootstrap: boolean;
  /** Samples drawn a tree: a count, a share in (0, 1), or null for as many as there are. 1 is one sample. */
  readonly maxSamples: number | null;
  readonly classWeight: 'balanced' | 'balanced_subsample' | WeightByClass | null;
  readonly ccpAlpha: number;
  readonly oobScore: boolean;
  /** 0 to 2^32 - 1; the default is 0 and not a fresh seed as in scikit-learn, so that runs repeat. */
  readonly randomState: number;
  /** Most bins a feature is put in, 2 to 255. */
  readonly maxBins: number;
  /** Workers; -1, the default, is all cores (in scikit-learn the default is one). Never changes the model. */
  readonly nJobs: number;
}

const count = (fallback: number, least: number) => integer(fallback, least);
const share = (allowed: string, test: (v: number) => boolean) => number(0, allowed, test);
const openShare = share('a share above 0 and below 1', (v) => v > 0 && v < 1);
const atLeastZero = number(0, 'a number of at least 0', (v) => v >= 0);

const RULES: ParamRules<RandomForestParams> = {
  nEstimators: integer(100, 1, 1_000_000),
  criterion: oneOf('gini', ['gini', 'entropy', 'log_loss']),
  maxDepth: orNull(count(0, 1)),
  minSamplesSplit: either(
    count(2, 2),
    share('a share above 0 and at most 1', (v) => v > 0 && v <= 1),
  ),
  minSamplesLeaf: either(count(1, 1), openShare),
  minWeightFractionLeaf: number(0, 'a number from 0 to 0.5', (v) => v >= 0 && v <= 0.5),
  maxFeatures: either(oneOf('sqrt', ['sqrt', 'log2', 'all', null]), either(count(1, 1), openShare)),
  maxLeafNodes: orNull(count(0, 2)),
  minImpurityDecrease: atLeastZero,
  bootstrap: flag(true),
  maxSamples: orNull(either(integer(1, 1, 2 ** 31), openShare)),
  classWeight: classWeightRule(['balanced', 'balanced_subsample']),
  ccpAlpha: atLeastZero,
  oobScore: flag(false),
  randomState: randomStateRule,
  maxBins: integer(255, 2, 255),
  nJobs: nJobsRule,
};

/** Returns checked params with defaults. Throws INVALID_PARAMETER. */
export function checkForestParams(given?: object): RandomForestParams {
  const params = checkParams('random-forest', RULES, given);
  if (params.oobScore && !params.bootstrap)
    invalidParameter('oobScore', 'false where bootstrap is false, as no sample is left out of a tree', true);
  if (params.maxSamples !== null && !params.bootstrap)
    invalidParameter('maxSamples', 'null where bootstrap is false', params.maxSamples);
  return params;
}

/** Returns the params as counts for a training set of that shape, rounded as scikit-learn rounds them. */
export function growRules(
  params: RandomForestParams,
  nSamples: number,
  nFeatures: number,
): Omit<GrowRules, 'drawFeatures'> {
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

function featuresToDraw(maxFeatures: RandomForestParams['maxFeatures'], nFeatures: number): number {
  if (maxFeatures === null || maxFeatures === 'all') return nFeatures;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(nFeatures)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(nFeatures)));
  return maxFeatures >= 1 ? maxFeatures : Math.max(1, Math.floor(maxFeatures * nFeatures));
}

/** Returns how many samples a bootstrap draws: a share is of the samples, or of their weight where weights are given. */
export function samplesToDraw(maxSamples: number | null, nSamples: number, totalWeight?: number): number {
  if (maxSamples === null) return nSamples;
  return maxSamples >= 1 ? maxSamples : Math.max(1, Math.floor(maxSamples * (totalWeight ?? nSamples)));
}
