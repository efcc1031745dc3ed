import { invalidParameter, PhantomNetError, RandomState, show } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';
import { type ClassCounts, countClasses, largestFirst } from './class-counts.js';
import { checkLabelCount, findGroups, type Group, rowsOfGroups } from './groups.js';

/** Other orders of the groups that are tried where the first leaves a side without a class. */
const MAX_RETRIES = 20;

/** What `stratifiedGroupTrainTestSplit` can be told. */
export interface StratifiedGroupTrainTestSplitOptions {
  /** Share of the rows of each class to test on, above 0 and below 1; whole groups come as near as they can. Default 0.25. */
  readonly testSize?: number | undefined;
  /** Seed of the order of equal groups, 0 to 2³² − 1. Default 0. */
  readonly randomState?: number | undefined;
}

/**
 * Returns one training and one test part that share no group, with about `testSize` of every class in the test part.
 *
 * Groups are dealt out one by one, the largest first, each to the side where the classes then come nearest to their
 * shares (sum of squares); the last group of a class goes to the side that has none of it. Where a side then lacks a class,
 * up to 20 random orders of the groups are tried. Both sides are ascending. Throws INVALID_PARAMETER for an option out of
 * range, BAD_DATA for a row without a group or label, and where a side would lack a class all the same. Deterministic given `randomState`;
 * O(n + groups × (classes + log groups)). scikit-learn has no such holdout.
 *
 * @example
 * ```ts
 * const labels = { classes: [0, 1], codes: Uint16Array.of(0, 1, 0, 1, 0, 1) };
 * const groups = ['a', 'a', 'b', 'b', 'c', 'c'];
 * stratifiedGroupTrainTestSplit(labels, groups, { testSize: 0.33 }).test.length; // 2
 * ```
 */
export function stratifiedGroupTrainTestSplit(
  labels: Labels,
  groups: ArrayLike<Group>,
  options: StratifiedGroupTrainTestSplitOptions = {},
): Split {
  const { testSize = 0.25, randomState = 0 } = options;
  if (!(testSize > 0 && testSize < 1)) invalidParameter('testSize', 'a share between 0 and 1', testSize);
  const random = new RandomState(randomState);
  checkLabelCount(labels.codes.length, groups.length);
  const found = findGroups(groups);
  const counts = countClasses(labels, found);
  requireGroups(counts, 2);
  const shuffled = () => random.permutation(found.names.length);
  const first = dealt(counts, testSize, largestFirst(shuffled(), found.counts));
  let sides = first;
  for (let retry = 0; retry < MAX_RETRIES && lacksClass(sides); retry++)
    sides = dealt(counts, testSize, shuffled());
  requireBothSides(counts, lacksClass(sides) ? first : sides, testSize);
  return {
    train: rowsOfGroups(found, (group) => sides.inTest[group] === 0),
    test: rowsOfGroups(found, (group) => sides.inTest[group] === 1),
  };
}

function dealt(counts: ClassCounts, testSize: number, order: Uint32Array): Sides {
  const sides = new Sides(counts, testSize);
  for (const group of order) sides.deal(group);
  return sides;
}

function lacksClass({ train, test }: Sides): boolean {
  return train.includes(0) || test.includes(0);
}

/** The two sides while groups are dealt out. */
class Sides {
  readonly inTest: Uint8Array;
  readonly train: Float64Array;
  readonly test: Float64Array;
  readonly #counts: ClassCounts;
  readonly #testSize: number;
  /** Groups of each class that are not dealt out yet. */
  readonly #left: Uint32Array;

  constructor(counts: ClassCounts, testSize: number) {
    this.#counts = counts;
    this.#testSize = testSize;
    this.#left = counts.nGroups.slice();
    this.inTest = new Uint8Array(counts.ofGroup.length);
    this.train = new Float64Array(counts.totals.length);
    this.test = new Float64Array(counts.totals.length);
  }

  deal(group: number): void {
    const ofGroup = this.#counts.ofGroup[group]!;
    const toTest =
      this.#isNeeded(ofGroup, this.test) ||
      (!this.#isNeeded(ofGroup, this.train) && this.#suitsTest(ofGroup));
    const side = toTest ? this.test : this.train;
    for (const [k, count] of ofGroup.entries()) {
      side[k]! += count;
      if (count > 0) this.#left[k]! -= 1;
    }
    this.inTest[group] = Number(toTest);
  }

  /** Whether a class is in no other group that is left, and not yet on that side. */
  #isNeeded(ofGroup: Float64Array, side: Float64Array): boolean {
    return ofGroup.some((count, k) => count > 0 && this.#left[k] === 1 && side[k] === 0);
  }

  /** Whether the sides are filled more evenly with the group in the test part. */
  #suitsTest(ofGroup: Float64Array): boolean {
    const { totals } = this.#counts;
    let inTest = 0;
    let inTrain = 0;
    for (const [k, total] of totals.entries()) {
      // How much fuller, relative to what it is to hold, the test part is; and by how much the group changes that.
      const fuller =
        this.test[k]! / (total * this.#testSize) - this.train[k]! / (total * (1 - this.#testSize));
      inTest += (fuller + ofGroup[k]! / (total * this.#testSize)) ** 2;
      inTrain += (fuller - ofGroup[k]! / (total * (1 - this.#testSize))) ** 2;
    }
    return inTest < inTrain;
  }
}

/** Classes that an error names at most. */
const MOST_NAMED = 10;

function requireGroups({ classes, nGroups }: ClassCounts, least: number): void {
  const few = classes.filter((_, k) => nGroups[k]! < least);
  if (few.length === 0) return;
  const isOne = few.length === 1;
  throw new PhantomNetError(
    'BAD_DATA',
    isOne
      ? `class ${show(few[0])} is in 1 group only, so that one side would lack it`
      : `${few.length} classes are in 1 group each, so that one side would lack them: ${few.slice(0, MOST_NAMED).map(show).join(', ')}${few.length > MOST_NAMED ? ` and ${few.length - MOST_NAMED} more` : ''}`,
    {
      hint: `group by something finer, add rows, or leave ${isOne ? 'the class' : 'them'} out (label.classes names those to keep)`,
      details: { classes: few },
    },
  );
}

function requireBothSides({ classes }: ClassCounts, { train, test }: Sides, testSize: number): void {
  for (const [name, side] of [
    ['training', train],
    ['test', test],
  ] as const) {
    const k = side.indexOf(0);
    if (k < 0) continue;
    throw new PhantomNetError(
      'BAD_DATA',
      `no whole groups give the ${name} side a row of class ${show(classes[k])} with testSize ${testSize}`,
      {
        hint: `change testSize, group by something finer, or add rows`,
        details: { side: name, class: classes[k], testSize },
      },
    );
  }
}
