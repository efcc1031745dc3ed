import fc from 'fast-check';
import type { BinaryScores } from '#src/evaluate/index.js';

/** Truths and scores of one to sixty samples; scores in twentieths, so ties are common. */
export const binarySamples: fc.Arbitrary<{ yTrue: number[]; scores: number[] }> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 20 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => ({ yTrue: rows.map(([y]) => y), scores: rows.map(([, s]) => s / 20) }));

/** Counts by a loop over the samples, with nothing clever in it. */
export function countAbove({ yTrue, scores }: BinaryScores, threshold: number) {
  const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  for (let i = 0; i < yTrue.length; i++) {
    if (scores[i]! > threshold) counts[yTrue[i] === 1 ? 'truePositives' : 'falsePositives']++;
    else counts[yTrue[i] === 1 ? 'falseNegatives' : 'trueNegatives']++;
  }
  return counts;
}
