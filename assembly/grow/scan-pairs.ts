import { bestScore, keepBest } from './best';
import { bestSums, totals } from './config';

/**
 * Looks for the best split by Gini of one feature without missing values, from its two-class histogram, which it empties.
 * Both sides are worked out at once, left in one lane and right in the other, each step rounded as in the readable scan.
 * Returns whether the feature has more than one value in the node.
 */
export function scanPairs(feature: u32, histogram: usize, bitmap: usize): bool {
  const all = v128.load(totals);
  let left = f64x2.splat(0);
  let bestHere = bestScore;
  let bestLeft = left;
  let last: u32 = 0;
  let first: u32 = 0;
  let waiting: bool = false;
  let improved: bool = false;
  let nBins: u32 = 0;
  for (let w: usize = 0; w < 4; w++) {
    let bits = load<u64>(bitmap + (w << 3));
    if (bits == 0) continue;
    store<u64>(bitmap + (w << 3), 0);
    nBins += <u32>popcnt(bits);
    while (bits != 0) {
      const bin = <u32>(w << 6) + <u32>ctz(bits);
      bits &= bits - 1;
      const at = histogram + (<usize>bin << 3);
      left = f64x2.add(left, f64x2.convert_low_i32x4_u(v128.load64_zero(at)));
      store<u64>(at, 0);
      first = waiting ? bin : first;
      waiting = false;
      const right = f64x2.sub(all, left);
      const leftSquares = f64x2.mul(left, left);
      const rightSquares = f64x2.mul(right, right);
      const squares = f64x2.add(
        v128.shuffle<f64>(leftSquares, rightSquares, 0, 2),
        v128.shuffle<f64>(leftSquares, rightSquares, 1, 3),
      );
      const weights = f64x2.add(v128.shuffle<f64>(left, right, 0, 2), v128.shuffle<f64>(left, right, 1, 3));
      const gini = f64x2.sub(f64x2.splat(1), f64x2.div(squares, f64x2.mul(weights, weights)));
      const parts = f64x2.mul(weights, gini);
      // At the last bin the right side is empty, its share of 0 is NaN, and the comparison fails.
      const score = -f64x2.extract_lane(parts, 1) - f64x2.extract_lane(parts, 0);
      if (score > bestHere) {
        bestHere = score;
        bestLeft = left;
        last = bin;
        waiting = true;
        improved = true;
      }
    }
  }
  if (improved) {
    keepBest(feature, bestHere, last, first, 2);
    v128.store(bestSums, bestLeft);
  }
  return nBins > 1;
}
