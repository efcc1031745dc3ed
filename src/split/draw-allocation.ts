import type { RandomState } from '../core/index.js';

/**
 * Returns how many of `nDraws` rows each class gives, in proportion to `counts` and adding up to `nDraws`.
 *
 * Every class gives its proportional share rounded down; what is missing goes to the largest fractions, and among
 * equal fractions `random` chooses. Within 1 of the mode of the multivariate hypergeometric distribution.
 * Agrees with scikit-learn 1.9, which draws from the generator even where all of the equal fractions are rounded up.
 */
export function drawAllocation(counts: Uint32Array, nDraws: number, random: RandomState): Uint32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const fractions = new Float64Array(counts.length);
  const allocation = new Uint32Array(counts.length);
  let missing = nDraws;
  for (let k = 0; k < counts.length; k++) {
    const share = (counts[k]! / total) * nDraws;
    allocation[k] = Math.floor(share);
    fractions[k] = share - allocation[k]!;
    missing -= allocation[k]!;
  }
  for (const fraction of [...new Set(fractions)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = [...fractions.keys()].filter((k) => fractions[k] === fraction);
    const taken = Math.min(tied.length, missing);
    for (const i of random.permutation(tied.length).subarray(0, taken)) allocation[tied[i]!]! += 1;
    missing -= taken;
  }
  return allocation;
}
