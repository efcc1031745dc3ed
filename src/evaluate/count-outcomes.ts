import type { BinaryCounts, BinaryPredictions } from './binary.js';

/** Returns the counts of each of `nGroups` groups, or of all samples as one group. Cost O(n + groups). */
export function countOutcomes(
  { yTrue, yPred }: BinaryPredictions,
  codes: ArrayLike<number> | undefined,
  nGroups: number,
): BinaryCounts[] {
  const counts = new Float64Array(4 * nGroups);
  for (let i = 0; i < yTrue.length; i++)
    counts[4 * (codes ? codes[i]! : 0) + 2 * yTrue[i]! + yPred[i]!]! += 1;
  return Array.from({ length: nGroups }, (_, g) => ({
    truePositives: counts[4 * g + 3]!,
    falsePositives: counts[4 * g + 1]!,
    falseNegatives: counts[4 * g + 2]!,
    trueNegatives: counts[4 * g]!,
  }));
}
