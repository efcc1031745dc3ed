import type { GrowingNodes } from './tree-nodes.js';

/** Numbers (32 bits each) a node has in `nodes`. */
export const NODE_WORDS = 4;

/**
 * A grown tree as flat arrays. Node i has four 32-bit words from 4i: feature, threshold (float32 bits), left child, right
 * child. A leaf has feature 0, the index of its leaf in the second word, and itself as both children.
 */
export interface Tree {
  readonly nodes: Int32Array;
  /** 1 where missing values go left, by node. */
  readonly nanLeft: Uint8Array;
  /** Class probabilities, nClasses a leaf, leaves in the order of their nodes. */
  readonly leaves: Float64Array;
  /** Share of the tree's decrease of impurity by feature; all 0 for a tree that is one leaf. */
  readonly importances: Float64Array;
}

/** Returns the finished tree of what was grown and perhaps pruned: pruned nodes dropped, the others in their old order. */
export function finishTree(grown: GrowingNodes, nFeatures: number): Tree {
  const { nClasses } = grown;
  const newId = numberReachable(grown);
  const nNodes = newId.reduce((n, id) => (id >= 0 ? n + 1 : n), 0);
  const nodes = new Int32Array(nNodes * NODE_WORDS);
  const thresholds = new Float32Array(nodes.buffer);
  const nanLeft = new Uint8Array(nNodes);
  const leaves = new Float64Array(((nNodes + 1) / 2) * nClasses);
  let nLeaves = 0;
  for (let old = 0; old < newId.length; old++) {
    const id = newId[old]!;
    if (id < 0) continue;
    const at = id * NODE_WORDS;
    if (grown.left[old] === 0) {
      nodes[at + 1] = nLeaves;
      nodes[at + 2] = id;
      nodes[at + 3] = id;
      writeProbabilities(grown, old, leaves, nLeaves * nClasses);
      nLeaves++;
    } else {
      nodes[at] = grown.feature[old]!;
      thresholds[at + 1] = grown.threshold[old]!;
      nodes[at + 2] = newId[grown.left[old]!]!;
      nodes[at + 3] = newId[grown.right[old]!]!;
      nanLeft[id] = grown.nanLeft[old]!;
    }
  }
  return { nodes, nanLeft, leaves, importances: treeImportances(grown, newId, nFeatures) };
}

/** Returns the new id of every node that can be reached from the root, -1 for the others. */
function numberReachable(grown: GrowingNodes): Int32Array {
  const newId = new Int32Array(grown.feature.length).fill(-1);
  newId[0] = 0;
  let next = 0;
  for (let id = 0; id < newId.length; id++) {
    if (newId[id]! < 0) continue;
    newId[id] = next++;
    if (grown.left[id] === 0) continue;
    newId[grown.left[id]!] = 0;
    newId[grown.right[id]!] = 0;
  }
  return newId;
}

function writeProbabilities(grown: GrowingNodes, id: number, leaves: Float64Array, at: number): void {
  const { nClasses, sums } = grown;
  let total = 0;
  for (let c = 0; c < nClasses; c++) total += sums[id * nClasses + c]!;
  for (let c = 0; c < nClasses; c++) leaves[at + c] = sums[id * nClasses + c]! / total;
}

function treeImportances(grown: GrowingNodes, newId: Int32Array, nFeatures: number): Float64Array {
  const importances = new Float64Array(nFeatures);
  const share = (id: number) => grown.weight[id]! * grown.impurity[id]!;
  let total = 0;
  for (let id = 0; id < newId.length; id++) {
    if (newId[id]! < 0 || grown.left[id] === 0) continue;
    const decrease = Math.max(0, share(id) - share(grown.left[id]!) - share(grown.right[id]!));
    importances[grown.feature[id]!]! += decrease;
    total += decrease;
  }
  if (total > 0) for (let f = 0; f < nFeatures; f++) importances[f]! /= total;
  return importances;
}
