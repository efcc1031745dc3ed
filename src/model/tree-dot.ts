import { type BoxContent, boxContent } from './tree-boxes.js';
import { layOutTree, type PlacedNode } from './tree-layout.js';
import type { TreeOutline } from './tree-outline.js';
import { heading } from './tree-words.js';
import type { TreesModel } from './trees-model.js';

const BOX_CELLS = 40;

/** Returns an outlined tree in the language of Graphviz: `dot -Tpdf` draws it. */
export function treeDot(model: TreesModel, outline: TreeOutline): string {
  const { title, size } = heading(model, outline);
  const { nodes } = layOutTree(outline);
  return [
    'digraph tree {',
    `  graph [label=${quoted(`${title}: ${size}`)}, labelloc=t, rankdir=LR, fontname="Helvetica"];`,
    '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...nodes.flatMap((placed) => [nodeLine(model, placed), ...edgeLine(placed)]),
    '}',
    '',
  ].join('\n');
}

function nodeLine(model: TreesModel, { node, id }: PlacedNode): string {
  const content = boxContent(model, node, BOX_CELLS);
  const label = content.lines.map(quotedText).join('\\n');
  return `  n${id} [label="${label}", tooltip=${quoted(content.full)}${styleOf(content)}];`;
}

function styleOf({ kind, colour, purity }: BoxContent): string {
  if (kind === 'cut') return ', style="rounded,dashed"';
  return colour === null ? '' : `, fillcolor="${colour}${alpha(purity)}"`;
}

/** Returns the two hexadecimal digits that make a colour as strong as a leaf is sure. */
function alpha(purity: number): string {
  return Math.round(255 * (0.1 + 0.45 * purity))
    .toString(16)
    .padStart(2, '0');
}

function edgeLine({ parent, id, answer, takesMissing }: PlacedNode): string[] {
  if (parent === null) return [];
  return [`  n${parent.id} -> n${id} [label="${answer}${takesMissing ? ', missing' : ''}"];`];
}

const quoted = (text: string): string => `"${quotedText(text)}"`;

/** Escapes what Graphviz reads in a text: quotes, backslashes (`\N` is a node's name) and entities. */
function quotedText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;');
}
