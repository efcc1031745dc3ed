import { PhantomNetError } from '../core/index.js';
import { type Forest, forestNode, SET_WORDS } from '../kernels/index.js';
import { ML_DOMAIN, type OnnxGraph } from './onnx-graph.js';

const BRANCH_LEQ = 0;
const SUM = 1;

/**
 * Adds a forest to a graph and returns the name of its scores, [N, 1, C] in double precision. `x` is [N, features] in
 * single precision, `zeros` [N, 1, C]. A tree gives the number of the leaf a row ends in, and the leaves' probabilities
 * are summed tree after tree as our forest sums them: one operator for the whole forest would sum in an order, and a
 * precision, of its own, and name another class where two are close. Memory grows with the rows, not with rows × trees.
 */
export function addForest(graph: OnnxGraph, forest: Forest, x: string, zeros: string): string {
  const nTrees = forest.trees.length - 1;
  const scores = Array.from({ length: nTrees }, (_, t) => {
    const at = `/tree${t}`;
    const tree = readTree(forest, t);
    const leaves = graph.constant(`${at}/leaves`, {
      type: 'double',
      shape: [tree.nLeaves, forest.nClasses],
      values: tree.leaves,
    });
    return tree.splits.feature.length === 0 ? leaves : addTree(graph, at, { tree, leaves, x });
  });
  // After all trees in the file: onnxruntime then runs a tree, adds it, and frees its scores before the next.
  let sum = zeros;
  scores.forEach((name, t) => {
    sum = graph.node({ op: 'Add', inputs: [sum, name], output: `/tree${t}/sum` });
  });
  const count = graph.constant('/trees', { type: 'double', shape: [], values: [nTrees] });
  return graph.node({ op: 'Div', inputs: [sum, count], output: '/mean' });
}

type Splits = Record<
  'feature' | 'left' | 'leftIsLeaf' | 'right' | 'rightIsLeaf' | 'nanLeft' | 'threshold',
  number[]
>;

interface TreeParts {
  readonly splits: Splits;
  readonly nLeaves: number;
  /** nLeaves × nClasses. */
  readonly leaves: Float64Array;
}

/** Returns one tree with its splits and its leaves each numbered from 0. */
function readTree(forest: Forest, t: number): TreeParts {
  const { nClasses, trees, nanLeft } = forest;
  const [start, end] = [trees[t]!, trees[t + 1]!];
  const nodes = Array.from({ length: end - start }, (_, i) => forestNode(forest, start + i));
  const isLeaf = (node: number): boolean => nodes[node]!.left === node;
  let nLeaves = 0;
  let nSplits = 0;
  const numbers = nodes.map((_, i) => (isLeaf(i) ? nLeaves++ : nSplits++));
  const splits: Splits = {
    feature: [],
    left: [],
    leftIsLeaf: [],
    right: [],
    rightIsLeaf: [],
    nanLeft: [],
    threshold: [],
  };
  const leaves = new Float64Array(nLeaves * nClasses);
  nodes.forEach(({ feature, value, left }, i) => {
    if (isLeaf(i)) {
      copyLeaf(forest, value, leaves, numbers[i]! * nClasses);
      return;
    }
    splits.feature.push(feature);
    splits.threshold.push(splitThreshold(forest, start + i, feature));
    splits.nanLeft.push(nanLeft[start + i]!);
    splits.left.push(numbers[left]!);
    splits.right.push(numbers[left + 1]!);
    splits.leftIsLeaf.push(isLeaf(left) ? 1 : 0);
    splits.rightIsLeaf.push(isLeaf(left + 1) ? 1 : 0);
  });
  return { splits, nLeaves, leaves };
}

function copyLeaf(forest: Forest, leaf: number, to: Float64Array, at: number): void {
  const { nClasses, leaves, leafStarts, leafClasses } = forest;
  if (leafStarts.length === 0) to.set(leaves.subarray(leaf * nClasses, (leaf + 1) * nClasses), at);
  else for (let i = leafStarts[leaf]!; i < leafStarts[leaf + 1]!; i++) to[at + leafClasses[i]!] = leaves[i]!;
}

/** Returns a node's threshold; for a set of the categories up to some code, that code. Throws UNSUPPORTED for other sets. */
function splitThreshold(forest: Forest, node: number, feature: number): number {
  const { levels, categorySets, thresholds, nodeWords } = forest;
  if (levels[feature] === 0) return thresholds[node * nodeWords]!;
  const set = forest.nodes[node * nodeWords]! * SET_WORDS;
  const goesLeft = (c: number) => ((categorySets[set + (c >>> 5)]! >>> (c & 31)) & 1) === 1;
  let first = 0;
  while (first < levels[feature]! && goesLeft(first)) first++;
  for (let c = first; c < levels[feature]!; c++)
    if (goesLeft(c))
      throw new PhantomNetError('UNSUPPORTED', `no ONNX form of the set of categories at node ${node}`, {
        hint: 'export a forest whose categorical splits are ranges of codes',
      });
  return first - 1;
}

/** Adds a tree with at least one split and returns the name of its scores, [N, 1, C]. */
function addTree(
  graph: OnnxGraph,
  at: string,
  { tree, leaves, x }: { readonly tree: TreeParts; readonly leaves: string; readonly x: string },
): string {
  const { splits, nLeaves } = tree;
  const nSplits = splits.feature.length;
  const leaf = graph.node({
    op: 'TreeEnsemble',
    domain: ML_DOMAIN,
    inputs: [x],
    output: `${at}/leaf`,
    attributes: {
      aggregate_function: SUM,
      n_targets: 1,
      tree_roots: { ints: [0] },
      nodes_featureids: { ints: splits.feature },
      nodes_splits: { tensor: { type: 'float', shape: [nSplits], values: splits.threshold } },
      nodes_modes: {
        tensor: { type: 'uint8', shape: [nSplits], values: new Uint8Array(nSplits).fill(BRANCH_LEQ) },
      },
      nodes_truenodeids: { ints: splits.left },
      nodes_trueleafs: { ints: splits.leftIsLeaf },
      nodes_falsenodeids: { ints: splits.right },
      nodes_falseleafs: { ints: splits.rightIsLeaf },
      nodes_missing_value_tracks_true: { ints: splits.nanLeft },
      leaf_targetids: { ints: new Uint8Array(nLeaves) },
      // Exact up to 2^24 leaves a tree, which would be a file of gigabytes.
      leaf_weights: {
        tensor: {
          type: 'float',
          shape: [nLeaves],
          values: Float32Array.from({ length: nLeaves }, (_, i) => i),
        },
      },
    },
  });
  const index = graph.node({ op: 'Cast', inputs: [leaf], output: `${at}/index`, attributes: { to: 7 } });
  return graph.node({
    op: 'Gather',
    inputs: [leaves, index],
    output: `${at}/scores`,
    attributes: { axis: 0 },
  });
}
