import type { Forest } from './forest.js';
import { SET_WORDS } from './growth.js';
import { type Rows, readRow, rowMajor, type Scorer } from './rows.js';

const BLOCK_ROWS = 64;

/**
 * Returns the scorer in JavaScript: the readable form of what assembly/score does, to the bit. Sums run over trees in
 * ascending order, in float64, and are divided by the number of trees.
 */
export function createJsScorer(forest: Forest): Scorer {
  const { levels, nClasses } = forest;
  const width = levels.length + 1;
  const block = new Float32Array(BLOCK_ROWS * width);
  const inStep = forest.nodeWords === 2 && forest.categorySets.length === 0;
  const scoreRows = (rows: Rows, out: Float64Array): void => {
    for (let start = 0; start < rows.nRows; start += BLOCK_ROWS) {
      const nRows = Math.min(BLOCK_ROWS, rows.nRows - start);
      let missing = false;
      for (let i = 0; i < nRows; i++) missing = readRow(forest, rows, start + i, block, i * width) || missing;
      scoreBlock(forest, block, { nRows, inStep: inStep && !missing, out, start });
    }
  };
  return {
    scoreRow(row, out) {
      for (let c = 0; c < nClasses; c++) out[c] = 0;
      const missing = readRow(forest, rowMajor(row, levels.length), 0, block, 0);
      if (inStep && !missing) addTreesInStep(forest, block, out);
      else addTrees(forest, block, 0, forest.trees.length - 1, out);
      divide(out, 0, nClasses, forest.trees.length - 1);
    },
    scoreRows,
  };
}

function divide(out: Float64Array, start: number, end: number, nTrees: number): void {
  for (let i = start; i < end; i++) out[i] = out[i]! / nTrees;
}

/** Returns the leaf node in which a row ends, missing values, categories and all. */
function descend(forest: Forest, root: number, block: Float32Array, base: number): number {
  const { nodes, thresholds, nanLeft, levels, categorySets, nodeBits, nodeWords } = forest;
  const mask = 2 ** nodeBits - 1;
  const nFeatures = levels.length;
  for (let node = root; ; ) {
    const at = node * nodeWords;
    const word = nodes[at + 1]!;
    const feature = nodeWords === 3 ? word : word >>> nodeBits;
    if (feature === nFeatures) return node;
    const left = root + (nodeWords === 3 ? nodes[at + 2]! : word & mask);
    const value = block[base + feature]!;
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

/** Adds the leaves of trees `from` to `to` for the row at the start of `block`. */
function addTrees(forest: Forest, block: Float32Array, from: number, to: number, out: Float64Array): void {
  for (let t = from; t < to; t++) addLeaf(forest, descend(forest, forest.trees[t]!, block, 0), out, 0);
}

/** As `addTrees` for rows and forests without missing values and categories: four trees step together, without a branch. */
function addTreesInStep(forest: Forest, row: Float32Array, out: Float64Array): void {
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
    addLeaf(forest, a, out, 0);
    addLeaf(forest, b, out, 0);
    addLeaf(forest, c, out, 0);
    addLeaf(forest, d, out, 0);
  }
  addTrees(forest, row, t, nTrees, out);
}

/** Scores the rows of a block, tree by tree, so that a tree stays in the cache. */
function scoreBlock(
  forest: Forest,
  block: Float32Array,
  batch: {
    readonly nRows: number;
    readonly inStep: boolean;
    readonly out: Float64Array;
    readonly start: number;
  },
): void {
  const { trees, nClasses, levels } = forest;
  const { nRows, inStep, out, start } = batch;
  const nTrees = trees.length - 1;
  const width = levels.length + 1;
  const first = start * nClasses;
  out.fill(0, first, first + nRows * nClasses);
  for (let t = 0; t < nTrees; t++) {
    let i = inStep ? stepRows(forest, trees[t]!, block, batch) : 0;
    for (; i < nRows; i++)
      addLeaf(forest, descend(forest, trees[t]!, block, i * width), out, first + i * nClasses);
  }
  divide(out, first, first + nRows * nClasses, nTrees);
}

/** Adds one tree's leaves to the rows of a block, four rows in step, and returns the number of rows done. */
function stepRows(
  forest: Forest,
  root: number,
  block: Float32Array,
  batch: { readonly nRows: number; readonly out: Float64Array; readonly start: number },
): number {
  const { nodes, thresholds, nClasses, levels, nodeBits } = forest;
  const mask = 2 ** nodeBits - 1;
  const width = levels.length + 1;
  let i = 0;
  for (; i + 4 <= batch.nRows; i += 4) {
    const baseA = i * width;
    const baseB = baseA + width;
    const baseC = baseB + width;
    const baseD = baseC + width;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (;;) {
      const p = nodes[2 * a + 1]!;
      const q = nodes[2 * b + 1]!;
      const r = nodes[2 * c + 1]!;
      const s = nodes[2 * d + 1]!;
      const nextA = root + (p & mask) + (block[baseA + (p >>> nodeBits)]! > thresholds[2 * a]! ? 1 : 0);
      const nextB = root + (q & mask) + (block[baseB + (q >>> nodeBits)]! > thresholds[2 * b]! ? 1 : 0);
      const nextC = root + (r & mask) + (block[baseC + (r >>> nodeBits)]! > thresholds[2 * c]! ? 1 : 0);
      const nextD = root + (s & mask) + (block[baseD + (s >>> nodeBits)]! > thresholds[2 * d]! ? 1 : 0);
      if (((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) === 0) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    const at = (batch.start + i) * nClasses;
    addLeaf(forest, a, batch.out, at);
    addLeaf(forest, b, batch.out, at + nClasses);
    addLeaf(forest, c, batch.out, at + 2 * nClasses);
    addLeaf(forest, d, batch.out, at + 3 * nClasses);
  }
  return i;
}
