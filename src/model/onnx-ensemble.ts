import type { Forest } from '../kernels/index.js';
import { ML_DOMAIN, type OnnxGraph } from './onnx-graph.js';
import { eachProbability, type OnnxTree, splitAttributes } from './onnx-tree.js';

/** A forest with what its operator reads: `x` is [N, features] in double precision. */
interface Ensemble {
  readonly forest: Forest;
  readonly trees: readonly OnnxTree[];
  readonly x: string;
}

/**
 * Adds a forest of two or more classes without sets of categories as one operator that onnxruntime has long had, and
 * returns the name of its scores, [N, C] in single precision, summed in double.
 */
export function addClassifier(graph: OnnxGraph, { forest, trees, x }: Ensemble): string {
  const nodes = classifierNodes(trees);
  const votes = classifierVotes(forest, trees);
  const double = (values: readonly number[]) =>
    ({ tensor: { type: 'double', shape: [values.length], values } }) as const;
  graph.node({
    op: 'TreeEnsembleClassifier',
    domain: ML_DOMAIN,
    inputs: [x],
    // Its own choice of a class is left alone: with two classes it is wrong in this form, and in the form with one
    // weight a leaf, in which it used to be right, onnxruntime 1.26.0 names the second class for every row.
    output: ['/chosen', '/scores'],
    attributes: {
      nodes_treeids: { ints: nodes.tree },
      nodes_nodeids: { ints: nodes.id },
      nodes_featureids: { ints: nodes.feature },
      nodes_values_as_tensor: double(nodes.value),
      nodes_modes: { strings: nodes.mode },
      nodes_truenodeids: { ints: nodes.onTrue },
      nodes_falsenodeids: { ints: nodes.onFalse },
      nodes_missing_value_tracks_true: { ints: nodes.missing },
      class_treeids: { ints: votes.tree },
      class_nodeids: { ints: votes.node },
      class_ids: { ints: votes.class },
      class_weights_as_tensor: double(votes.weight),
      classlabels_int64s: { ints: Array.from({ length: forest.nClasses }, (_, c) => c) },
    },
  });
  return '/scores';
}

/** Numbers a tree's splits first, then its leaves. */
function classifierNodes(trees: readonly OnnxTree[]) {
  const nodes = {
    tree: [] as number[],
    id: [] as number[],
    feature: [] as number[],
    value: [] as number[],
    mode: [] as string[],
    onTrue: [] as number[],
    onFalse: [] as number[],
    missing: [] as number[],
  };
  trees.forEach((tree, t) => {
    const nSplits = tree.feature.length;
    for (let i = 0; i < nSplits + tree.leaves.length; i++) {
      nodes.tree.push(t);
      nodes.id.push(i);
      nodes.mode.push(i < nSplits ? 'BRANCH_LEQ' : 'LEAF');
      nodes.feature.push(tree.feature[i] ?? 0);
      nodes.value.push(tree.threshold[i] ?? 0);
      nodes.missing.push(tree.missingIsTrue[i] ?? 0);
      nodes.onTrue.push(i < nSplits ? tree.trueChild[i]! + nSplits * tree.trueIsLeaf[i]! : 0);
      nodes.onFalse.push(i < nSplits ? tree.falseChild[i]! + nSplits * tree.falseIsLeaf[i]! : 0);
    }
  });
  return nodes;
}

/** What the leaves add, without zeros; of two classes all, because a row whose leaves know one class has another form. */
function classifierVotes(forest: Forest, trees: readonly OnnxTree[]) {
  const votes = {
    tree: [] as number[],
    node: [] as number[],
    class: [] as number[],
    weight: [] as number[],
  };
  trees.forEach((tree, t) => {
    tree.leaves.forEach((leaf, i) => {
      eachProbability(forest, leaf, (c, probability) => {
        if (probability === 0 && forest.nClasses > 2) return;
        votes.tree.push(t);
        votes.node.push(tree.feature.length + i);
        votes.class.push(c);
        votes.weight.push(probability / trees.length);
      });
    });
  });
  return votes;
}

