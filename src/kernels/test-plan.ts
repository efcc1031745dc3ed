import { type Forest, forestNode } from './forest.js';
import { SET_WORDS } from './growth.js';

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
  /** By feature that a node compares, those of fewest thresholds first: its thresholds, ascending. */
  readonly features: readonly { readonly feature: number; readonly thresholds: Float32Array }[];
  /** By feature that is split by set: the answers to its tests, code after code, each padded to whole runs. */
  readonly categories: readonly {
    readonly feature: number;
    readonly nLevels: number;
    readonly answers: Uint8Array;
  }[];
  /** Number of the first test; all before are answered 0. */
  readonly first: number;
  /** One above the last number, and those that are written along with it. */
  readonly end: number;
  /** Returns the number of the test of a node that is no leaf. */
  numberOf(node: number): number;
}

/** Bytes of answers by code beyond which a forest does without quads. */
const MAX_CATEGORY_BYTES = 2 ** 24;

/**
 * Returns the tests of a forest, the first `nZeros` numbers left to those answered 0; null where there are more than a
 * u16 can number, or the answers by code would be too large.
 */
export function planTests(forest: Forest, nZeros: number): TestPlan | null {
  const { levels, categorySets } = forest;
  const numbers = Array.from(levels, () => new Map<number | string, number>());
  const keyOf = (feature: number, node: number): number | string => {
    const at = node * forest.nodeWords;
    if (levels[feature] === 0) return forest.thresholds[at]!;
    const set = forest.nodes[at]! * SET_WORDS;
    return categorySets.subarray(set, set + SET_WORDS).join();
  };
  for (let node = 0; node < forest.nanLeft.length; node++) {
    const { feature } = forestNode(forest, node);
    numbers[feature]?.set(keyOf(feature, node), 0);
  }
  const first = Math.ceil(nZeros / FEW) * FEW;
  let end = first;
  const number = (feature: number, keys: Iterable<number | string>, length: number) => {
    let next = end;
    for (const key of keys) numbers[feature]!.set(key, next++);
    end += length;
  };
  const asked = [...levels.keys()].filter((feature) => numbers[feature]!.size > 0);
  const features = asked
    .filter((feature) => levels[feature] === 0)
    .map((feature) => ({
      feature,
      thresholds: Float32Array.from(numbers[feature]!.keys() as Iterable<number>).sort(),
    }))
    .sort((a, b) => a.thresholds.length - b.thresholds.length);
  for (const { feature, thresholds } of features) number(feature, thresholds, answersOf(thresholds));
  const bySet = asked.filter((feature) => levels[feature]! > 0);
  const bytes = bySet.reduce((sum, feature) => sum + wholeRuns(numbers[feature]!.size) * levels[feature]!, 0);
  if (bytes > MAX_CATEGORY_BYTES) return null;
  const categories = bySet.map((feature) => {
    const sets = [...numbers[feature]!.keys()] as string[];
    number(feature, sets, wholeRuns(sets.length));
    return { feature, nLevels: levels[feature]!, answers: answersByCode(sets, levels[feature]!) };
  });
  if (end > MAX_TESTS) return null;
  const numberOf = (node: number) => {
    const { feature } = forestNode(forest, node);
    return numbers[feature]!.get(keyOf(feature, node))!;
  };
  return { features, categories, first, end, numberOf };
}

/** Returns, code after code, the answers to whether it is outside of each set. */
function answersByCode(sets: readonly string[], nLevels: number): Uint8Array {
  const length = wholeRuns(sets.length);
  const answers = new Uint8Array(nLevels * length);
  sets.forEach((set, i) => {
    const words = set.split(',').map(Number);
    for (let code = 0; code < nLevels; code++)
      if (((words[code >> 5]! >>> (code & 31)) & 1) === 0) answers[code * length + i] = YES;
  });
  return answers;
}

function wholeRuns(n: number): number {
  return Math.ceil(n / RUN) * RUN;
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
  categories: number,
  categoriesEnd: number,
];

/** Lays out what answers the tests of a plan. `put` takes an array into memory and returns its address. */
export function layTests(
  { features, categories, first }: TestPlan,
  put: (array: Uint8Array | Uint32Array | Float32Array) => number,
): TestAddresses {
  const levels: number[][] = [];
  for (const { feature, thresholds } of features)
    levelsOf(thresholds).forEach((level, i) => {
      levels[i] ??= [];
      levels[i].push(4 * feature, put(level));
    });
  // The finest is there also where no feature has a threshold.
  if (levels.length === 0) levels.push([]);
  const words = levels.reverse().flatMap((pairs) => [4 * pairs.length, ...pairs]);
  const levelsAt = put(Uint32Array.from(words));
  const lengths = features.map(({ thresholds }) => answersOf(thresholds));
  const nFew = lengths.filter((length) => length === FEW).length;
  const ranks = put(Uint32Array.from([...lengths.map(() => 0), ...lengths.slice(nFew)]));
  const most = lengths.at(-1) ?? 0;
  const yes = put(new Uint8Array(2 * most + RUN).fill(YES, 0, most));
  const entries = categories.flatMap(({ feature, nLevels, answers }) => [
    4 * feature,
    nLevels,
    put(answers),
    answers.length / nLevels,
  ]);
  const categoriesAt = put(Uint32Array.from(entries));
  return [
    levelsAt,
    levelsAt + 4 * (words.length - 1 - 2 * features.length),
    ranks,
    ranks + 4 * nFew,
    ranks + 4 * lengths.length,
    yes + most,
    first,
    categoriesAt,
    categoriesAt + 4 * entries.length,
  ];
}

/** Returns how many answers are written for a feature. */
function answersOf({ length }: Float32Array): number {
  return length <= BLOCK ? FEW : wholeRuns(length);
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
