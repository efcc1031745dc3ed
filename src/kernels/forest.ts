import { SET_WORDS } from './growth.js';
import { MAX_DENSE_CLASSES } from './node-classes.js';
import type { Tree } from './tree.js';

/** Most categories of a feature that is split by set; one with more is split by threshold on its code. */
export const MAX_LEVELS = 255;

/** What a tree is once it is part of a forest. */
export type JoinedTree = Omit<Tree, 'importances'>;

/** What trees must have in common to be joined. */
export interface ForestShape {
  readonly nClasses: number;
  /** Number of categories by feature; 0 for a feature that is split by threshold. */
  readonly levels: Int32Array;
}

/** How a node's words hold its feature and its left child. */
export interface NodeLayout {
  /** Bits of the word that hold the left child, counted from the tree's first node. */
  readonly nodeBits: number;
  /** 2, or 3 where feature and child do not fit into one word. */
  readonly nodeWords: 2 | 3;
}

/**
 * All trees of a model in one set of flat arrays: docs/formats/model-v1.md describes them. In short, a node has the words
 * of `Tree`: value, then feature << nodeBits | left, or feature and left as words of their own. Nodes count from their
 * tree's first; sets and leaves are numbered through.
 */
export interface Forest extends ForestShape, NodeLayout {
  /** Node at which each tree starts, and, at the end, the number of nodes. */
  readonly trees: Int32Array;
  readonly nodes: Int32Array;
  /** The same memory as `nodes`, for the thresholds. */
  readonly thresholds: Float32Array;
  readonly nanLeft: Uint8Array;
  readonly categorySets: Int32Array;
  readonly leaves: Float64Array;
  /** Empty where leaves are dense (`MAX_DENSE_CLASSES`). */
  readonly leafStarts: Int32Array;
  readonly leafClasses: Int32Array;
}

const bitsOf = (n: number): number => 32 - Math.clz32(n);

/** Returns the layout of a forest whose largest tree has that many nodes: two words where they fit. */
export function nodeLayout(largestTree: number, nFeatures: number): NodeLayout {
  const nodeBits = bitsOf(largestTree - 1);
  return { nodeBits, nodeWords: bitsOf(nFeatures) + nodeBits > 32 ? 3 : 2 };
}

/** Returns the number of nodes of the largest tree. */
export function largestTree(trees: Int32Array): number {
  let largest = 0;
  for (let t = 1; t < trees.length; t++) largest = Math.max(largest, trees[t]! - trees[t - 1]!);
  return largest;
}

/** Returns the trees joined in their order. Cost O(nodes), one pass. */
export function joinTrees(trees: readonly JoinedTree[], shape: ForestShape): Forest {
  const joining = joinTreesByTree(trees, shape);
  let step = joining.next();
  while (!step.done) step = joining.next();
  return step.value;
}

/** The same in steps of one tree each, so that the caller may do other things between them. */
export function* joinTreesByTree(
  trees: readonly JoinedTree[],
  shape: ForestShape,
): Generator<void, Forest, void> {
  const total = (size: (tree: JoinedTree) => number) => trees.reduce((n, tree) => n + size(tree), 0);
  const sparse = shape.nClasses > MAX_DENSE_CLASSES;
  const starts = new Int32Array(trees.length + 1);
  trees.forEach((tree, t) => {
    starts[t + 1] = starts[t]! + tree.left.length;
  });
  const layout = nodeLayout(largestTree(starts), shape.levels.length);
  const nNodes = starts[trees.length]!;
  const nodes = new Int32Array(nNodes * layout.nodeWords);
  const forest: Forest = {
    ...shape,
    ...layout,
    trees: starts,
    nodes,
    thresholds: new Float32Array(nodes.buffer),
    nanLeft: new Uint8Array(nNodes),
    categorySets: new Int32Array(total((tree) => tree.categorySets.length)),
    leaves: new Float64Array(total((tree) => tree.leaves.length)),
    leafStarts: new Int32Array(sparse ? 1 + total((tree) => tree.leafStarts!.length - 1) : 0),
    leafClasses: new Int32Array(sparse ? total((tree) => tree.leafClasses!.length) : 0),
  };
  const at = { node: 0, set: 0, leaf: 0, probability: 0 };
  for (const tree of trees) {
    packNodes(forest, tree, at);
    forest.nanLeft.set(tree.nanLeft, at.node);
    forest.categorySets.set(tree.categorySets, at.set * SET_WORDS);
    forest.leaves.set(tree.leaves, at.probability);
    if (sparse) packSparse(forest, tree, at);
    at.node += tree.left.length;
    at.set += tree.categorySets.length / SET_WORDS;
    at.leaf += (tree.left.length + 1) / 2;
    at.probability += tree.leaves.length;
    yield;
  }
  return forest;
}

/** Where the next tree's parts go. */
interface Place {
  readonly node: number;
  readonly set: number;
  readonly leaf: number;
  readonly probability: number;
}

