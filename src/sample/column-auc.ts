import type { Split } from '../data/index.js';

/** Rows of the training mean that are mixed into the mean of each value, so that rare values say little. */
const SMOOTHING = 10;

/**
 * Returns the ROC AUC of one raw column alone: each cell is replaced by the smoothed share of class 1 among the training
 * rows with the same text (Micci-Barreca 2001), the test rows of all folds are scored together.
 * `codes` are 0 or 1. Rows in no test fold are left out. A cell that no training row has scores the training mean.
 */
export function outOfFoldAuc(
  cells: readonly (string | null)[],
  codes: ArrayLike<number>,
  folds: readonly Split[],
): number {
  const scores: number[] = [];
  const labels: number[] = [];
  for (const { train, test } of folds) {
    const { mean, means } = targetMeans(cells, codes, train);
    for (const row of test) {
      scores.push(means.get(cells[row]!) ?? mean);
      labels.push(codes[row]!);
    }
  }
  return rankAuc(scores, labels);
}

function targetMeans(cells: readonly (string | null)[], codes: ArrayLike<number>, train: Uint32Array) {
  const totals = new Map<string | null, { count: number; ones: number }>();
  let ones = 0;
  for (const row of train) {
    const total = totals.get(cells[row]!) ?? { count: 0, ones: 0 };
    total.count += 1;
    total.ones += codes[row]!;
    ones += codes[row]!;
    totals.set(cells[row]!, total);
  }
  const mean = ones / train.length;
  const smoothed = (t: { count: number; ones: number }) =>
    (t.ones + SMOOTHING * mean) / (t.count + SMOOTHING);
  return { mean, means: new Map([...totals].map(([cell, total]) => [cell, smoothed(total)])) };
}

/** Returns the share of pairs of a 1 and a 0 in which the 1 scores higher, ties counting half; 0.5 with one class only. */
function rankAuc(scores: readonly number[], labels: readonly number[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) rankSum += rank * labels[order[i]!]!;
    start = end;
  }
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const pairs = positives * (labels.length - positives);
  return pairs === 0 ? 0.5 : (rankSum - (positives * (positives + 1)) / 2) / pairs;
}
