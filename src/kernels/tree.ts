import type { GrowingNodes } from './tree-nodes.js';

/**
 * One grown tree: what a worker posts, and what `joinTrees` packs. Nodes are numbered breadth first from 0, so the right
 * child is the left child + 1, and the k-th split (in the order of the nodes) has the children 2k + 1 and 2k + 2.
 */
export interface Tree {
  /** Feature of a split; for a leaf the number of features, one past the last. */
  readonly feature: Int32Array;
  /** Bits of the float32 threshold, number of the category set, or number of the leaf; sets and leaves in the order of their nodes. */
  readonly value: Int32Array;
  /** Left child; itself for a leaf. */
  readonly left: Int32Array;
  /** 1 where missing values go left; 0 for a leaf. */
  readonly nanLeft: Uint8Array;
  /** 8 words a set: bit c % 32 of word c / 32 is 1 where category c goes left. */
  readonly categorySets: Int32Array;
  /** Class probabilities, nClasses a leaf; beyond `MAX_DENSE_CLASSES` only those above 0. */
  readonly leaves: Float64Array;
  /** Beyond `MAX_DENSE_CLASSES`: where each leaf's probabilities start in `leaves`, and their number at the end. */
  readonly leafStarts?: Int32Array;
  /** Beyond `MAX_DENSE_CLASSES`: the class of each probability, ascending in a leaf. */
  readonly leafClasses?: Int32Array;
  /** Share of the tree's decrease of impurity by feature; all 0 for a tree that is one leaf. */
  readonly importances: Float64Array;
}

/** Most classes whose probabilities are stored one by one, zeros too. */
export const MAX_DENSE_CLASSES = 256;

/** Returns the buffers of a tree, to be moved to another thread. */
export function treeBuffers(tree: Tree): ArrayBuffer[] {
  return Object.values(tree).map((array: Tree['leaves']) => array.buffer as ArrayBuffer);
}

/** Returns the finished tree of what was grown and perhaps pruned: pruned nodes dropped, the others breadth first. */
export function finishTree(grown: GrowingNodes, nFeatures: number): Tree {
  const order = breadthFirst(grown);
  const nNodes = order.length;
  const tree = {
    feature: new Int32Array(nNodes).fill(nFeatures),
    value: new Int32Array(nNodes),
    left: new Int32Array(nNodes),
    nanLeft: new Uint8Array(nNodes),
    categorySets: new Int32Array(0),
  };
  const thresholds = new Float32Array(tree.value.buffer);
  const leafNodes: number[] = [];
  let nextChild = 1;
  order.forEach((id, node) => {
    if (grown.left[id] === 0) {
      tree.value[node] = leafNodes.length;
      tree.left[node] = node;
      leafNodes.push(id);
      return;
    }
    tree.feature[node] = grown.feature[id]!;
    thresholds[node] = grown.threshold[id]!;
    tree.left[node] = nextChild;
    tree.nanLeft[node] = grown.nanLeft[id]!;
    nextChild += 2;
  });
  const importances = treeImportances(grown, order, nFeatures);
  return { ...tree, ...packLeaves(grown, leafNodes), importances };
}

/** Returns the ids of the nodes that can be reached from the root, level by level, each level from left to right. */
function breadthFirst(grown: GrowingNodes): number[] {
  const order = [0];
  for (let i = 0; i < order.length; i++) {
    const id = order[i]!;
    if (grown.left[id] !== 0) order.push(grown.left[id]!, grown.right[id]!);
  }
  return order;
}

function packLeaves(
  grown: GrowingNodes,
  ids: readonly number[],
): Pick<Tree, 'leaves' | 'leafStarts' | 'leafClasses'> {
  const { nClasses } = grown;
  const dense = new Float64Array(nClasses);
  if (nClasses <= MAX_DENSE_CLASSES) {
    const leaves = new Float64Array(ids.length * nClasses);
    ids.forEach((id, leaf) => {
      leaves.set(probabilities(grown, id, dense), leaf * nClasses);
    });
    return { leaves };
  }
  const leafStarts = new Int32Array(ids.length + 1);
  const values: number[] = [];
  const classes: number[] = [];
  ids.forEach((id, leaf) => {
    probabilities(grown, id, dense).forEach((p, c) => {
      if (p > 0) {
        values.push(p);
        classes.push(c);
      }
    });
    leafStarts[leaf + 1] = values.length;
  });
  return { leaves: Float64Array.from(values), leafStarts, leafClasses: Int32Array.from(classes) };
}

function probabilities(grown: GrowingNodes, id: number, out: Float64Array): Float64Array {
  const { nClasses, sums } = grown;
  let total = 0;
  for (let c = 0; c < nClasses; c++) total += sums[id * nClasses + c]!;
  for (let c = 0; c < nClasses; c++) out[c] = sums[id * nClasses + c]! / total;
  return out;
}

/** Sums run over ids in ascending order, as the nodes were grown. */
function treeImportances(grown: GrowingNodes, order: readonly number[], nFeatures: number): Float64Array {
  const importances = new Float64Array(nFeatures);
  const share = (id: number) => grown.weight[id]! * grown.impurity[id]!;
  let total = 0;
  for (const id of Int32Array.from(order).sort()) {
    if (grown.left[id] === 0) continue;
    const decrease = Math.max(0, share(id) - share(grown.left[id]!) - share(grown.right[id]!));
    importances[grown.feature[id]!]! += decrease;
    total += decrease;
  }
  if (total > 0) for (let f = 0; f < nFeatures; f++) importances[f]! /= total;
  return importances;
}
