import { describe, expect, it } from 'vitest';
import { forestNode, joinTrees, nodeLayout, type Tree } from '#src/kernels/index.js';

describe('the layout of nodes', () => {
  it('has the fewest bits that hold the largest tree', () => {
    expect(nodeLayout(1, 5)).toEqual({ nodeBits: 0, nodeWords: 2 });
    expect(nodeLayout(3, 5)).toEqual({ nodeBits: 2, nodeWords: 2 });
    expect(nodeLayout(2 ** 20 - 1, 5)).toEqual({ nodeBits: 20, nodeWords: 2 });
    expect(nodeLayout(2 ** 20 + 1, 5)).toEqual({ nodeBits: 21, nodeWords: 2 });
  });

  it('is wide where one word cannot hold feature and child', () => {
    // 4,095 features: leaves ask for feature 4,095, which has 12 bits.
    expect(nodeLayout(2 ** 20 - 1, 4095).nodeWords).toBe(2);
    expect(nodeLayout(2 ** 20 - 1, 4096).nodeWords).toBe(3);
    expect(nodeLayout(2 ** 20 + 1, 4095).nodeWords).toBe(3);
    expect(nodeLayout(2 ** 29 - 1, 7).nodeWords).toBe(2);
    expect(nodeLayout(2 ** 29 - 1, 8).nodeWords).toBe(3);
  });
});

/** A tree of a split on the last feature and two leaves. */
const small = (nFeatures: number): Tree => ({
  feature: Int32Array.of(nFeatures - 1, nFeatures, nFeatures),
  value: Int32Array.of(0x3f800000, 0, 1),
  left: Int32Array.of(1, 1, 2),
  nanLeft: new Uint8Array(3),
  categorySets: new Int32Array(0),
  leaves: Float64Array.of(1, 0, 0, 1),
  importances: new Float64Array(0),
});

describe('joining trees', () => {
  it.each([
    ['two words, every bit in use', 2 ** 30 - 1, 2],
    ['three words', 2 ** 30, 3],
  ] as const)('keeps feature, value and children: %s', (_name, nFeatures, nodeWords) => {
    const tree = small(nFeatures);
    // The levels of that many features would fill gigabytes, and only their number matters here.
    const levels = Object.create(Int32Array.prototype, { length: { value: nFeatures } }) as Int32Array;
    const forest = joinTrees([tree, tree], { nClasses: 2, levels });
    expect(forest.nodeWords).toBe(nodeWords);
    expect([...forest.trees]).toEqual([0, 3, 6]);
    const nodes = Array.from({ length: 6 }, (_, i) => forestNode(forest, i));
    expect(nodes.map((n) => n.feature)).toEqual([0, 1, 2, 3, 4, 5].map((i) => nFeatures - (i % 3 ? 0 : 1)));
    expect(nodes.map((n) => n.left)).toEqual([1, 1, 2, 1, 1, 2]);
    expect(nodes.map((n) => n.value)).toEqual([0x3f800000, 0, 1, 0x3f800000, 2, 3]);
    expect(forest.thresholds[0]).toBe(1);
  });
});
