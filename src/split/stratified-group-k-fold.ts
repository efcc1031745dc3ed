import { PhantomNetError, show } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';
import {
  type ClassCounts,
  countClasses,
  largestFirst,
  pairwiseSum,
  standardDeviation,
} from './class-counts.js';
import { checkGroupFolds, checkLabelCount, findGroups, type Group } from './groups.js';
import { checkFolds, foldSplits, shuffler } from './k-fold.js';
import { counted } from './sizes.js';
import { checkRareClasses, type StratifiedKFoldOptions } from './stratified-k-fold.js';

/**
 * Returns `nSplits` splits in which no group is on both sides and each test part has about the same share of every class.
 *
 * Groups are dealt out one by one, those with the most uneven classes first, each to the fold where the classes are then
 * spread most evenly; `shuffle` changes only the order of equal ones. Both sides are ascending. Throws INVALID_PARAMETER
 * for an option out of range, BAD_DATA for a row without a group or label, fewer groups than folds, or a class that is in
 * fewer groups than there are folds (with `rareClasses: 'allow'`, only when all classes have fewer rows than folds).
 * Deterministic given `randomState`; O(n + groups × nSplits² × classes). Agrees with scikit-learn 1.9's
 * `StratifiedGroupKFold`, row for row, except that the seed defaults to 0.
 *
 * @example
 * ```ts
 * const labels = { classes: [0, 1], codes: Uint16Array.of(0, 1, 0, 1, 0, 1) };
 * const groups = ['a', 'a', 'b', 'b', 'c', 'd'];
 * stratifiedGroupKFold(labels, groups, { nSplits: 2 }).map(({ test }) => test.length); // [3, 3]
 * ```
 */
export function stratifiedGroupKFold(
  labels: Labels,
  groups: ArrayLike<Group>,
  options: StratifiedKFoldOptions = {},
): Split[] {
  const { nSplits = 5, rareClasses = 'error' } = options;
  checkFolds(groups.length, nSplits);
  checkRareClasses(rareClasses);
  checkLabelCount(labels.codes.length, groups.length);
  const found = findGroups(groups);
  const counts = countClasses(labels, found);
  const random = shuffler(options);
  checkGroupFolds(found, nSplits);
  checkSpread(counts, nSplits, rareClasses === 'error');
  const order = Uint32Array.from(found.names.keys());
  const foldOf = dealGroups(counts, random?.shuffle(order) ?? order, nSplits);
  return foldSplits(
    found.ofRow.map((group) => foldOf[group]!),
    nSplits,
  );
}

function checkSpread(counts: ClassCounts, nSplits: number, strict: boolean): void {
  const { classes, nGroups, totals } = counts;
  if (totals.every((total) => total < nSplits))
    throw new PhantomNetError('BAD_DATA', `every class has fewer rows than the ${nSplits} folds`, {
      hint: 'use fewer folds, or add rows',
      details: { nSplits, classes },
    });
  const rare = classes.flatMap((name, k) => (nGroups[k]! < nSplits ? [{ name, in: nGroups[k]! }] : []));
  if (!strict || rare.length === 0) return;
  const listed = rare.slice(0, 5).map((c) => `${show(c.name)} (${counted(c.in, 'group')})`);
  const more = rare.length > 5 ? ` and ${rare.length - 5} more` : '';
  throw new PhantomNetError(
    'BAD_DATA',
    `cannot spread each class over ${nSplits} folds of whole groups; in fewer groups than folds: ${listed.join(', ')}${more}`,
    {
      hint: "use fewer folds, group by something finer, or set rareClasses to 'allow'",
      details: { nSplits, classes: rare.map(({ name }) => name) },
    },
  );
}

/** The fold of each group. */
function dealGroups(counts: ClassCounts, order: Uint32Array, nSplits: number): Uint32Array {
  const foldOf = new Uint32Array(order.length);
  const folds = Array.from({ length: nSplits }, () => new Float64Array(counts.totals.length));
  const spread = Float64Array.from(counts.ofGroup, standardDeviation);
  for (const group of largestFirst(order, spread)) {
    const fold = evenestFold(folds, counts.ofGroup[group]!, counts.totals);
    foldOf[group] = fold;
    add(folds[fold]!, counts.ofGroup[group]!, 1);
  }
  return foldOf;
}

/** The fold that evens the classes out best; among about equal ones, that with the fewest rows. */
function evenestFold(folds: readonly Float64Array[], group: Float64Array, totals: Float64Array): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [i, fold] of folds.entries()) {
    add(fold, group, 1);
    const uneven = unevenness(folds, totals);
    add(fold, group, -1);
    const nRows = pairwiseSum(fold);
    if (uneven < least || (isClose(uneven, least) && nRows < fewest)) {
      best = i;
      least = uneven;
      fewest = nRows;
    }
  }
  return best;
}

function add(fold: Float64Array, group: Float64Array, sign: 1 | -1): void {
  for (let k = 0; k < fold.length; k++) fold[k]! += sign * group[k]!;
}

/** The mean over the classes of the standard deviation, over the folds, of the share of the class in the fold. */
function unevenness(folds: readonly Float64Array[], totals: Float64Array): number {
  // NumPy adds down the columns of a table one by one, but a single column as it does a row.
  if (totals.length === 1)
    return standardDeviation(Float64Array.from(folds, (fold) => fold[0]! / totals[0]!));
  const deviations = totals.map((total, k) => {
    let sum = 0;
    for (const fold of folds) sum += fold[k]! / total;
    const mean = sum / folds.length;
    let squares = 0;
    for (const fold of folds) {
      const difference = fold[k]! / total - mean;
      squares += difference * difference;
    }
    return Math.sqrt(squares / folds.length);
  });
  return pairwiseSum(deviations) / totals.length;
}

/** As NumPy's `isclose` with its default tolerances. */
function isClose(value: number, reference: number): boolean {
  return Number.isFinite(reference) && Math.abs(value - reference) <= 1e-8 + 1e-5 * Math.abs(reference);
}
