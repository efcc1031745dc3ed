import { SET_WORDS } from './forest.js';
import type { Tree } from './tree.js';

/**
 * Returns the tree with its thresholds on categorical features turned into the sets of the categories at or below them.
 * `levels`: the number of categories by feature, 0 for one that is split by threshold. Cost O(nodes).
 */
export function thresholdsToSets(tree: Tree, levels: Int32Array): Tree {
  const { feature, left } = tree;
  const thresholds = new Float32Array(tree.value.buffer, tree.value.byteOffset, tree.value.length);
  const bySet = [...feature.keys()].filter((node) => left[node] !== node && levels[feature[node]!]! > 0);
  if (bySet.length === 0) return tree;
  const value = tree.value.slice();
  const categorySets = new Int32Array(bySet.length * SET_WORDS);
  bySet.forEach((node, set) => {
    value[node] = set;
    for (let c = 0; c < levels[feature[node]!]! && c <= thresholds[node]!; c++)
      categorySets[set * SET_WORDS + (c >>> 5)]! |= 1 << (c & 31);
  });
  return { ...tree, value, categorySets };
}
