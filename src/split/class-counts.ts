import type { Labels } from '../data/index.js';
import { classMembers } from './class-members.js';
import type { Groups } from './groups.js';

/** How the rows of each class that occurs are spread over the groups. */
export interface ClassCounts {
  /** The classes that occur, in the order of `labels.classes`. */
  readonly classes: Labels['classes'];
  /** Rows of each class. */
  readonly totals: Float64Array;
  /** For each group its rows of each class. */
  readonly ofGroup: readonly Float64Array[];
  /** In how many groups each class is. */
  readonly nGroups: Uint32Array;
}

/** Returns how the classes are spread over the groups. O(n + groups × classes). */
export function countClasses(labels: Labels, { names, ofRow }: Groups): ClassCounts {
  const members = classMembers(labels);
  const ofGroup = names.map(() => new Float64Array(members.length));
  const nGroups = new Uint32Array(members.length);
  for (const [k, { rows }] of members.entries())
    for (const row of rows) {
      const counts = ofGroup[ofRow[row]!]!;
      if (counts[k]! === 0) nGroups[k]! += 1;
      counts[k]! += 1;
    }
  return {
    classes: members.map(({ name }) => name),
    totals: Float64Array.from(members, ({ rows }) => rows.length),
    ofGroup,
    nGroups,
  };
}

/** Returns the numbers of `order` by their keys, the largest first; those of equal keys stay in their order. */
export function largestFirst(order: Uint32Array, keys: ArrayLike<number>): Uint32Array {
  return Uint32Array.from([...order].sort((a, b) => keys[b]! - keys[a]!));
}

/** Returns the population standard deviation, summed in NumPy's order so that ties are the same as scikit-learn's. */
export function standardDeviation(values: Float64Array): number {
  const mean = pairwiseSum(values) / values.length;
  return Math.sqrt(pairwiseSum(values.map((value) => (value - mean) * (value - mean))) / values.length);
}

/** Returns the sum of values as NumPy adds a contiguous row: eight sums side by side, long rows by halves. */
export function pairwiseSum(values: Float64Array): number {
  const n = values.length;
  if (n < 8) return values.reduce((sum, value) => sum + value, 0);
  if (n > 128) {
    const half = Math.floor(n / 16) * 8;
    return pairwiseSum(values.subarray(0, half)) + pairwiseSum(values.subarray(half));
  }
  const r = values.slice(0, 8);
  const whole = n - (n % 8);
  for (let i = 8; i < whole; i++) r[i % 8]! += values[i]!;
  const eight = r[0]! + r[1]! + (r[2]! + r[3]!) + (r[4]! + r[5]! + (r[6]! + r[7]!));
  return values.subarray(whole).reduce((sum, value) => sum + value, eight);
}
