import { type Forest, SET_WORDS } from '../kernels/index.js';
import { damaged } from './codec-container.js';

/** The sections of a forest that say where a row goes. */
export type NodeSections = Omit<Forest, 'nClasses' | 'leaves' | 'leafStarts' | 'leafClasses'>;

/**
 * Checks every node and category set and returns the number of leaves: children are later nodes of their tree, siblings
 * are neighbours, and every node but the first has one parent. Allocates a byte a node. Cost O(nodes). Throws INTEGRITY.
 */
export function checkNodes(parts: NodeSections): number {
  const { trees, nanLeft, categorySets } = parts;
  const next = { leaf: 0, set: 0 };
  if (categorySets.length % SET_WORDS !== 0)
    throw damaged('categorySets', `it has ${categorySets.length} words, expected ${SET_WORDS} a set`);
  for (let node = 0; node < nanLeft.length; node++)
    if (nanLeft[node]! > 1) throw damaged('nanLeft', `node ${node} has neither 0 nor 1`);
  for (let t = 0; t + 1 < trees.length; t++) checkTree(parts, trees[t]!, trees[t + 1]!, next);
  if (next.set * SET_WORDS !== categorySets.length)
    throw damaged(
      'categorySets',
      `it has ${categorySets.length / SET_WORDS} sets, the nodes use ${next.set}`,
    );
  return next.leaf;
}

function checkTree(
  parts: NodeSections,
  start: number,
  end: number,
  next: { leaf: number; set: number },
): void {
  const { nodes, thresholds, nanLeft, levels, nodeBits, nodeWords } = parts;
  const mask = 2 ** nodeBits - 1;
  const nFeatures = levels.length;
  const hasParent = new Uint8Array(end - start);
  hasParent[0] = 1;
  for (let node = start; node < end; node++) {
    const at = node * nodeWords;
    const word = nodes[at + 1]!;
    const feature = nodeWords === 3 ? word : word >>> nodeBits;
    const left = nodeWords === 3 ? nodes[at + 2]! : word & mask;
    if (hasParent[node - start] === 0) throw badNode(node, 'has no parent');
    if (feature === nFeatures) {
      if (left !== node - start) throw badNode(node, 'is a leaf that leads elsewhere');
      if (nanLeft[node] !== 0) throw badNode(node, 'is a leaf with a side for missing values');
      if (nodes[at] !== next.leaf++) throw badNode(node, 'does not have the next leaf');
      continue;
    }
    if (!(feature >= 0 && feature < nFeatures)) throw badNode(node, `has feature ${feature} of ${nFeatures}`);
    if (!(left > node - start && left + 1 < end - start))
      throw badNode(node, 'has children that are not later nodes of its tree');
    if (hasParent[left] || hasParent[left + 1]) throw badNode(node, 'shares a child');
    hasParent[left] = 1;
    hasParent[left + 1] = 1;
    if (levels[feature]! > 0) checkSet(parts, node, levels[feature]!, next.set++);
    else if (!Number.isFinite(thresholds[at])) throw badNode(node, 'has a threshold that is not finite');
  }
}

function checkSet(parts: NodeSections, node: number, nLevels: number, expected: number): void {
  const { nodes, nodeWords, categorySets } = parts;
  if (nodes[node * nodeWords] !== expected || (expected + 1) * SET_WORDS > categorySets.length)
    throw badNode(node, 'does not have the next category set');
  for (let word = nLevels >>> 5; word < SET_WORDS; word++) {
    const used = word === nLevels >>> 5 ? 2 ** (nLevels & 31) - 1 : 0;
    if ((categorySets[expected * SET_WORDS + word]! & ~used) !== 0)
      throw damaged('categorySets', `set ${expected} has a category at or above ${nLevels}`);
  }
}

function badNode(node: number, what: string): Error {
  return damaged('nodes', `node ${node} ${what}`);
}
