import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import {
  buildStepTable,
  type Forest,
  joinTrees,
  scoreBatch,
  scoreRow,
  scoreStep,
  type Tree,
} from '#src/kernels/index.js';

/** A random tree: `splits` times a random leaf is split on a random feature. */
function randomTree(generator: Xoshiro128, splits: number, nFeatures: number): Tree {
  type Node = { split?: [feature: number, threshold: number, nanLeft: number, left: Node, right: Node] };
  const root: Node = {};
  const open = [root];
  for (let i = 0; i < splits; i++) {
    const node = open.splice(generator.nextBelow(open.length), 1)[0]!;
    node.split = [generator.nextBelow(nFeatures), generator.nextBelow(9) - 4, generator.nextBelow(2), {}, {}];
    open.push(node.split[3], node.split[4]);
  }
  const nodes = new Int32Array((2 * splits + 1) * 4);
  const thresholds = new Float32Array(nodes.buffer);
  const nanLeft = new Uint8Array(2 * splits + 1);
  const leaves: number[] = [];
  let next = 0;
  const place = (node: Node): number => {
    const id = next++;
    if (!node.split) {
      nodes.set([0, leaves.length / 2, id, id], id * 4);
      const p = generator.nextDouble();
      leaves.push(p, 1 - p);
      return id;
    }
    nodes[id * 4] = node.split[0];
    thresholds[id * 4 + 1] = node.split[1];
    nanLeft[id] = node.split[2];
    nodes[id * 4 + 2] = place(node.split[3]);
    nodes[id * 4 + 3] = place(node.split[4]);
    return id;
  };
  place(root);
  return { nodes, nanLeft, leaves: Float64Array.from(leaves), importances: new Float64Array(nFeatures) };
}

/** The mean of the leaves, walked tree by tree in the plainest way. */
function oracle(forest: Forest, row: Float32Array): number[] {
  const sums = [0, 0];
  for (let t = 0; t + 1 < forest.trees.length; t++) {
    let node = forest.trees[t]!;
    while (forest.nodes[node * 4 + 2] !== node) {
      const value = row[forest.nodes[node * 4]!]!;
      const left = Number.isNaN(value)
        ? forest.nanLeft[node] === 1
        : value <= forest.thresholds[node * 4 + 1]!;
      node = forest.nodes[node * 4 + (left ? 2 : 3)]!;
    }
    const leaf = forest.nodes[node * 4 + 1]!;
    for (let c = 0; c < 2; c++) sums[c]! += forest.leaves[leaf * 2 + c]!;
  }
  return sums.map((s) => s / (forest.trees.length - 1));
}

const value = fc.oneof(
  { arbitrary: fc.integer({ min: -5, max: 5 }), weight: 9 },
  { arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), weight: 1 },
);

describe('traversal', () => {
  it('scores rows alone and in batch as the plain walk does, to the bit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 11 }),
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 11 }),
        (seed, nTrees, rows) => {
          const generator = new Xoshiro128(seed);
          const trees = Array.from({ length: nTrees }, () =>
            randomTree(generator, generator.nextBelow(12), 3),
          );
          const forest = joinTrees(trees, 2);
          const values = Float32Array.from(rows.flat());
          const batch = new Float64Array(rows.length * 2);
          scoreBatch(forest, values, 3, batch);
          const out = new Float64Array(2);
          rows.forEach((_, i) => {
            const row = values.subarray(i * 3, i * 3 + 3);
            scoreRow(forest, row, out);
            expect([...out]).toEqual(oracle(forest, row));
            expect([...batch.subarray(i * 2, i * 2 + 2)]).toEqual([...out]);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads from the step table of one feature what the trees say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.array(value, { minLength: 1, maxLength: 20 }),
        (seed, list) => {
          const generator = new Xoshiro128(seed);
          const forest = joinTrees(
            Array.from({ length: 5 }, () => randomTree(generator, generator.nextBelow(9), 1)),
            2,
          );
          const table = buildStepTable(forest)!;
          const out = new Float64Array(2);
          for (const v of list) {
            scoreStep(table, Math.fround(v), out, 0);
            expect([...out]).toEqual(oracle(forest, Float32Array.of(v)));
          }
        },
      ),
    );
  });

  it('makes no step table that would take too long to work out', () => {
    const tree = randomTree(new Xoshiro128(1), 8, 1);
    expect(buildStepTable(joinTrees(new Array(10_000).fill(tree), 2))).not.toBeNull();
    expect(buildStepTable(joinTrees(new Array(200_000).fill(tree), 2))).toBeNull();
  });
});
