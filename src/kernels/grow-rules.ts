import type { Criterion } from './criterion.js';

/** The rules of growth, already in samples and weights; unlimited is Infinity. */
export interface GrowRules {
  readonly criterion: Criterion;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Share of the root's weight a leaf must have. */
  readonly minWeightFractionLeaf: number;
  /** Features to draw at a node; more are drawn while none of them splits. */
  readonly maxFeatures: number;
  /** Whether one split is drawn for each feature, as extremely randomized trees do, and not the best looked for. */
  readonly randomSplits: boolean;
  /** Whether features are drawn; otherwise they are looked at in their order. */
  readonly drawFeatures: boolean;
  /** A tree with a limit grows best split first, without one depth first. */
  readonly maxLeafNodes: number;
  readonly minImpurityDecrease: number;
  readonly ccpAlpha: number;
}

/** As in scikit-learn: rounding must not make a split look worthless or a pure node impure. */
export const EPSILON = 2.220446049250313e-16;
/** The largest float32: every value is at or below it, so only missing values can go right. */
export const ALL_VALUES = Math.fround(3.4028234663852886e38);
/** Weight up to which whole numbers add up without rounding. */
export const MOST_WHOLE_WEIGHT = 2 ** 53;
