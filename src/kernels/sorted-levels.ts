import { STEPS, sortByScore } from './levels.js';
import type { SortedBins } from './sorted-bins.js';

/**
 * Sorts the occupied categories as `orderLevels` does for more than two classes, by the position of their class shares
 * along the first principal direction, at the cost of the classes that each category has: O(steps × (pairs + classes of
 * the node)). `totals` are the weights of the node's own classes.
 */
export function orderSortedLevels(bins: SortedBins, totals: Float64Array): void {
  sortByScore(bins.occupied, scoreByDirection(bins, totals));
}

/**
 * Returns the scores of the occupied categories. A category is its class shares less those of the node, `mean`; where it
 * has none of a class only the mean is left, so what all categories have of it is worked out once.
 */
export function scoreByDirection(bins: SortedBins, totals: Float64Array): Float64Array {
  const { nOccupied } = bins;
  const total = totals.reduce((sum, weight) => sum + weight, 0);
  const mean = totals.map((weight) => weight / total);
  const weights = Float64Array.from({ length: nOccupied }, (_, k) => weighBin(bins, bins.occupied[k]!));
  const along = new Float64Array(nOccupied);
  /** Writes the position of each category along a direction. */
  const project = (direction: Float64Array): Float64Array => {
    let ofMean = 0;
    for (let c = 0; c < mean.length; c++) ofMean += mean[c]! * direction[c]!;
    for (let k = 0; k < nOccupied; k++) {
      const bin = bins.occupied[k]!;
      let sum = 0;
      for (let i = bins.starts[bin]!; i < bins.ends[bin]!; i++)
        sum += (bins.weights[i]! / weights[k]!) * direction[bins.classes[i]!]!;
      along[k] = sum - ofMean;
    }
    return along;
  };
  /** Returns the sum of the categories' shares, each times its factor, less the mean as often. */
  const combine = (factors: Float64Array): Float64Array => {
    let all = 0;
    for (let k = 0; k < nOccupied; k++) all += factors[k]!;
    const sums = mean.map((share) => -all * share);
    for (let k = 0; k < nOccupied; k++) {
      const bin = bins.occupied[k]!;
      for (let i = bins.starts[bin]!; i < bins.ends[bin]!; i++)
        sums[bins.classes[i]!]! += factors[k]! * (bins.weights[i]! / weights[k]!);
    }
    return sums;
  };
  const first = new Float64Array(nOccupied);
  first[furthestOut(bins, weights, mean)] = 1;
  let direction = combine(first);
  for (let step = 0; step < STEPS; step++) {
    const next = combine(project(direction).map((position, k) => position * weights[k]!));
    const largest = next.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) break;
    direction = next.map((value) => value / largest);
  }
  return project(direction);
}

function weighBin({ starts, ends, weights }: SortedBins, bin: number): number {
  let weight = 0;
  for (let i = starts[bin]!; i < ends[bin]!; i++) weight += weights[i]!;
  return weight;
}

/** Returns the place of the category whose shares are furthest from the mean, by its weight. */
function furthestOut(bins: SortedBins, weights: Float64Array, mean: Float64Array): number {
  const meanSquare = mean.reduce((sum, share) => sum + share * share, 0);
  let furthest = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < bins.nOccupied; k++) {
    const bin = bins.occupied[k]!;
    let size = meanSquare;
    for (let i = bins.starts[bin]!; i < bins.ends[bin]!; i++) {
      const share = bins.weights[i]! / weights[k]!;
      size += share * (share - 2 * mean[bins.classes[i]!]!);
    }
    if (weights[k]! * size <= most) continue;
    most = weights[k]! * size;
    furthest = k;
  }
  return furthest;
}
