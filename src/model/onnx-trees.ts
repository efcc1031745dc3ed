import { type Forest, NODE_WORDS } from '../kernels/index.js';
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
  const { nodes, thresholds, nanLeft, trees, nClasses } = forest;
  const [start, end] = [trees[t]!, trees[t + 1]!];
  const isLeaf = (node: number): boolean => nodes[node * NODE_WORDS + 2] === node;
  const numbers = new Int32Array(end - start);
  let nLeaves = 0;
  let nSplits = 0;
  for (let node = start; node < end; node++) numbers[node - start] = isLeaf(node) ? nLeaves++ : nSplits++;
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
  for (let node = start; node < end; node++) {
    const at = node * NODE_WORDS;
    if (isLeaf(node)) {
      const from = nodes[at + 1]! * nClasses;
      leaves.set(forest.leaves.subarray(from, from + nClasses), numbers[node - start]! * nClasses);
      continue;
    }
    const [left, right] = [nodes[at + 2]!, nodes[at + 3]!];
    splits.feature.push(nodes[at]!);
    splits.threshold.push(thresholds[at + 1]!);
    splits.nanLeft.push(nanLeft[node]!);
    splits.left.push(numbers[left - start]!);
    splits.right.push(numbers[right - start]!);
    splits.leftIsLeaf.push(isLeaf(left) ? 1 : 0);
    splits.rightIsLeaf.push(isLeaf(right) ? 1 : 0);
  }
  return { splits, nLeaves, leaves };
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
