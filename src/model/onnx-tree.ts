import { type Forest, forestNode, SET_WORDS } from '../kernels/index.js';
import type { Attribute } from './onnx-graph.js';

/**
 * One tree in ONNX's terms, its splits and its leaves each numbered from 0 in the order of its nodes. Every list but
 * `leaves` has one item a split; the root is split 0. A row takes the true side where its value is at most `threshold`
 * or, where `members` is not empty, one of these; a missing value takes it where `missingIsTrue` is 1.
 */
export interface OnnxTree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly members: readonly (readonly number[])[];
  readonly missingIsTrue: readonly number[];
  /** Number of the split or leaf on the true side. */
  readonly trueChild: readonly number[];
  readonly trueIsLeaf: readonly number[];
  readonly falseChild: readonly number[];
  readonly falseIsLeaf: readonly number[];
  /** Number of each leaf in the forest. */
  readonly leaves: readonly number[];
}

/** Returns the trees of a forest. Cost O(nodes). */
export function readTrees(forest: Forest): OnnxTree[] {
  return Array.from({ length: forest.trees.length - 1 }, (_, t) => readTree(forest, t));
}

/** Says whether a split of a tree asks for a set of categories that is no range of their codes. */
export function asksForSets(tree: OnnxTree): boolean {
  return tree.members.some((members) => members.length > 0);
}

function readTree(forest: Forest, t: number): OnnxTree {
  const { trees, nanLeft } = forest;
  const start = trees[t]!;
  const nodes = Array.from({ length: trees[t + 1]! - start }, (_, i) => forestNode(forest, start + i));
  const isLeaf = nodes.map(({ left }, i) => (left === i ? 1 : 0));
  const counts = [0, 0];
  const numbers = isLeaf.map((leaf) => counts[leaf]!++);
  const splits = nodes.flatMap(({ feature, left }, i) => {
    if (isLeaf[i]) return [];
    const { threshold, members, isTrueLeft } = splitRule(forest, start + i, feature);
    const goesLeft = nanLeft[start + i]!;
    const [onTrue, onFalse] = isTrueLeft ? [left, left + 1] : [left + 1, left];
    return [{ feature, threshold, members, onTrue, onFalse, missing: isTrueLeft ? goesLeft : 1 - goesLeft }];
  });
  return {
    feature: splits.map((split) => split.feature),
    threshold: splits.map((split) => split.threshold),
    members: splits.map((split) => split.members),
    missingIsTrue: splits.map((split) => split.missing),
    trueChild: splits.map((split) => numbers[split.onTrue]!),
    trueIsLeaf: splits.map((split) => isLeaf[split.onTrue]!),
    falseChild: splits.map((split) => numbers[split.onFalse]!),
    falseIsLeaf: splits.map((split) => isLeaf[split.onFalse]!),
    leaves: nodes.flatMap(({ value }, i) => (isLeaf[i] ? [value] : [])),
  };
}

/**
 * Returns how ONNX asks what a split asks. A set that begins or ends the list of categories is a threshold: it needs no
 * operator that knows sets, and an empty list of members is none that onnxruntime takes.
 */
function splitRule(forest: Forest, node: number, feature: number) {
  const { levels, categorySets, thresholds, nodes, nodeWords } = forest;
  const nLevels = levels[feature]!;
  const by = (threshold: number, isTrueLeft: boolean) => ({ threshold, members: [], isTrueLeft });
  if (nLevels === 0) return by(thresholds[node * nodeWords]!, true);
  const set = nodes[node * nodeWords]! * SET_WORDS;
  const members: number[] = [];
  for (let c = 0; c < nLevels; c++)
    if (((categorySets[set + (c >>> 5)]! >>> (c & 31)) & 1) === 1) members.push(c);
  const size = members.length;
  if (size === 0 || members[size - 1] === size - 1) return by(size - 1, true);
  if (members[0] === nLevels - size) return by(nLevels - size - 1, false);
  return { threshold: 0, members, isTrueLeft: true };
}

/** Calls `visit` with the class and the probability of every entry of a leaf, in ascending order of the classes. */
export function eachProbability(
  { nClasses, leaves, leafStarts, leafClasses }: Forest,
  leaf: number,
  visit: (c: number, probability: number) => void,
): void {
  if (leafStarts.length === 0) for (let c = 0; c < nClasses; c++) visit(c, leaves[leaf * nClasses + c]!);
  else for (let i = leafStarts[leaf]!; i < leafStarts[leaf + 1]!; i++) visit(leafClasses[i]!, leaves[i]!);
}

const BRANCH_LEQ = 0;
const BRANCH_MEMBER = 6;

/** Returns what the operator TreeEnsemble is told of a list of splits whose children count from the whole list. */
export function splitAttributes(splits: OnnxTree, type: 'float' | 'double'): Record<string, Attribute> {
  const nSplits = splits.feature.length;
  const modes = splits.members.map((members) => (members.length > 0 ? BRANCH_MEMBER : BRANCH_LEQ));
  // One set after the other, each ended by NaN, in the order of the splits that ask for one.
  const values = splits.members.flatMap((members) => (members.length > 0 ? [...members, Number.NaN] : []));
  const sets: Record<string, Attribute> =
    values.length > 0 ? { membership_values: { tensor: { type, shape: [values.length], values } } } : {};
  return {
    nodes_featureids: { ints: splits.feature },
    nodes_splits: { tensor: { type, shape: [nSplits], values: splits.threshold } },
    nodes_modes: { tensor: { type: 'uint8', shape: [nSplits], values: modes } },
    ...sets,
    nodes_truenodeids: { ints: splits.trueChild },
    nodes_trueleafs: { ints: splits.trueIsLeaf },
    nodes_falsenodeids: { ints: splits.falseChild },
    nodes_falseleafs: { ints: splits.falseIsLeaf },
    nodes_missing_value_tracks_true: { ints: splits.missingIsTrue },
  };
}
