import { invalidParameter } from '../core/index.js';
import { forestNode } from '../kernels/index.js';
import type { Model } from './model.js';
import { asTreesModel, type TreesModel } from './trees-model.js';

/** How large a tree of a model is. */
export interface TreeFacts {
  readonly tree: number;
  readonly nTrees: number;
  readonly nNodes: number;
  readonly nLeaves: number;
  /** Splits on the longest way from the root to a leaf. */
  readonly depth: number;
}

/**
 * Returns how large tree `tree` (from 0) of a model is. Throws INVALID_PARAMETER for a tree it does not
 * have, UNSUPPORTED for a model without trees. O(nodes).
 *
 * @example
 * ```ts
 * import { stump } from 'phantomnet';
 * const matrix = { nSamples: 4, features: [{ name: 'port', type: 'numeric' }], values: Float32Array.of(22, 22, 80, 80) };
 * const model = await stump.fit(stump.params(), matrix, { classes: [0, 1], codes: Uint16Array.of(0, 0, 1, 1) });
 * describeTree(model, 0).nLeaves; // 2
 * ```
 */
export function describeTree(model: Model, tree: number): TreeFacts {
  const trees = asTreesModel(model);
  const depths = nodeDepths(trees, checkTree(trees, tree));
  const nNodes = depths.length;
  const nTrees = trees.forest.trees.length - 1;
  const depth = depths.reduce((deepest, own) => Math.max(deepest, own), 0);
  return { tree, nTrees, nNodes, nLeaves: (nNodes + 1) / 2, depth };
}

function checkTree({ forest }: TreesModel, tree: number): number {
  const last = forest.trees.length - 2;
  if (Number.isInteger(tree) && tree >= 0 && tree <= last) return tree;
  return invalidParameter(
    'tree',
    last === 0 ? '0: there is one tree' : `a whole number from 0 to ${last}`,
    tree,
  );
}

/** Returns the depth of each node of a tree. */
export function nodeDepths({ forest }: TreesModel, tree: number): Int32Array {
  const [start, end] = [forest.trees[tree]!, forest.trees[tree + 1]!];
  const depths = new Int32Array(end - start);
  for (let node = 0; node < depths.length; node++) {
    const { left } = forestNode(forest, start + node);
    if (left !== node) depths[left] = depths[left + 1] = depths[node]! + 1;
  }
  return depths;
}