function packNodes(forest: Forest, tree: JoinedTree, place: Place): void {
  const { nodes, levels, nodeBits, nodeWords } = forest;
  const { feature, value, left } = tree;
  const nFeatures = levels.length;
  const hasSets = tree.categorySets.length > 0;
  let at = place.node * nodeWords;
  for (let i = 0; i < left.length; i++) {
    const f = feature[i]!;
    let word = value[i]!;
    if (f === nFeatures) word += place.leaf;
    else if (hasSets && levels[f]! > 0) word += place.set;
    nodes[at] = word;
    if (nodeWords === 2) nodes[at + 1] = (f << nodeBits) | left[i]!;
    else {
      nodes[at + 1] = f;
      nodes[at + 2] = left[i]!;
    }
    at += nodeWords;
  }
}

function packSparse(forest: Forest, tree: JoinedTree, { leaf, probability }: Place): void {
  forest.leafClasses.set(tree.leafClasses!, probability);
  const starts = tree.leafStarts!;
  for (let i = 0; i < starts.length; i++) forest.leafStarts[leaf + i] = starts[i]! + probability;
}

/** A node as one reads it, for what is not in a hurry. */
export interface ForestNode {
  readonly feature: number;
  /** First word: threshold bits, set or leaf. */
  readonly value: number;
  /** Left child, counted from the tree's first node; the right child is the next. */
  readonly left: number;
}

/** Returns node `node` (numbered through the forest). */
export function forestNode(forest: Pick<Forest, 'nodes' | keyof NodeLayout>, node: number): ForestNode {
  const { nodes, nodeBits, nodeWords } = forest;
  const at = node * nodeWords;
  const value = nodes[at]!;
  const word = nodes[at + 1]!;
  if (nodeWords === 3) return { value, feature: word, left: nodes[at + 2]! };
  return { value, feature: word >>> nodeBits, left: word & (2 ** nodeBits - 1) };
}

/** Returns the trees of a forest one by one, as they were before they were joined, without their importances. Cost O(nodes). */
export function splitForest(forest: Forest): JoinedTree[] {
  const { trees, levels, nClasses } = forest;
  const nFeatures = levels.length;
  const sparse = nClasses > MAX_DENSE_CLASSES;
  let firstSet = 0;
  let firstLeaf = 0;
  return Array.from({ length: trees.length - 1 }, (_, t) => {
    const [start, end] = [trees[t]!, trees[t + 1]!];
    const tree = {
      feature: new Int32Array(end - start),
      value: new Int32Array(end - start),
      left: new Int32Array(end - start),
      nanLeft: forest.nanLeft.slice(start, end),
    };
    let nSets = 0;
    for (let i = 0; i < end - start; i++) {
      const { feature, value, left } = forestNode(forest, start + i);
      const isSet = feature < nFeatures && levels[feature]! > 0;
      if (isSet) nSets++;
      tree.feature[i] = feature;
      tree.value[i] = value - (feature === nFeatures ? firstLeaf : isSet ? firstSet : 0);
      tree.left[i] = left;
    }
    const nLeaves = (end - start + 1) / 2;
    const categorySets = forest.categorySets.slice(firstSet * SET_WORDS, (firstSet + nSets) * SET_WORDS);
    const leaves = sparse
      ? sliceSparse(forest, firstLeaf, nLeaves)
      : { leaves: forest.leaves.slice(firstLeaf * nClasses, (firstLeaf + nLeaves) * nClasses) };
    firstSet += nSets;
    firstLeaf += nLeaves;
    return { ...tree, categorySets, ...leaves };
  });
}

function sliceSparse(
  { leaves, leafStarts, leafClasses }: Forest,
  first: number,
  nLeaves: number,
): Pick<Tree, 'leaves' | 'leafStarts' | 'leafClasses'> {
  const start = leafStarts[first]!;
  const end = leafStarts[first + nLeaves]!;
  return {
    leaves: leaves.slice(start, end),
    leafStarts: leafStarts.slice(first, first + nLeaves + 1).map((at) => at - start),
    leafClasses: leafClasses.slice(start, end),
  };
}

/** Returns the levels below the root of each tree. Cost O(nodes). */
export function treeDepths(forest: Forest): Uint32Array {
  const { trees, levels } = forest;
  const depthOf = new Uint32Array(largestTree(trees));
  return Uint32Array.from({ length: trees.length - 1 }, (_, t) => {
    let deepest = 0;
    depthOf[0] = 0;
    for (let node = trees[t]!; node < trees[t + 1]!; node++) {
      const { feature, left } = forestNode(forest, node);
      const depth = depthOf[node - trees[t]!]!;
      deepest = Math.max(deepest, depth);
      if (feature < levels.length) depthOf[left] = depthOf[left + 1] = depth + 1;
    }
    return deepest;
  });
}
