import type { BinaryScores } from './binary.js';

/**
 * Every way to cut the samples in two by score. Cut 0 alerts on nothing; cut k alerts on the samples with one of the k
 * highest distinct scores.
 */
export interface Cuts {
  /** Distinct scores, highest first: one fewer than there are cuts. */
  readonly scores: Float64Array;
  /** Positives that each cut alerts on. */
  readonly truePositives: Float64Array;
  /** Negatives that each cut alerts on. */
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** Returns all cuts. The scores of each class are sorted once, as numbers. Cost O(n log n). */
export function cutsOf({ yTrue, scores }: BinaryScores): Cuts {
  const sides = [sortedScores(yTrue, scores, 1), sortedScores(yTrue, scores, 0)] as const;
  const [ofPositives, ofNegatives] = sides;
  const n = yTrue.length;
  const distinct = new Float64Array(n);
  const truePositives = new Float64Array(n + 1);
  const falsePositives = new Float64Array(n + 1);
  let p = ofPositives.length;
  let q = ofNegatives.length;
  let k = 0;
  while (p > 0 || q > 0) {
    const score = Math.max(p > 0 ? ofPositives[p - 1]! : -Infinity, q > 0 ? ofNegatives[q - 1]! : -Infinity);
    while (p > 0 && ofPositives[p - 1] === score) p--;
    while (q > 0 && ofNegatives[q - 1] === score) q--;
    distinct[k] = score;
    k++;
    truePositives[k] = ofPositives.length - p;
    falsePositives[k] = ofNegatives.length - q;
  }
  return {
    scores: distinct.subarray(0, k),
    truePositives: truePositives.subarray(0, k + 1),
    falsePositives: falsePositives.subarray(0, k + 1),
    positives: ofPositives.length,
    negatives: ofNegatives.length,
  };
}

/**
 * Returns the threshold of a cut, for `score > threshold`: halfway between the lowest score that alerts and the highest
 * that does not, so that scores a rounding away stay on their side. Infinity alerts on nothing, -Infinity on everything.
 */
export function thresholdOf({ scores }: Cuts, cut: number): number {
  if (cut === 0) return Infinity;
  if (cut === scores.length) return -Infinity;
  const above = scores[cut - 1]!;
  const below = scores[cut]!;
  const middle = below + (above - below) / 2;
  return middle >= below && middle < above ? middle : below;
}

function sortedScores(yTrue: ArrayLike<number>, scores: ArrayLike<number>, side: number): Float64Array {
  const sorted = new Float64Array(yTrue.length);
  let n = 0;
  for (let i = 0; i < yTrue.length; i++) if (yTrue[i] === side) sorted[n++] = scores[i]!;
  return sorted.subarray(0, n).sort();
}
