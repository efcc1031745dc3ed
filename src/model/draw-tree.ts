import { invalidParameter } from '../core/index.js';
import type { Model } from './model.js';
import { treeDot } from './tree-dot.js';
import { outlineTree } from './tree-outline.js';
import { treeSvg } from './tree-svg.js';
import { asTreesModel } from './trees-model.js';

/** A form a tree is drawn in: a picture, or a graph that Graphviz draws. */
export type TreeDrawing = 'svg' | 'dot';

/** Which tree is drawn, how much of it, and how. */
export interface DrawTreeOptions {
  /** From 0, the default. */
  readonly tree?: number;
  /** The most questions on a way; 4 by default, at most 200. What is below is counted, not drawn. */
  readonly maxDepth?: number;
  /** Default `svg`. */
  readonly format?: TreeDrawing;
}

/**
 * Returns a drawing of one tree of a model, from the root on the left to the leaves on the right. A split asks a
 * question: yes goes up, no down, missing values (and categories that were not seen) where it says so. A leaf has the
 * colour of its class, stronger the surer it is; the bar at its foot shows all classes; that of a dashed box, which is
 * not followed further, the classes of the leaves below. The SVG needs no other file, is light or dark as the reader
 * prefers, and has the whole text of a box as its title; DOT is for Graphviz. Whatever names hold, it is text. Throws
 * INVALID_PARAMETER for a tree there is not, an unknown format, and a depth that would show more than 50,000 nodes;
 * UNSUPPORTED for a model without trees.
 *
 * @example
 * ```ts
 * import { stump } from 'phantomnet';
 * const matrix = { nSamples: 4, features: [{ name: 'port', type: 'numeric' }], values: Float32Array.of(22, 22, 80, 80) };
 * const model = await stump.fit(stump.params(), matrix, { classes: [0, 1], codes: Uint16Array.of(0, 0, 1, 1) });
 * drawTree(model, { format: 'dot' }).split('\n').filter((line) => line.includes('->'));
 * // ['  n0 -> n1 [label="yes"];', '  n0 -> n2 [label="no, missing"];']
 * ```
 */
export function drawTree(
  model: Model,
  { tree = 0, maxDepth = 4, format = 'svg' }: DrawTreeOptions = {},
): string {
  if (format !== 'svg' && format !== 'dot') invalidParameter('format', "'svg' or 'dot'", format);
  const trees = asTreesModel(model);
  const outline = outlineTree(trees, { tree, maxDepth });
  return format === 'svg' ? treeSvg(trees, outline) : treeDot(trees, outline);
}
