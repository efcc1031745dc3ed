import { type BoxContent, boxContent, classColour } from './tree-boxes.js';
import { layOutTree, type PlacedNode } from './tree-layout.js';
import type { TreeOutline } from './tree-outline.js';
import { escapeXml, HEADER_LINE, legend, styleSheet } from './tree-svg-parts.js';
import { heading } from './tree-words.js';
import type { TreesModel } from './trees-model.js';

/** Pixels. A cell is one character of the fixed-width font at 12 px, 7.3 wide at most. */
const BOX = { width: 210, height: 50, cells: 26, padding: 10, bar: 5 } as const;
const GAP = { column: 86, row: 14 } as const;
const MARGIN = 16;
const LEAST_WIDTH = 560;

/** Returns an outlined tree as an SVG that needs nothing else, light or dark as the reader has it. */
export function treeSvg(model: TreesModel, outline: TreeOutline): string {
  const { nodes, nRows } = layOutTree(outline);
  const nColumns = 1 + Math.max(...nodes.map(({ column }) => column));
  const width = Math.max(LEAST_WIDTH, 2 * MARGIN + nColumns * (BOX.width + GAP.column) - GAP.column);
  const { title, size } = heading(model, outline);
  const key = legend(model.classes, { x: MARGIN, y: MARGIN + 2 * HEADER_LINE, width: width - 2 * MARGIN });
  const top = key.bottom + GAP.row;
  const height = top + nRows * (BOX.height + GAP.row) - GAP.row + MARGIN;
  const name = escapeXml(`${title}: ${size}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="tree" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}">`,
    `<title>${name}</title>`,
    styleSheet(),
    `<clipPath id="box"><rect width="${BOX.width}" height="${BOX.height}" rx="6"/></clipPath>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="head" x="${MARGIN}" y="${MARGIN + 12}">${escapeXml(title)}</text>`,
    `<text class="quiet" x="${MARGIN}" y="${MARGIN + HEADER_LINE + 12}">${escapeXml(size)}</text>`,
    ...key.lines,
    ...nodes.flatMap((placed) => edge(placed, top)),
    ...nodes.flatMap((placed) => box(boxContent(model, placed.node, BOX.cells), cornerOf(placed, top))),
    '</svg>',
    '',
  ].join('\n');
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function cornerOf({ column, row }: PlacedNode, top: number): Point {
  return { x: MARGIN + column * (BOX.width + GAP.column), y: top + row * (BOX.height + GAP.row) };
}

/** Draws the way to a node, with its answer where it arrives: above the line of yes, below that of no. */
function edge(placed: PlacedNode, top: number): string[] {
  if (placed.parent === null) return [];
  const from = cornerOf(placed.parent, top);
  const to = cornerOf(placed, top);
  const middle = BOX.height / 2;
  const [x, y] = [from.x + BOX.width, to.y + middle];
  const bend = x + GAP.column / 2;
  const text = `${placed.answer}${placed.takesMissing ? ', missing' : ''}`;
  return [
    `<path class="edge" d="M${x} ${from.y + middle}C${bend} ${from.y + middle} ${x} ${y} ${to.x} ${y}"/>`,
    `<text class="answer" x="${to.x - 5}" y="${placed.answer === 'yes' ? y - 5 : y + 12}">${text}</text>`,
  ];
}

function box(content: BoxContent, { x, y }: Point): string[] {
  const { kind, lines, full, colour, purity } = content;
  const size = `width="${BOX.width}" height="${BOX.height}" rx="6"`;
  const tint = (0.1 + 0.4 * purity).toFixed(3);
  return [
    `<g transform="translate(${x} ${y})"><title>${escapeXml(full)}</title>`,
    `<rect class="${kind}" ${size}/>`,
    ...(colour === null ? [] : [`<rect ${size} fill="${colour}" fill-opacity="${tint}"/>`]),
    '<g clip-path="url(#box)">',
    ...bar(content),
    `<text class="name" x="${BOX.padding}" y="19">${escapeXml(lines[0])}</text>`,
    `<text class="line" x="${BOX.padding}" y="37">${escapeXml(lines[1])}</text>`,
    '</g></g>',
  ];
}

/** Draws the shares of the classes along the foot of a box, in the order of the classes. */
function bar({ shares }: BoxContent): string[] {
  let x = 0;
  return [...shares]
    .sort((a, b) => a.code - b.code)
    .map(({ code, share }) => {
      const width = share * BOX.width;
      const part = `<rect x="${x.toFixed(1)}" y="${BOX.height - BOX.bar}" width="${width.toFixed(1)}" height="${BOX.bar}" fill="${classColour(code)}"/>`;
      x += width;
      return part;
    });
}
