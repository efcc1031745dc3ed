import { invalidParameter, PhantomNetError, RandomState } from '../core/index.js';
import type { Split } from '../data/index.js';
import { checkCount, checkSampleCount, rows } from './sizes.js';

/** What `kFold` can be told; the names and meanings are scikit-learn's. */
export interface KFoldOptions {
  /** Number of folds, at least 2. Default 5. */
  readonly nSplits?: number | undefined;
  /** True puts rows into folds at random; false cuts them in their order. Default false. */
  readonly shuffle?: boolean | undefined;
  /** Seed of the shuffle, 0 to 2³² − 1; refused without `shuffle`. Default 0. */
  readonly randomState?: number | undefined;
}

/** What `repeatedKFold` can be told. */
export interface RepeatedKFoldOptions {
  /** Number of folds, at least 2. Default 5. */
  readonly nSplits?: number | undefined;
  /** How often the folds are drawn anew, at least 1. Default 10. */
  readonly nRepeats?: number | undefined;
  /** Seed, 0 to 2³² − 1. Default 0. */
  readonly randomState?: number | undefined;
}

/**
 * Returns `nSplits` splits of `nSamples` rows: each row is tested once and trained on in all other splits.
 *
 * Both sides are ascending; the sizes of the test parts differ by at most 1. Throws INVALID_PARAMETER for an option out
 * of range, BAD_DATA for fewer rows than folds. Deterministic given `randomState`; O(nSplits × n) time and memory.
 * Agrees with scikit-learn 1.9's `KFold`, row for row, except that the seed defaults to 0.
 *
 * @example
 * ```ts
 * const folds = kFold(5, { nSplits: 2 });
 * folds[0]?.test; // [0, 1, 2]
 * folds[0]?.train; // [3, 4]
 * ```
 */
export function kFold(nSamples: number, options: KFoldOptions = {}): Split[] {
  const { nSplits = 5 } = options;
  checkFolds(nSamples, nSplits);
  return foldSplits(consecutiveFolds(nSamples, nSplits, shuffler(options)), nSplits);
}

/**
 * Returns the splits of `kFold` with a shuffle, `nRepeats` times over, each time from a later part of one random stream.
 *
 * `nSplits × nRepeats` splits, one repeat after the other. Throws as `kFold` does. Deterministic given `randomState`.
 * Agrees with scikit-learn 1.9's `RepeatedKFold`, row for row, except that the seed defaults to 0.
 */
export function repeatedKFold(nSamples: number, options: RepeatedKFoldOptions = {}): Split[] {
  const { nSplits = 5, nRepeats = 10, randomState = 0 } = options;
  checkFolds(nSamples, nSplits);
  checkCount('nRepeats', nRepeats, 1);
  const random = new RandomState(randomState);
  return Array.from({ length: nRepeats }, () =>
    foldSplits(consecutiveFolds(nSamples, nSplits, random), nSplits),
  ).flat();
}

/** Returns the generator that `shuffle` asks for, undefined without it. Throws INVALID_PARAMETER for a seed without a shuffle. */
export function shuffler({ shuffle = false, randomState }: KFoldOptions): RandomState | undefined {
  if (shuffle) return new RandomState(randomState ?? 0);
  if (randomState !== undefined)
    invalidParameter('randomState', 'left out when shuffle is false, as it has no effect', randomState);
  return undefined;
}

/** Throws INVALID_PARAMETER for a bad number of folds, BAD_DATA for fewer rows than folds. */
export function checkFolds(nSamples: number, nSplits: number): void {
  checkSampleCount(nSamples);
  checkCount('nSplits', nSplits, 2);
  if (nSplits > nSamples)
    throw new PhantomNetError('BAD_DATA', `cannot make ${nSplits} folds of ${rows(nSamples)}`, {
      hint: nSamples < 2 ? 'add rows: 2 folds need at least 2' : `use at most ${nSamples} folds, or add rows`,
      details: { nSplits, nSamples },
    });
}

/** Returns the splits for a fold number of each row: split i tests fold i. Both sides ascending. */
export function foldSplits(foldOfRow: Uint32Array, nSplits: number): Split[] {
  const sizes = new Uint32Array(nSplits);
  for (const fold of foldOfRow) sizes[fold]! += 1;
  return Array.from(sizes, (size, fold) => {
    const test = new Uint32Array(size);
    const train = new Uint32Array(foldOfRow.length - size);
    let tested = 0;
    for (let row = 0; row < foldOfRow.length; row++) {
      if (foldOfRow[row] === fold) test[tested++] = row;
      else train[row - tested] = row;
    }
    return { train, test };
  });
}

/** The fold of each row when the rows, shuffled or not, are cut into consecutive parts; the first parts take what is over. */
function consecutiveFolds(nSamples: number, nSplits: number, random: RandomState | undefined): Uint32Array {
  const order = random?.permutation(nSamples);
  const foldOfRow = new Uint32Array(nSamples);
  const size = Math.floor(nSamples / nSplits);
  const larger = nSamples % nSplits;
  let next = 0;
  for (let fold = 0; fold < nSplits; fold++) {
    const end = next + size + (fold < larger ? 1 : 0);
    for (; next < end; next++) foldOfRow[order === undefined ? next : order[next]!] = fold;
  }
  return foldOfRow;
}
