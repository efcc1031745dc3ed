import type { Model } from './model.js';
import { type OutlineLeaf, type OutlineNode, outlineTree } from './tree-outline.js';
import { branch, count, heading, listed, shareText, word } from './tree-words.js';
import { asTreesModel, type TreesModel } from './trees-model.js';

const MOST_CATEGORIES = 10;
const MOST_CLASSES = 6;

/** Which tree is printed, and how much of it. */
export interface PrintTreeOptions {
  /** From 0, the default. */
  readonly tree?: number;
  /** The most questions on a way; 10 by default, at most 200. What is below is counted, not shown. */
  readonly maxDepth?: number;
}

/**
 * Returns one tree of a model as text, in the manner of scikit-learn's `export_text`: a line a branch, with the side on
 * which missing values (and categories that were not seen) go, and at a leaf its class and the probabilities. A forest
 * averages the probabilities of its trees, so one tree is a part of its answer. Names and categories that are no plain
 * word are quoted and escaped. Throws INVALID_PARAMETER for a tree there is not, and for a depth that would show more than
 * 50,000 nodes; UNSUPPORTED for a model without trees. O(nodes).
 *
 * @example
 * ```ts
 * import { stump } from 'phantomnet';
 * const matrix = { nSamples: 4, features: [{ name: 'port', type: 'numeric' }], values: Float32Array.of(22, 22, 80, 80) };
 * const model = await stump.fit(stump.params(), matrix, { classes: [0, 1], codes: Uint16Array.of(0, 0, 1, 1) });
 * printTree(model).split('\n').slice(1);
 * // ['|--- port <= 51', '|   |--- class: 0 (0: 1)', '|--- port > 51 or missing', '|   |--- class: 1 (1: 1)']
 * ```
 */
export function printTree(model: Model, { tree = 0, maxDepth = 10 }: PrintTreeOptions = {}): string {
  const trees = asTreesModel(model);
  const outline = outlineTree(trees, { tree, maxDepth });
  const { title, size } = heading(trees, outline);
  const lines = [`${title}: ${size}`];
  printNode(trees, outline.root, lines);
  return lines.join('\n');
}

function printNode(model: TreesModel, node: OutlineNode, lines: string[]): void {
  const indent = `${'|   '.repeat(node.depth)}|--- `;
  if (node.kind === 'split') {
    lines.push(`${indent}${branch(node, 'yes', MOST_CATEGORIES)}`);
    printNode(model, node.left, lines);
    lines.push(`${indent}${branch(node, 'no', MOST_CATEGORIES)}`);
    printNode(model, node.right, lines);
    return;
  }
  const { classes } = model;
  if (node.kind === 'leaf') {
    lines.push(`${indent}class: ${word(answerOf(model, node))} (${sharesText(model, node.shares)})`);
    return;
  }
  const byClass = listed(node.shares, MOST_CLASSES, ({ code, share }) => {
    return `${Math.round(share * node.nLeaves)} of class ${word(classes[code]!)}`;
  });
  lines.push(`${indent}… ${count(node.nBelow, 'node', 'nodes')} below, leaves: ${byClass}`);
}

/** Returns the class a leaf answers. */
export function answerOf({ classes }: TreesModel, leaf: OutlineLeaf): number | string {
  return classes[leaf.shares[0]?.code ?? 0]!;
}

/** Returns the probabilities of a leaf, largest first; classes it never saw are left out. */
export function sharesText(
  { classes }: TreesModel,
  shares: OutlineLeaf['shares'],
  most = MOST_CLASSES,
): string {
  return listed(shares, most, ({ code, share }) => `${word(classes[code]!)}: ${shareText(share)}`);
}
