import type { Xoshiro128 } from '../core/index.js';

/**
 * Returns how often each sample was drawn in `nDraws` draws with replacement. With `cumulativeWeights` (ascending sums of
 * the sample weights) a sample is drawn in proportion to its weight, as scikit-learn 1.9 does; otherwise all alike.
 */
export function drawBootstrap(
  nSamples: number,
  nDraws: number,
  generator: Xoshiro128,
  cumulativeWeights?: Float64Array,
): Uint32Array {
  const counts = new Uint32Array(nSamples);
  if (!cumulativeWeights) {
    for (let i = 0; i < nDraws; i++) counts[generator.nextBelow(nSamples)]!++;
    return counts;
  }
  const total = cumulativeWeights[nSamples - 1]!;
  for (let i = 0; i < nDraws; i++) counts[firstAbove(cumulativeWeights, generator.nextDouble() * total)]!++;
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
