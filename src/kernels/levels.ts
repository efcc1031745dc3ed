import type { Histogram } from './histogram.js';

/** Steps of power iteration. */
export const STEPS = 32;

/**
 * Sorts the occupied categories of a histogram: for two classes by the share of the second, which makes the best split
 * along that order the best of all splits into two sets (Breiman et al. 1984, section 9.4); for more by the position of
 * their class shares along the first principal direction (Coppersmith, Hong and Hosking 1999). Ties go by category.
 * `totals` are the class weights of the node.
 */
export function orderLevels(histogram: Histogram, totals: Float64Array): void {
  const { nClasses, sums, occupied, nOccupied } = histogram;
  const scores =
    nClasses === 2
      ? Float64Array.from(
          occupied.subarray(0, nOccupied),
          (b) => sums[2 * b + 1]! / (sums[2 * b]! + sums[2 * b + 1]!),
        )
      : scoreByDirection(histogram, totals);
  sortByScore(occupied, scores);
}

/** Sorts categories, ascending before, by their scores, which it sorts too. */
export function sortByScore(occupied: Uint8Array, scores: Float64Array): void {
  for (let i = 1; i < scores.length; i++) {
    const level = occupied[i]!;
    const score = scores[i]!;
    let j = i;
    while (j > 0 && scores[j - 1]! > score) {
      occupied[j] = occupied[j - 1]!;
      scores[j] = scores[j - 1]!;
      j--;
    }
    occupied[j] = level;
    scores[j] = score;
  }
}

/** Returns the scores of the occupied categories along the direction, found by power iteration from the one that is furthest out. */
function scoreByDirection(histogram: Histogram, totals: Float64Array): Float64Array {
  const { nClasses, sums, occupied, nOccupied } = histogram;
  let total = 0;
  for (let c = 0; c < nClasses; c++) total += totals[c]!;
  /** How far a category's share of class c is from the node's. */
  const away = (level: number, weight: number, c: number) =>
    sums[level * nClasses + c]! / weight - totals[c]! / total;
  const weights = Array.from({ length: nOccupied }, (_, k) => {
    let weight = 0;
    for (let c = 0; c < nClasses; c++) weight += sums[occupied[k]! * nClasses + c]!;
    return weight;
  });
  const project = (k: number, along: Float64Array) => {
    let sum = 0;
    for (let c = 0; c < nClasses; c++) sum += away(occupied[k]!, weights[k]!, c) * along[c]!;
    return sum;
  };
  let direction = new Float64Array(nClasses);
  let furthest = -1;
  for (let k = 0; k < nOccupied; k++) {
    let size = 0;
    for (let c = 0; c < nClasses; c++)
      size += away(occupied[k]!, weights[k]!, c) * away(occupied[k]!, weights[k]!, c);
    if (weights[k]! * size <= furthest) continue;
    furthest = weights[k]! * size;
    direction = Float64Array.from({ length: nClasses }, (_, c) => away(occupied[k]!, weights[k]!, c));
  }
  for (let step = 0; step < STEPS; step++) {
    const next = new Float64Array(nClasses);
    for (let k = 0; k < nOccupied; k++) {
      const pull = weights[k]! * project(k, direction);
      for (let c = 0; c < nClasses; c++) next[c] = next[c]! + pull * away(occupied[k]!, weights[k]!, c);
    }
    let largest = 0;
    for (let c = 0; c < nClasses; c++) largest = Math.max(largest, Math.abs(next[c]!));
    if (largest === 0) break;
    direction = next.map((v) => v / largest);
  }
  return Float64Array.from({ length: nOccupied }, (_, k) => project(k, direction));
}
