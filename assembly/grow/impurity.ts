import { entropy, nClasses } from './config';
import { logarithm } from './logarithm';

/** Returns the Gini impurity or the entropy in bits of the class weights at `sums`, rounded step by step as kernels/criterion.ts does. */
export function impurity(sums: usize, weight: f64): f64 {
  const end = sums + ((<usize>nClasses) << 3);
  let total: f64 = 0;
  if (entropy) {
    for (let at = sums; at < end; at += 8) {
      const share = load<f64>(at) / weight;
      if (share > 0) total -= share * (logarithm(share) / 0.6931471805599453);
    }
    return total;
  }
  for (let at = sums; at < end; at += 8) total += load<f64>(at) * load<f64>(at);
  return 1 - total / (weight * weight);
}