const SUM = 1;
/**
 * Leaves no tree ends in. Without them a root's two children, a split and a leaf, may have one number, and onnxruntime
 * takes such a root for a leaf (its issue 24679).
 */
const PADDING = 2;

/**
 * Adds a forest of two classes as one operator that knows sets of categories, and returns the name of its scores, [N, 2]
 * in double precision. The operator has one weight a leaf, which two classes need no more than.
 */
export function addEnsemble(graph: OnnxGraph, { forest, trees, x }: Ensemble): string {
  const { splits, roots, weights } = joinTrees(forest, trees);
  const sum = graph.node({
    op: 'TreeEnsemble',
    domain: ML_DOMAIN,
    inputs: [x],
    output: '/sum',
    attributes: {
      aggregate_function: SUM,
      n_targets: 1,
      tree_roots: { ints: roots },
      ...splitAttributes(splits, 'double'),
      leaf_targetids: { ints: new Uint8Array(weights.length) },
      leaf_weights: { tensor: { type: 'double', shape: [weights.length], values: weights } },
    },
  });
  const count = graph.constant('/trees', { type: 'double', shape: [], values: [trees.length] });
  const one = graph.constant('/one', { type: 'double', shape: [], values: [1] });
  const second = graph.node({ op: 'Div', inputs: [sum, count], output: '/second' });
  const first = graph.node({ op: 'Sub', inputs: [one, second], output: '/first' });
  return graph.node({ op: 'Concat', inputs: [first, second], output: '/scores', attributes: { axis: 1 } });
}

/** Returns all splits in one list, where each tree starts in it, and what each leaf says of the second class. */
function joinTrees(forest: Forest, trees: readonly OnnxTree[]) {
  const whole = trees.map((tree) => (tree.feature.length === 0 ? splitLeaf(tree) : tree));
  const starts = { split: 0, leaf: PADDING };
  const at = whole.map((tree) => {
    const start = { ...starts };
    starts.split += tree.feature.length;
    starts.leaf += tree.leaves.length;
    return start;
  });
  const all = <T>(list: (tree: OnnxTree) => readonly T[]): T[] => whole.flatMap(list);
  const children = (numbers: 'trueChild' | 'falseChild', isLeaf: 'trueIsLeaf' | 'falseIsLeaf'): number[] =>
    whole.flatMap((tree, t) =>
      tree[numbers].map((child, i) => child + (tree[isLeaf][i] ? at[t]!.leaf : at[t]!.split)),
    );
  const splits: OnnxTree = {
    feature: all((tree) => tree.feature),
    threshold: all((tree) => tree.threshold),
    members: all((tree) => tree.members),
    missingIsTrue: all((tree) => tree.missingIsTrue),
    trueChild: children('trueChild', 'trueIsLeaf'),
    trueIsLeaf: all((tree) => tree.trueIsLeaf),
    falseChild: children('falseChild', 'falseIsLeaf'),
    falseIsLeaf: all((tree) => tree.falseIsLeaf),
    leaves: all((tree) => tree.leaves),
  };
  const weights = new Float64Array(PADDING + splits.leaves.length);
  splits.leaves.forEach((leaf, i) => {
    weights[PADDING + i] = forest.leaves[leaf * forest.nClasses + 1]!;
  });
  return { splits, roots: at.map(({ split }) => split), weights };
}

/** A tree of one leaf as a split with that leaf on both sides, twice: one leaf there is, again, read by another's number. */
function splitLeaf({ leaves }: OnnxTree): OnnxTree {
  return {
    feature: [0],
    threshold: [0],
    members: [[]],
    missingIsTrue: [0],
    trueChild: [0],
    trueIsLeaf: [1],
    falseChild: [1],
    falseIsLeaf: [1],
    leaves: [leaves[0]!, leaves[0]!],
  };
}
