import type { Forest } from './forest.js';
import { SET_WORDS } from './growth.js';
import { type Rows, readRow, type Scorer } from './rows.js';

/**
 * Returns the scorer in JavaScript: the readable form of what assembly/score does, to the bit. Sums run over trees in
 * ascending order, in float64, and are divided by the number of trees.
 */
export function createJsScorer(forest: Forest): Scorer {
  const { levels, nClasses } = forest;
  const nTrees = forest.trees.length - 1;
  const row = new Float32Array(levels.length + 1);
  const inStep = forest.nodeWords === 2 && forest.categorySets.length === 0;
  const scoreAt = (rows: Rows, i: number, out: Float64Array, at: number): void => {
    const missing = readRow(forest, rows, i, row);
    out.fill(0, at, at + nClasses);
    if (inStep && !missing) addTreesInStep(forest, row, out, at);
    else addTrees(forest, row, 0, out, at);
    for (let c = at; c < at + nClasses; c++) out[c] = out[c]! / nTrees;
  };
  const one = { values: row as Float32Array, nRows: 1, rowStride: 0, featureStride: 1 };
  return {
    scoreRow(values, out) {
      one.values = values;
      scoreAt(one, 0, out, 0);
    },
    scoreRows(rows, out) {
      for (let i = 0; i < rows.nRows; i++) scoreAt(rows, i, out, i * nClasses);
    },
  };
}

/** Returns the leaf node in which a row ends, missing values, categories and all. */
function descend(forest: Forest, root: number, row: Float32Array): number {
  const { nodes, thresholds, nanLeft, levels, categorySets, nodeBits, nodeWords } = forest;
  const mask = 2 ** nodeBits - 1;
  const nFeatures = levels.length;
  for (let node = root; ; ) {
    const at = node * nodeWords;
    const word = nodes[at + 1]!;
    const feature = nodeWords === 3 ? word : word >>> nodeBits;
    if (feature === nFeatures) return node;
    const left = root + (nodeWords === 3 ? nodes[at + 2]! : word & mask);
    const value = row[feature]!;
    let goesLeft: boolean;
    if (Number.isNaN(value)) goesLeft = nanLeft[node] === 1;
    else if (levels[feature]! > 0)
      goesLeft = ((categorySets[nodes[at]! * SET_WORDS + (value >> 5)]! >>> (value & 31)) & 1) === 1;
    else goesLeft = value <= thresholds[at]!;
    node = goesLeft ? left : left + 1;
  }
}

function addLeaf(forest: Forest, node: number, out: Float64Array, at: number): void {
  const { nClasses, leaves, leafStarts, leafClasses } = forest;
  const leaf = forest.nodes[node * forest.nodeWords]!;
  if (leafStarts.length === 0) {
    const from = leaf * nClasses;
    for (let c = 0; c < nClasses; c++) out[at + c] = out[at + c]! + leaves[from + c]!;
    return;
  }
  for (let i = leafStarts[leaf]!; i < leafStarts[leaf + 1]!; i++) {
    const c = at + leafClasses[i]!;
    out[c] = out[c]! + leaves[i]!;
  }
}

/** Adds the leaves of the trees from tree `first`. */
function addTrees(forest: Forest, row: Float32Array, first: number, out: Float64Array, at: number): void {
  for (let t = first; t + 1 < forest.trees.length; t++)
    addLeaf(forest, descend(forest, forest.trees[t]!, row), out, at);
}

/** As `addTrees` for rows and forests without missing values and categories: four trees step together, without a branch. */
function addTreesInStep(forest: Forest, row: Float32Array, out: Float64Array, at: number): void {
  const { nodes, thresholds, trees, nodeBits } = forest;
  const mask = 2 ** nodeBits - 1;
  const nTrees = trees.length - 1;
  let t = 0;
  for (; t + 4 <= nTrees; t += 4) {
    const rootA = trees[t]!;
    const rootB = trees[t + 1]!;
    const rootC = trees[t + 2]!;
    const rootD = trees[t + 3]!;
    let a = rootA;
    let b = rootB;
    let c = rootC;
    let d = rootD;
    for (;;) {
      const p = nodes[2 * a + 1]!;
      const q = nodes[2 * b + 1]!;
      const r = nodes[2 * c + 1]!;
      const s = nodes[2 * d + 1]!;
      const nextA = rootA + (p & mask) + (row[p >>> nodeBits]! > thresholds[2 * a]! ? 1 : 0);
      const nextB = rootB + (q & mask) + (row[q >>> nodeBits]! > thresholds[2 * b]! ? 1 : 0);
      const nextC = rootC + (r & mask) + (row[r >>> nodeBits]! > thresholds[2 * c]! ? 1 : 0);
      const nextD = rootD + (s & mask) + (row[s >>> nodeBits]! > thresholds[2 * d]! ? 1 : 0);
      if (((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) === 0) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    addLeaf(forest, a, out, at);
    addLeaf(forest, b, out, at);
    addLeaf(forest, c, out, at);
    addLeaf(forest, d, out, at);
  }
  addTrees(forest, row, t, out, at);
}
