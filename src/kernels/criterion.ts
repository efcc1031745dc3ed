import { logarithm } from './logarithm.js';

/** How the impurity of a node is measured; log_loss is another name for entropy, as in scikit-learn. */
export type Criterion = 'gini' | 'entropy' | 'log_loss';

/**
 * Returns the impurity of class weights that sum to `weight`: Gini (0 to 1) or entropy in bits, rounded step by step as
 * scikit-learn rounds it, so that near ties fall the same way.
 */
export function impurity(sums: Float64Array, weight: number, entropy: boolean): number {
  let total = 0;
  if (entropy) {
    for (let c = 0; c < sums.length; c++) {
      const share = sums[c]! / weight;
      if (share > 0) total -= share * (logarithm(share) / Math.LN2);
    }
    return total;
  }
  for (let c = 0; c < sums.length; c++) total += sums[c]! * sums[c]!;
  return 1 - total / (weight * weight);
}
