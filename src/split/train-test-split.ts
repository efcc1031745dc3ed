import { invalidParameter, PhantomNetError, RandomState } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';
import { type ClassMembers, classMembers, listClasses } from './class-members.js';
import { drawAllocation } from './draw-allocation.js';
import { countSides, rows, type SideCounts } from './sizes.js';

/** What `trainTestSplit` can be told; the names and meanings are scikit-learn's. */
export interface TrainTestSplitOptions {
  /** Share of the rows to test on (rounded up), or a whole number of rows. Default 0.25, or what `trainSize` leaves. */
  readonly testSize?: number | undefined;
  /** Share of the rows to train on (rounded down), or a whole number of rows. Default: what `testSize` leaves. */
  readonly trainSize?: number | undefined;
  /** False keeps the order of the rows: the first train, the last test. Default true. */
  readonly shuffle?: boolean | undefined;
  /** Labels of all rows: both sides get every class in its proportion. Needs `shuffle`. */
  readonly stratify?: Labels | undefined;
  /** Seed, 0 to 2³² − 1. Default 0. */
  readonly randomState?: number | undefined;
}

/**
 * Returns the rows of one training and one test part of `nSamples` rows: a holdout, stratified on request.
 *
 * Throws INVALID_PARAMETER for a size or seed out of range, BAD_DATA when a side would be empty, a stratified class
 * has only 1 member, or a side is smaller than the number of classes.
 * Deterministic given `randomState`; O(n). Agrees with scikit-learn 1.9's `train_test_split`, row for row, except that
 * the seed defaults to 0 and a size of 1 is one row.
 *
 * @example
 * ```ts
 * const split = trainTestSplit(10, { testSize: 0.3, randomState: 42 });
 * split.test; // [8, 1, 5]
 * split.train; // [0, 7, 2, 9, 4, 3, 6]
 * ```
 */
export function trainTestSplit(nSamples: number, options: TrainTestSplitOptions = {}): Split {
  const { shuffle = true, stratify, randomState = 0 } = options;
  const sides = countSides(nSamples, options);
  const random = new RandomState(randomState);
  if (stratify !== undefined) {
    if (!shuffle) invalidParameter('shuffle', 'true when stratify is given', shuffle);
    if (stratify.codes.length !== nSamples)
      throw new PhantomNetError(
        'BAD_DATA',
        `stratify has ${stratify.codes.length} labels for ${rows(nSamples)}`,
        { hint: 'give one label for each row', details: { labels: stratify.codes.length, nSamples } },
      );
    return stratifiedSplit(classMembers(stratify), sides, random);
  }
  const order = shuffle ? random.permutation(nSamples) : Uint32Array.from({ length: nSamples }, (_, i) => i);
  const { nTrain, nTest } = sides;
  return shuffle
    ? { train: order.slice(nTest, nTest + nTrain), test: order.slice(0, nTest) }
    : { train: order.slice(0, nTrain), test: order.slice(nTrain, nTrain + nTest) };
}

function stratifiedSplit(members: ClassMembers[], sides: SideCounts, random: RandomState): Split {
  checkStrata(members, sides);
  const counts = Uint32Array.from(members, (m) => m.rows.length);
  const ofTrain = drawAllocation(counts, sides.nTrain, random);
  const ofTest = drawAllocation(
    counts.map((count, k) => count - ofTrain[k]!),
    sides.nTest,
    random,
  );
  const train = new Uint32Array(sides.nTrain);
  const test = new Uint32Array(sides.nTest);
  let trained = 0;
  let tested = 0;
  for (const [k, { rows }] of members.entries()) {
    const drawn = random.permutation(rows.length).map((i) => rows[i]!);
    train.set(drawn.subarray(0, ofTrain[k]!), trained);
    test.set(drawn.subarray(ofTrain[k]!, ofTrain[k]! + ofTest[k]!), tested);
    trained += ofTrain[k]!;
    tested += ofTest[k]!;
  }
  return { train: random.shuffle(train), test: random.shuffle(test) };
}

function checkStrata(members: readonly ClassMembers[], { nTrain, nTest }: SideCounts): void {
  const single = members.filter(({ rows }) => rows.length < 2);
  if (single.length > 0)
    throw new PhantomNetError(
      'BAD_DATA',
      `a stratified split needs at least 2 rows of each class; too few of: ${listClasses(single)}`,
      {
        hint: 'add rows of these classes, put them together with others or leave them out (label.classes of events), or split without stratify: by time or at random',
        details: { classes: single.map(({ name }) => name) },
      },
    );
  for (const [side, count] of [
    ['training', nTrain],
    ['test', nTest],
  ] as const)
    if (count < members.length)
      throw new PhantomNetError(
        'BAD_DATA',
        `the ${side} side has ${rows(count)}, fewer than the ${members.length} classes to be in it`,
        {
          hint: `give the ${side} side at least ${members.length} rows, or split without stratify: by time or at random`,
          details: { side, count, classes: members.length },
        },
      );
}
