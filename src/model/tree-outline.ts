import { invalidParameter } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';
import { forestNode, SET_WORDS } from '../kernels/index.js';
import { describeTree, nodeDepths, type TreeFacts } from './tree-facts.js';
import type { TreesModel } from './trees-model.js';

/** The most nodes that are shown of one tree: more than anybody reads, and text that still fits into memory. */
const MAX_SHOWN = 50_000;
/** The deepest a tree is shown; a line of text is indented by its depth. */
const MAX_DEPTH = 200;

/** The probability of a class; `code` is its position among the model's classes. */
export interface ClassShare {
  readonly code: number;
  readonly share: number;
}

/** What a split asks; yes leads to the left. */
export type Question =
  | { readonly isKnown: true }
  | { readonly threshold: number }
  | { readonly isIn: boolean; readonly categories: readonly string[] };

/** A node that asks. */
export interface OutlineSplit {
  readonly kind: 'split';
  readonly depth: number;
  readonly feature: FeatureSpec;
  readonly question: Question;
  /** Where missing values go. */
  readonly missing: 'left' | 'right';
  readonly left: OutlineNode;
  readonly right: OutlineNode;
}

/** A node that answers: the classes it saw, largest share first, of equal ones in the order of the classes. */
export interface OutlineLeaf {
  readonly kind: 'leaf';
  readonly depth: number;
  readonly shares: readonly ClassShare[];
}

/** A split that is not followed further. */
interface OutlineCut {
  readonly kind: 'cut';
  readonly depth: number;
  /** Nodes below this one. */
  readonly nBelow: number;
  readonly nLeaves: number;
  /** Share of those leaves by the class they answer, largest first. */
  readonly shares: readonly ClassShare[];
}

export type OutlineNode = OutlineSplit | OutlineLeaf | OutlineCut;

/** One tree of a model as it is shown: nodes down to `maxDepth`, where splits become cuts. */
export interface TreeOutline extends TreeFacts {
  readonly maxDepth: number;
  readonly root: OutlineNode;
  /** Nodes that are not shown. */
  readonly nCut: number;
}

/** Which tree, and how much of it. */
interface OutlineOptions {
  readonly tree: number;
  readonly maxDepth: number;
}

/** Returns a tree as it is shown. Throws INVALID_PARAMETER for a tree there is not, a wrong depth, and more nodes than are ever shown. */
export function outlineTree(model: TreesModel, { tree, maxDepth }: OutlineOptions): TreeOutline {
  if (!Number.isInteger(maxDepth) || maxDepth < 1 || maxDepth > MAX_DEPTH)
    invalidParameter('maxDepth', `a whole number from 1 to ${MAX_DEPTH}`, maxDepth);
  const facts = describeTree(model, tree);
  const nShown = nodeDepths(model, tree).reduce((n, depth) => n + (depth <= maxDepth ? 1 : 0), 0);
  if (nShown > MAX_SHOWN)
    invalidParameter('maxDepth', `less: tree ${tree} has ${nShown} nodes down to there`, maxDepth);
  const root = outlineNode(model, tree, { node: 0, depth: 0, maxDepth });
  return { ...facts, maxDepth, root, nCut: facts.nNodes - nShown };
}

function outlineNode(
  model: TreesModel,
  tree: number,
  at: { readonly node: number; readonly depth: number; readonly maxDepth: number },
): OutlineNode {
  const { forest, features } = model;
  const { depth, maxDepth } = at;
  const node = forest.trees[tree]! + at.node;
  const { feature, value, left } = forestNode(forest, node);
  if (feature === features.length) return { kind: 'leaf', depth, shares: leafShares(model, value) };
  if (depth === maxDepth) return { kind: 'cut', depth, ...countBelow(model, tree, at.node) };
  const child = (node: number) => outlineNode(model, tree, { node, depth: depth + 1, maxDepth });
  return {
    ...{ kind: 'split', depth, feature: features[feature]!, question: questionOf(model, node) },
    missing: forest.nanLeft[node] === 1 ? 'left' : 'right',
    ...{ left: child(left), right: child(left + 1) },
  };
}

/** The largest float32, which no number is above. */
const LARGEST = 2 ** 128 - 2 ** 104;

/**
 * Returns what a node asks. Categories are asked for by set, also where a feature has so many that its codes have a
 * threshold, and the shorter set is named. Where all that is known goes left, only missing values are told apart.
 */
function questionOf({ forest, features }: TreesModel, node: number): Question {
  const { feature, value } = forestNode(forest, node);
  const threshold = forest.thresholds[node * forest.nodeWords]!;
  const { type, categories = [] } = features[feature]!;
  const isMissingRight = forest.nanLeft[node] === 0;
  if (type === 'numeric') return isMissingRight && threshold === LARGEST ? { isKnown: true } : { threshold };
  const isBySet = forest.levels[feature]! > 0;
  const goesLeft = (code: number): boolean =>
    isBySet
      ? ((forest.categorySets[value * SET_WORDS + (code >>> 5)]! >>> (code & 31)) & 1) === 1
      : code <= threshold;
  const yes = categories.filter((_, code) => goesLeft(code));
  const no = categories.filter((_, code) => !goesLeft(code));
  if (isMissingRight && no.length === 0) return { isKnown: true };
  return no.length > 0 && no.length < yes.length
    ? { isIn: false, categories: no }
    : { isIn: true, categories: yes };
}

function leafShares({ forest, classes }: TreesModel, leaf: number): ClassShare[] {
  const { leaves, leafStarts, leafClasses } = forest;
  const isDense = leafStarts.length === 0;
  const from = isDense ? leaf * classes.length : leafStarts[leaf]!;
  const end = isDense ? from + classes.length : leafStarts[leaf + 1]!;
  return sortShares(
    Array.from(leaves.subarray(from, end), (share, i) => ({
      code: isDense ? i : leafClasses[from + i]!,
      share,
    })),
  );
}

function sortShares(shares: readonly ClassShare[]): ClassShare[] {
  return shares.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share || a.code - b.code);
}

/** Counts what is below a node, in no recursion: a tree may be as deep as it has leaves. */
function countBelow(model: TreesModel, tree: number, from: number): Omit<OutlineCut, 'kind' | 'depth'> {
  const { forest, features } = model;
  const counts = new Map<number, number>();
  let nLeaves = 0;
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { feature, value, left } = forestNode(forest, forest.trees[tree]! + node);
    if (feature < features.length) {
      open.push(left, left + 1);
      continue;
    }
    const answer = leafShares(model, value)[0]?.code ?? 0;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
    nLeaves++;
  }
  const shares = sortShares([...counts].map(([code, count]) => ({ code, share: count / nLeaves })));
  return { nBelow: 2 * nLeaves - 2, nLeaves, shares };
}
