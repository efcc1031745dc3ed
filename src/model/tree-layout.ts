import type { OutlineNode, TreeOutline } from './tree-outline.js';

/** A shown node with its place: the root is left, its children one column further right. */
export interface PlacedNode {
  readonly node: OutlineNode;
  /** Position in the order of drawing, from 0. */
  readonly id: number;
  readonly column: number;
  /** Rows of leaves above its middle: leaves have a row each, a split is midway between its children. */
  readonly row: number;
  readonly parent: PlacedNode | null;
  /** The answer that leads here, and whether missing values come along; null for the root. */
  readonly answer: 'yes' | 'no' | null;
  readonly takesMissing: boolean;
}

/** Returns the shown nodes with their places, parents before children, and the number of rows. No two boxes meet. */
export function layOutTree({ root }: TreeOutline): { nodes: readonly PlacedNode[]; nRows: number } {
  const nodes: PlacedNode[] = [];
  const { nRows } = place(nodes, root, { parent: null, answer: null, firstRow: 0 });
  return { nodes, nRows };
}

/** Places a node and all below it from row `firstRow` on; returns its row and how many rows it took. */
function place(
  nodes: PlacedNode[],
  node: OutlineNode,
  from: Pick<PlacedNode, 'parent' | 'answer'> & { readonly firstRow: number },
): { row: number; nRows: number } {
  const { parent, answer, firstRow } = from;
  const takesMissing =
    parent?.node.kind === 'split' && parent.node.missing === (answer === 'yes' ? 'left' : 'right');
  const placed = { node, id: nodes.length, column: node.depth, row: firstRow, parent, answer, takesMissing };
  nodes.push(placed);
  if (node.kind !== 'split') return { row: firstRow, nRows: 1 };
  const yes = place(nodes, node.left, { parent: placed, answer: 'yes', firstRow });
  const no = place(nodes, node.right, { parent: placed, answer: 'no', firstRow: firstRow + yes.nRows });
  placed.row = (yes.row + no.row) / 2;
  return { row: placed.row, nRows: yes.nRows + no.nRows };
}
