import { PhantomNetError, type RandomState } from '../core/index.js';
import type { Split } from '../data/index.js';
import { checkGroupFolds, findGroups, type Group, type Groups, rowsOfGroups } from './groups.js';
import { checkFolds, foldSplits, type KFoldOptions, shuffler } from './k-fold.js';
import { counted } from './sizes.js';

/** One split of `leaveOneGroupOut`. */
export interface GroupSplit extends Split {
  /** The group that is tested. */
  readonly group: Group;
}

/**
 * Returns `nSplits` splits in which no group is on both sides: each group is tested once.
 *
 * `groups`: one number or text a row. Without `shuffle` the largest group goes to the fold with the fewest rows, and so
 * on, so that folds have about as many rows; with it, folds have about as many groups, drawn at random. Both sides are
 * ascending. Throws INVALID_PARAMETER for an option out of range, BAD_DATA for a row without a group or fewer groups
 * than folds. Deterministic given `randomState`; O(nSplits × (n + groups)). Agrees with scikit-learn 1.9's `GroupKFold`,
 * row for row, except that the seed defaults to 0.
 *
 * @example
 * ```ts
 * const folds = groupKFold(['a', 'a', 'b', 'c', 'a'], { nSplits: 2 });
 * folds[0]?.test; // [0, 1, 4]
 * folds[1]?.test; // [2, 3]
 * ```
 */
export function groupKFold(groups: ArrayLike<Group>, options: KFoldOptions = {}): Split[] {
  const { nSplits = 5 } = options;
  checkFolds(groups.length, nSplits);
  const found = findGroups(groups);
  checkGroupFolds(found, nSplits);
  const random = shuffler(options);
  const foldOf =
    random === undefined ? balancedFolds(found, nSplits) : drawnFolds(found.names.length, nSplits, random);
  return foldSplits(
    found.ofRow.map((group) => foldOf[group]!),
    nSplits,
  );
}

/** The fold of each group: largest group first, ties by the later name, to the fold with the fewest rows. */
function balancedFolds({ counts }: Groups, nSplits: number): Uint32Array {
  const foldOf = new Uint32Array(counts.length);
  const nRows = new Float64Array(nSplits);
  for (const group of [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || b - a)) {
    const fold = nRows.indexOf(Math.min(...nRows));
    foldOf[group] = fold;
    nRows[fold]! += counts[group]!;
  }
  return foldOf;
}

/** The fold of each group when the groups, shuffled, are cut into consecutive parts; the first parts take what is over. */
function drawnFolds(nGroups: number, nSplits: number, random: RandomState): Uint32Array {
  const foldOf = new Uint32Array(nGroups);
  const size = Math.floor(nGroups / nSplits);
  const larger = nGroups % nSplits;
  for (const [at, group] of random.permutation(nGroups).entries()) {
    const inLarger = Math.floor(at / (size + 1));
    foldOf[group] = inLarger < larger ? inLarger : larger + Math.floor((at - larger * (size + 1)) / size);
  }
  return foldOf;
}

/**
 * Returns one split a group, in the order of the groups, with the group's name: it is tested, all others train.
 * With sensors as groups this is leave-one-sensor-out: how a model does on a sensor that it never saw.
 *
 * Both sides are ascending. Throws BAD_DATA for a row without a group or fewer than 2 groups. Deterministic;
 * O(groups × n) time and memory: for sources by the thousand use `groupKFold`. Agrees with scikit-learn 1.9's
 * `LeaveOneGroupOut`.
 *
 * @example
 * ```ts
 * const splits = leaveOneGroupOut(['berlin', 'oslo', 'berlin']);
 * splits.map(({ group }) => group); // ['berlin', 'oslo']
 * splits[0]?.test; // [0, 2]
 * ```
 */
export function leaveOneGroupOut(groups: ArrayLike<Group>): GroupSplit[] {
  const found = findGroups(groups);
  if (found.names.length < 2)
    throw new PhantomNetError(
      'BAD_DATA',
      `cannot leave one group out of ${counted(found.names.length, 'group')}: none is left to train on`,
      {
        hint: 'group by something that differs between rows',
        details: { nGroups: found.names.length, nSamples: groups.length },
      },
    );
  return found.names.map((name, left) => ({
    group: name,
    train: rowsOfGroups(found, (group) => group !== left),
    test: rowsOfGroups(found, (group) => group === left),
  }));
}
