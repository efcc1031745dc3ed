import type { Xoshiro128 } from '../core/index.js';
import type { BinnedSet } from './binned-set.js';
import { drawBelow } from './draw.js';

/** How the samples of a tree are drawn. */
export interface DrawRules {
  /** Samples drawn a tree, with replacement and in proportion to their weights; 0 takes all samples as they are. */
  readonly nDraws: number;
  /** Weigh the classes anew in every bootstrap: all draws / (classes drawn × draws of the class). */
  readonly balancedSubsample: boolean;
}

/** Returns how often each sample was drawn. With `cumulative` (ascending sums of the sample weights) it is drawn in proportion to its weight, as scikit-learn 1.9 does. */
export function drawBootstrap(
  nSamples: number,
  nDraws: number,
  generator: Xoshiro128,
  cumulative?: Float64Array | null,
): Float64Array {
  const counts = new Float64Array(nSamples);
  if (!cumulative) {
    for (let i = 0; i < nDraws; i++) counts[drawBelow(generator, nSamples)]!++;
    return counts;
  }
  const total = cumulative[nSamples - 1]!;
  for (let i = 0; i < nDraws; i++) counts[firstAbove(cumulative, generator.nextDouble() * total)]!++;
  return counts;
}

/** Returns the first index whose value is above `target`, so that samples of weight 0 are never drawn. */
function firstAbove(ascending: Float64Array, target: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns the running sums of the weights, or null where all are 1. */
export function cumulate(weights: Float64Array | null): Float64Array | null {
  if (!weights) return null;
  const sums = Float64Array.from(weights);
  for (let i = 1; i < sums.length; i++) sums[i] = sums[i - 1]! + sums[i]!;
  return sums;
}

/** Returns the weight of each sample in the tree of that generator. */
export function treeWeights(
  set: BinnedSet,
  rules: DrawRules,
  generator: Xoshiro128,
  cumulative: Float64Array | null,
): Float64Array {
  if (rules.nDraws === 0) return set.weights ?? new Float64Array(set.nSamples).fill(1);
  const counts = drawBootstrap(set.nSamples, rules.nDraws, generator, cumulative);
  if (!rules.balancedSubsample) return counts;
  const byClass = new Float64Array(set.nClasses);
  for (let i = 0; i < counts.length; i++) byClass[set.labels[i]!]! += counts[i]!;
  const total = byClass.reduce((a, b) => a + b, 0);
  const present = byClass.reduce((n, drawn) => n + (drawn > 0 ? 1 : 0), 0);
  return counts.map((count, i) => (count > 0 ? count * (total / (present * byClass[set.labels[i]!]!)) : 0));
}
