/** How the impurity of a node is measured; log_loss is another name for entropy, as in scikit-learn. */
export type Criterion = 'gini' | 'entropy' | 'log_loss';

/**
 * Returns how pure class weights are, scaled by their weight: the larger the sum over two children, the better the split.
 * Gini: Σ w_c² / w. Entropy: Σ w_c ln(w_c / w). `Math.log` is fdlibm's in every V8, so all Node versions agree on its bits.
 */
export function purity(sums: Float64Array, weight: number, entropy: boolean): number {
  let total = 0;
  if (entropy) {
    for (let c = 0; c < sums.length; c++) {
      const sum = sums[c]!;
      if (sum > 0) total += sum * Math.log(sum / weight);
    }
    return total;
  }
  for (let c = 0; c < sums.length; c++) total += sums[c]! * sums[c]!;
  return total / weight;
}

/** Returns the impurity that a purity stands for: Gini in 0 to 1, entropy in bits. */
export function impurityOf(purityValue: number, weight: number, entropy: boolean): number {
  return entropy ? -purityValue / (weight * Math.LN2) : 1 - purityValue / weight;
}

/** Returns how much weighted impurity a split takes away, as a share of `rootWeight` (scikit-learn's N_t / N × decrease). */
export function impurityDecrease(
  childPurity: number,
  ownPurity: number,
  rootWeight: number,
  entropy: boolean,
): number {
  return (childPurity - ownPurity) / (entropy ? rootWeight * Math.LN2 : rootWeight);
}
