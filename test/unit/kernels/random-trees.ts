import fc from 'fast-check';
import type { Xoshiro128 } from '#src/core/index.js';
import { type ForestShape, SET_WORDS, type Tree } from '#src/kernels/index.js';

/** A tree as one draws it. */
export interface PlainNode {
  /** Class probabilities of a leaf. */
  leaf: number[];
  split?: {
    feature: number;
    /** A threshold, or the categories that go left. */
    by: number | Set<number>;
    nanLeft: boolean;
    left: PlainNode;
    right: PlainNode;
  };
}

function randomLeaf(generator: Xoshiro128, nClasses: number): number[] {
  const counts = new Array<number>(nClasses).fill(0);
  const n = 1 + generator.nextBelow(20);
  for (let i = 0; i < n; i++) counts[generator.nextBelow(nClasses)]!++;
  return counts.map((count) => count / n);
}

/** A random tree: `splits` times a random leaf is split on a random feature. */
export function randomTree(generator: Xoshiro128, splits: number, shape: ForestShape): PlainNode {
  const leaf = (): PlainNode => ({ leaf: randomLeaf(generator, shape.nClasses) });
  const root = leaf();
  const open = [root];
  for (let i = 0; i < splits; i++) {
    const node = open.splice(generator.nextBelow(open.length), 1)[0]!;
    const feature = generator.nextBelow(shape.levels.length);
    const all = [...Array(shape.levels[feature]!).keys()];
    const by =
      all.length > 0 ? new Set(all.filter(() => generator.nextBelow(2) === 0)) : generator.nextBelow(9) - 4;
    node.split = { feature, by, nanLeft: generator.nextBelow(2) === 1, left: leaf(), right: leaf() };
    open.push(node.split.left, node.split.right);
  }
  return root;
}

/** The tree in flat arrays, by the letter of `Tree`'s description. */
export function flatten(root: PlainNode, { nClasses, levels }: ForestShape): Tree {
  const nodes = [root];
  for (const { split } of nodes) if (split) nodes.push(split.left, split.right);
  const value = new Int32Array(nodes.length);
  const thresholds = new Float32Array(value.buffer);
  const sets: number[][] = [];
  const leaves: [p: number, c: number][][] = [];
  nodes.forEach(({ split, leaf }, i) => {
    if (!split) {
      value[i] = leaves.length;
      leaves.push(leaf.map((p, c) => [p, c] as [number, number]).filter(([p]) => nClasses <= 256 || p > 0));
    } else if (typeof split.by === 'number') thresholds[i] = split.by;
    else {
      value[i] = sets.length;
      const words = new Int32Array(SET_WORDS);
      for (const c of split.by) words[c >>> 5]! |= 1 << (c & 31);
      sets.push([...words]);
    }
  });
  return {
    feature: Int32Array.from(nodes, ({ split }) => split?.feature ?? levels.length),
    value,
    left: Int32Array.from(nodes, ({ split }, i) => (split ? nodes.indexOf(split.left) : i)),
    nanLeft: Uint8Array.from(nodes, ({ split }) => (split?.nanLeft ? 1 : 0)),
    categorySets: Int32Array.from(sets.flat()),
    leaves: Float64Array.from(leaves.flat(), ([p]) => p),
    ...(nClasses > 256 && {
      leafStarts: Int32Array.from([0, ...leaves], (_, i) => leaves.slice(0, i).flat().length),
      leafClasses: Int32Array.from(leaves.flat(), ([, c]) => c),
    }),
    importances: new Float64Array(levels.length),
  };
}

/** The mean of the leaves, walked tree by tree in the plainest way. */
export function oracle(trees: readonly PlainNode[], shape: ForestShape, row: ArrayLike<number>): number[] {
  const sums = new Array<number>(shape.nClasses).fill(0);
  for (const root of trees) {
    let node = root;
    while (node.split) {
      const { feature, by, nanLeft, left, right } = node.split;
      const value = row[feature]!;
      const nLevels = shape.levels[feature]!;
      const missing = Number.isNaN(value) || (nLevels > 0 && ![...Array(nLevels).keys()].includes(value));
      const goesLeft = missing ? nanLeft : typeof by === 'number' ? value <= by : by.has(value);
      node = goesLeft ? left : right;
    }
    for (let c = 0; c < sums.length; c++) sums[c]! += node.leaf[c]!;
  }
  return sums.map((sum) => sum / trees.length);
}

/** Shapes of forests: 1 to 3 or many classes; numbers and categories. */
export const shape: fc.Arbitrary<ForestShape> = fc.record({
  nClasses: fc.constantFrom(1, 2, 2, 3, 5, 300),
  levels: fc
    .array(fc.constantFrom(0, 0, 0, 1, 3, 40, 255), { minLength: 1, maxLength: 9 })
    .map((levels) => Int32Array.from(levels)),
});

/** Shapes without categories. */
export const numericShape: fc.Arbitrary<ForestShape> = shape.map(({ nClasses, levels }) => ({
  nClasses,
  levels: levels.fill(0),
}));

/** A value of any feature, seldom a missing or an infinite one. */
const value = fc.oneof(
  { arbitrary: fc.integer({ min: -5, max: 5 }), weight: 20 },
  { arbitrary: fc.constantFrom(0.5, -0, 39, 254), weight: 2 },
  {
    arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    weight: 1,
  },
);

/** Rows that wide, row after row. */
export const rowsOf = (nFeatures: number, maxRows: number): fc.Arbitrary<Float32Array> =>
  fc
    .array(fc.array(value, { minLength: nFeatures, maxLength: nFeatures }), {
      minLength: 1,
      maxLength: maxRows,
    })
    .map((rows) => Float32Array.from(rows.flat()));
