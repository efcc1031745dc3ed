import { invalidParameter, PhantomNetError, RandomState } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';
import { type ClassMembers, classMembers, listClasses } from './class-members.js';
import { checkFolds, foldSplits, type KFoldOptions, type RepeatedKFoldOptions, shuffler } from './k-fold.js';
import { checkCount } from './sizes.js';

/** What to do with a class that has fewer rows than there are folds: refuse the data, or leave some folds without it. */
export type RareClasses = 'error' | 'allow';

/** What `stratifiedKFold` can be told; all but `rareClasses` is scikit-learn's. */
export interface StratifiedKFoldOptions extends KFoldOptions {
  /** Default `error`; `allow` is what scikit-learn does (with a warning). */
  readonly rareClasses?: RareClasses | undefined;
}

/** What `repeatedStratifiedKFold` can be told. */
export interface RepeatedStratifiedKFoldOptions extends RepeatedKFoldOptions {
  /** Default `error`; `allow` is what scikit-learn does (with a warning). */
  readonly rareClasses?: RareClasses | undefined;
}

/**
 * Returns `nSplits` splits of the labelled rows, each class spread evenly: its rows per test part differ by at most 1.
 *
 * Both sides are ascending. Throws INVALID_PARAMETER for an option out of range, BAD_DATA for fewer rows than folds, or
 * a class with fewer members than folds (with `rareClasses: 'allow'`, only when all classes have fewer).
 * Deterministic given `randomState`; O(nSplits × n) time and memory. Agrees with scikit-learn 1.9's
 * `StratifiedKFold`, row for row, except that the seed defaults to 0.
 *
 * @example
 * ```ts
 * const labels = { classes: [0, 1], codes: Uint16Array.of(0, 0, 0, 0, 1, 1) };
 * stratifiedKFold(labels, { nSplits: 2 })[0]?.test; // [0, 1, 4]
 * ```
 */
export function stratifiedKFold(labels: Labels, options: StratifiedKFoldOptions = {}): Split[] {
  const { nSplits = 5, rareClasses = 'error' } = options;
  const strata = checkedStrata(labels, nSplits, rareClasses);
  return foldSplits(stratifiedFolds(strata, nSplits, shuffler(options)), nSplits);
}

/**
 * Returns the splits of `stratifiedKFold` with a shuffle, `nRepeats` times over, each time from a later part of one
 * random stream.
 *
 * `nSplits × nRepeats` splits, one repeat after the other. Throws as `stratifiedKFold` does. Deterministic given
 * `randomState`. Agrees with scikit-learn 1.9's `RepeatedStratifiedKFold`, row for row, except that the seed defaults to 0.
 */
export function repeatedStratifiedKFold(
  labels: Labels,
  options: RepeatedStratifiedKFoldOptions = {},
): Split[] {
  const { nSplits = 5, nRepeats = 10, randomState = 0, rareClasses = 'error' } = options;
  checkCount('nRepeats', nRepeats, 1);
  const strata = checkedStrata(labels, nSplits, rareClasses);
  const random = new RandomState(randomState);
  return Array.from({ length: nRepeats }, () =>
    foldSplits(stratifiedFolds(strata, nSplits, random), nSplits),
  ).flat();
}

/** Throws INVALID_PARAMETER for anything but a rule for rare classes. */
export function checkRareClasses(rareClasses: RareClasses): void {
  if (rareClasses !== 'error' && rareClasses !== 'allow')
    invalidParameter('rareClasses', "'error' or 'allow'", rareClasses);
}

/** The classes in the order in which they first appear among the rows, which is the order random numbers are spent in. */
function checkedStrata(labels: Labels, nSplits: number, rareClasses: RareClasses): ClassMembers[] {
  checkFolds(labels.codes.length, nSplits);
  checkRareClasses(rareClasses);
  const strata = classMembers(labels).sort((a, b) => a.rows[0]! - b.rows[0]!);
  const rare = strata.filter(({ rows }) => rows.length < nSplits);
  if (rare.length > 0 && (rareClasses === 'error' || rare.length === strata.length))
    throw new PhantomNetError(
      'BAD_DATA',
      `cannot spread each class over ${nSplits} folds; fewer members than folds in: ${listClasses(rare)}`,
      {
        hint:
          rare.length === strata.length
            ? 'use fewer folds, or add rows of these classes'
            : "use fewer folds, add rows of these classes, or set rareClasses to 'allow'",
        details: { nSplits, classes: rare.map(({ name }) => name) },
      },
    );
  return strata;
}

/** The fold of each row. Dealing the rows of all classes in turn to the folds tells how many of a class each fold gets. */
function stratifiedFolds(strata: ClassMembers[], nSplits: number, random?: RandomState): Uint32Array {
  const foldOfRow = new Uint32Array(strata.reduce((sum, { rows }) => sum + rows.length, 0));
  let dealt = 0;
  for (const { rows } of strata) {
    const folds = Uint32Array.from(rows, (_, i) => (dealt + i) % nSplits).sort();
    random?.shuffle(folds);
    for (let i = 0; i < rows.length; i++) foldOfRow[rows[i]!] = folds[i]!;
    dealt += rows.length;
  }
  return foldOfRow;
}
