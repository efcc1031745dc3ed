import { type Forest, forestNode } from './forest.js';

/** Thresholds of a block, which the kernel compares at once. */
const BLOCK = 8;
/** Answers that are written at once, for a feature of one block and for others. */
const FEW = 16;
const RUN = 64;
/** The answer that a value is above the threshold: the bytes between the second and the third number of a quad. */
const YES = 2;
/** The number of a test is a u16. */
const MAX_TESTS = 65_536;

/** All tests of a forest, each with its number: what assembly/score/tests.ts answers for a row. */
export interface TestPlan {
  /** By feature that a node tests, those of fewest thresholds first: its thresholds, ascending. */
  readonly features: readonly { readonly feature: number; readonly thresholds: Float32Array }[];
  /** By feature: the number of the test of each threshold. Neighbours of a feature have neighbouring numbers. */
  readonly numbers: readonly ReadonlyMap<number, number>[];
  /** Number of the first test; all before are answered 0. */
  readonly first: number;
  /** One above the last number, and those that are written along with it. */
  readonly end: number;
}

/**
 * Returns the tests of a forest without category sets, the first `nZeros` numbers left to those answered 0; null where
 * there are more than a u16 can number.
 */
export function planTests(forest: Forest, nZeros: number): TestPlan | null {
  const numbers = Array.from(forest.levels, () => new Map<number, number>());
  for (let node = 0; node < forest.nanLeft.length; node++) {
    const { feature } = forestNode(forest, node);
    numbers[feature]?.set(forest.thresholds[node * forest.nodeWords]!, 0);
  }
  const features = numbers
    .map((of, feature) => ({ feature, thresholds: Float32Array.from(of.keys()).sort() }))
    .filter(({ thresholds }) => thresholds.length > 0)
    .sort((a, b) => a.thresholds.length - b.thresholds.length);
  const first = Math.ceil(nZeros / 16) * 16;
  let next = first;
  for (const { feature, thresholds } of features) {
    for (const [i, threshold] of thresholds.entries()) numbers[feature]!.set(threshold, next + i);
    next += answersOf(thresholds);
  }
  return next <= MAX_TESTS ? { features, numbers, first, end: next } : null;
}

/** Addresses of what assembly/score/tests.ts reads, in the order of its `setTests`. */
export type TestAddresses = [
  levels: number,
  finest: number,
  ranks: number,
  fewEnd: number,
  ranksEnd: number,
  yesEnd: number,
  answers: number,
];

/** Lays out what answers the tests of a plan. `put` takes an array into memory and returns its address. */
export function layTests(
  { features, first }: TestPlan,
  put: (array: Uint8Array | Uint32Array | Float32Array) => number,
): TestAddresses {
  const levels: number[][] = [];
  for (const { feature, thresholds } of features)
    levelsOf(thresholds).forEach((level, i) => {
      levels[i] ??= [];
      levels[i].push(4 * feature, put(level));
    });
  const words = levels.reverse().flatMap((pairs) => [4 * pairs.length, ...pairs]);
  const levelsAt = put(Uint32Array.from(words));
  const lengths = features.map(({ thresholds }) => answersOf(thresholds));
  const nFew = lengths.filter((length) => length === FEW).length;
  const ranks = put(Uint32Array.from([...lengths.map(() => 0), ...lengths.slice(nFew)]));
  const most = lengths.at(-1) ?? 0;
  const yes = put(new Uint8Array(2 * most + RUN).fill(YES, 0, most));
  return [
    levelsAt,
    levelsAt + 4 * (words.length - 1 - 2 * features.length),
    ranks,
    ranks + 4 * nFew,
    ranks + 4 * lengths.length,
    yes + most,
    first,
  ];
}

/** Returns how many answers are written for a feature. */
function answersOf({ length }: Float32Array): number {
  return length <= BLOCK ? FEW : Math.ceil(length / RUN) * RUN;
}

/** Returns the levels of a feature, the finest first, which is all thresholds; each other has every eighth of the one before. */
function levelsOf(thresholds: Float32Array): Float32Array[] {
  const levels: Float32Array[] = [];
  for (let step = 1; step === 1 || step < thresholds.length; step *= BLOCK) {
    const length = BLOCK * (Math.floor(thresholds.length / (step * BLOCK)) + 1);
    levels.push(
      Float32Array.from({ length }, (_, i) => thresholds[step * (i + 1) - 1] ?? Number.POSITIVE_INFINITY),
    );
  }
  return levels;
}
