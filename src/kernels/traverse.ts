import { NODE_WORDS, type Tree } from './tree.js';

/** All trees of a model in one set of flat arrays; children and leaves are numbered through. See `Tree` for a node's words. */
export interface Forest {
  readonly nClasses: number;
  /** Node at which each tree starts, and, at the end, the number of nodes. */
  readonly trees: Int32Array;
  readonly nodes: Int32Array;
  /** The same memory as `nodes`, for the thresholds. */
  readonly thresholds: Float32Array;
  readonly nanLeft: Uint8Array;
  readonly leaves: Float64Array;
}

/** Returns the trees joined in their order. Cost O(nodes). */
export function joinTrees(trees: readonly Tree[], nClasses: number): Forest {
  const nNodes = trees.reduce((n, tree) => n + tree.nanLeft.length, 0);
  const starts = new Int32Array(trees.length + 1);
  const nodes = new Int32Array(nNodes * NODE_WORDS);
  const nanLeft = new Uint8Array(nNodes);
  const leaves = new Float64Array(trees.reduce((n, tree) => n + tree.leaves.length, 0));
  let node = 0;
  let leaf = 0;
  trees.forEach((tree, t) => {
    starts[t] = node;
    nanLeft.set(tree.nanLeft, node);
    leaves.set(tree.leaves, leaf * nClasses);
    for (let i = 0; i < tree.nanLeft.length; i++) {
      const from = i * NODE_WORDS;
      const to = (node + i) * NODE_WORDS;
      const isLeaf = tree.nodes[from + 2] === i;
      nodes[to] = tree.nodes[from]!;
      nodes[to + 1] = tree.nodes[from + 1]! + (isLeaf ? leaf : 0);
      nodes[to + 2] = tree.nodes[from + 2]! + node;
      nodes[to + 3] = tree.nodes[from + 3]! + node;
    }
    node += tree.nanLeft.length;
    leaf += tree.leaves.length / nClasses;
  });
  starts[trees.length] = node;
  return { nClasses, trees: starts, nodes, thresholds: new Float32Array(nodes.buffer), nanLeft, leaves };
}

/** Returns the leaf node a row with missing values ends in: the readable form of all the loops below. */
function descend(forest: Forest, root: number, values: Float32Array, base: number): number {
  const { nodes, thresholds, nanLeft } = forest;
  for (let node = root; ; ) {
    const at = node << 2;
    const value = values[base + nodes[at]!]!;
    const goesLeft = value <= thresholds[at + 1]! || (Number.isNaN(value) && nanLeft[node] === 1);
    const next = nodes[at + (goesLeft ? 2 : 3)]!;
    if (next === node) return node;
    node = next;
  }
}

/** Says whether a row has a missing value. */
function hasMissing(values: Float32Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (Number.isNaN(values[i]!)) return true;
  return false;
}

function addLeaf(forest: Forest, node: number, out: Float64Array, at: number): void {
  const { nClasses, leaves, nodes } = forest;
  const leaf = nodes[(node << 2) + 1]! * nClasses;
  for (let c = 0; c < nClasses; c++) out[at + c] = out[at + c]! + leaves[leaf + c]!;
}

/**
 * Writes into `out` the mean of the trees' class probabilities for one row. Four trees step together without a branch
 * on the data; a leaf steps to itself. No allocation. The sum runs over trees in ascending order, as in the batch.
 */
export function scoreRow(forest: Forest, row: Float32Array, out: Float64Array): void {
  const { trees, nodes, thresholds, nClasses } = forest;
  const nTrees = trees.length - 1;
  for (let c = 0; c < nClasses; c++) out[c] = 0;
  if (hasMissing(row, 0, row.length)) {
    for (let t = 0; t < nTrees; t++) addLeaf(forest, descend(forest, trees[t]!, row, 0), out, 0);
  } else {
    let t = 0;
    for (; t + 4 <= nTrees; t += 4) {
      let a = trees[t]!;
      let b = trees[t + 1]!;
      let c = trees[t + 2]!;
      let d = trees[t + 3]!;
      for (;;) {
        const p = a << 2;
        const q = b << 2;
        const r = c << 2;
        const s = d << 2;
        const nextA = nodes[p + (row[nodes[p]!]! > thresholds[p + 1]! ? 3 : 2)]!;
        const nextB = nodes[q + (row[nodes[q]!]! > thresholds[q + 1]! ? 3 : 2)]!;
        const nextC = nodes[r + (row[nodes[r]!]! > thresholds[r + 1]! ? 3 : 2)]!;
        const nextD = nodes[s + (row[nodes[s]!]! > thresholds[s + 1]! ? 3 : 2)]!;
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
    for (; t < nTrees; t++) addLeaf(forest, descend(forest, trees[t]!, row, 0), out, 0);
  }
  for (let c = 0; c < nClasses; c++) out[c] = out[c]! / nTrees;
}

/**
 * Writes into `out` (nSamples × nClasses, row-major) the mean class probabilities of every row of `values` (row-major,
 * `width` features). Tree by tree, so that a tree stays in the cache, four rows in step. Bit for bit what `scoreRow` gives.
 */
export function scoreBatch(forest: Forest, values: Float32Array, width: number, out: Float64Array): void {
  const { trees, nClasses } = forest;
  const nTrees = trees.length - 1;
  const nSamples = out.length / nClasses;
  out.fill(0);
  const inStep = !hasMissing(values, 0, values.length);
  for (let t = 0; t < nTrees; t++) {
    let i = inStep ? stepRows(forest, trees[t]!, values, { width, nSamples, out }) : 0;
    for (; i < nSamples; i++)
      addLeaf(forest, descend(forest, trees[t]!, values, i * width), out, i * nClasses);
  }
  for (let i = 0; i < out.length; i++) out[i] = out[i]! / nTrees;
}

/** Adds one tree's leaves to the rows, four rows in step, and returns the number of rows done. */
function stepRows(
  forest: Forest,
  root: number,
  values: Float32Array,
  batch: { readonly width: number; readonly nSamples: number; readonly out: Float64Array },
): number {
  const { nodes, thresholds, nClasses } = forest;
  const { width, nSamples, out } = batch;
  let i = 0;
  for (; i + 4 <= nSamples; i += 4) {
    const baseA = i * width;
    const baseB = baseA + width;
    const baseC = baseB + width;
    const baseD = baseC + width;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (;;) {
      const p = a << 2;
      const q = b << 2;
      const r = c << 2;
      const s = d << 2;
      const nextA = nodes[p + (values[baseA + nodes[p]!]! > thresholds[p + 1]! ? 3 : 2)]!;
      const nextB = nodes[q + (values[baseB + nodes[q]!]! > thresholds[q + 1]! ? 3 : 2)]!;
      const nextC = nodes[r + (values[baseC + nodes[r]!]! > thresholds[r + 1]! ? 3 : 2)]!;
      const nextD = nodes[s + (values[baseD + nodes[s]!]! > thresholds[s + 1]! ? 3 : 2)]!;
      if (((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) === 0) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    const at = i * nClasses;
    addLeaf(forest, a, out, at);
    addLeaf(forest, b, out, at + nClasses);
    addLeaf(forest, c, out, at + 2 * nClasses);
    addLeaf(forest, d, out, at + 3 * nClasses);
  }
  return i;
}
