import { RandomState } from '../core/index.js';
import type { Split } from '../data/index.js';
import { findGroups, type Group, rowsOfGroups } from './groups.js';
import { countSides } from './sizes.js';

/** What `groupTrainTestSplit` can be told; the names and meanings are scikit-learn's. */
export interface GroupTrainTestSplitOptions {
  /** Share of the groups to test on (rounded up), or a whole number of groups. Default 0.25, or what `trainSize` leaves. */
  readonly testSize?: number | undefined;
  /** Share of the groups to train on (rounded down), or a whole number of groups. Default: what `testSize` leaves. */
  readonly trainSize?: number | undefined;
  /** Seed, 0 to 2³² − 1. Default 0. */
  readonly randomState?: number | undefined;
}

/**
 * Returns one training and one test part that share no group; which groups test is drawn at random.
 *
 * `groups`: one number or text a row. Sizes count groups, not rows: one large group makes a side large. Both sides are
 * ascending. Throws INVALID_PARAMETER for a size or seed out of range, BAD_DATA for a row without a group or when a side
 * would have no group. Deterministic given `randomState`; O(n). Agrees with the first split of scikit-learn 1.9's
 * `GroupShuffleSplit`, row for row, except that `testSize` defaults to 0.25, the seed to 0, and a size of 1 is one group.
 *
 * @example
 * ```ts
 * const split = groupTrainTestSplit(['a', 'b', 'a', 'c', 'd'], { testSize: 0.5, randomState: 42 });
 * split.train; // [0, 2, 3]
 * split.test; // [1, 4]
 * ```
 */
export function groupTrainTestSplit(
  groups: ArrayLike<Group>,
  options: GroupTrainTestSplitOptions = {},
): Split {
  const found = findGroups(groups);
  const { nTrain, nTest } = countSides(found.names.length, options, 'group');
  const drawn = new RandomState(options.randomState ?? 0).permutation(found.names.length);
  const testing = new Set(drawn.subarray(0, nTest));
  const training = new Set(drawn.subarray(nTest, nTest + nTrain));
  return {
    train: rowsOfGroups(found, (group) => training.has(group)),
    test: rowsOfGroups(found, (group) => testing.has(group)),
  };
}
