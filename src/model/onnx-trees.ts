import type { Forest } from '../kernels/index.js';
import { ML_DOMAIN, type OnnxGraph } from './onnx-graph.js';
import { eachProbability, type OnnxTree, splitAttributes } from './onnx-tree.js';

const SUM = 1;

/**
 * Adds a forest to a graph and returns the name of its scores, [N, 1, C] in double precision. `x` is [N, features] in
 * single precision, `zeros` [N, 1, C]. A tree gives the number of the leaf a row ends in, and the leaves' probabilities
 * are summed tree after tree as our forest sums them: one operator for the whole forest would sum in an order, and a
 * precision, of its own, and name another class where two are close. Memory grows with the rows, not with rows × trees.
 */
export function addTreeByTree(
  graph: OnnxGraph,
  { forest, trees, x, zeros }: { forest: Forest; trees: readonly OnnxTree[]; x: string; zeros: string },
): string {
  const scores = trees.map((tree, t) => {
    const at = `/tree${t}`;
    const leaves = addLeaves(graph, at, forest, tree.leaves);
    return tree.feature.length === 0 ? leaves : addTree(graph, at, { tree, leaves, x });
  });
  // After all trees in the file: onnxruntime then runs a tree, adds it, and frees its scores before the next.
  let sum = zeros;
  scores.forEach((name, t) => {
    sum = graph.node({ op: 'Add', inputs: [sum, name], output: `/tree${t}/sum` });
  });
  const count = graph.constant('/trees', { type: 'double', shape: [], values: [trees.length] });
  return graph.node({ op: 'Div', inputs: [sum, count], output: '/mean' });
}

function addLeaves(graph: OnnxGraph, at: string, forest: Forest, leaves: readonly number[]): string {
  const { nClasses } = forest;
  const values = new Float64Array(leaves.length * nClasses);
  leaves.forEach((leaf, i) => {
    eachProbability(forest, leaf, (c, probability) => {
      values[i * nClasses + c] = probability;
    });
  });
  return graph.constant(`${at}/leaves`, { type: 'double', shape: [leaves.length, nClasses], values });
}

/** Adds a tree with at least one split and returns the name of its scores, [N, 1, C]. */
function addTree(
  graph: OnnxGraph,
  at: string,
  { tree, leaves, x }: { readonly tree: OnnxTree; readonly leaves: string; readonly x: string },
): string {
  const nLeaves = tree.leaves.length;
  const leaf = graph.node({
    op: 'TreeEnsemble',
    domain: ML_DOMAIN,
    inputs: [x],
    output: `${at}/leaf`,
    attributes: {
      aggregate_function: SUM,
      n_targets: 1,
      tree_roots: { ints: [0] },
      ...splitAttributes(tree, 'float'),
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
