import { answerOf, sharesText } from './print-tree.js';
import type { ClassShare, OutlineNode } from './tree-outline.js';
import { branch, condition, count, fit, listed, word } from './tree-words.js';
import type { TreesModel } from './trees-model.js';

/** Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008), on light and on dark. */
const COLOURS = [
  ...['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#b8a800', '#8c6bb1'],
] as const;
const MOST_CATEGORIES = 20;

/** Returns the colour of a class; from the ninth on they come again. */
export function classColour(code: number): string {
  return COLOURS[code % COLOURS.length]!;
}

/** What is written in the box of a node, and how it is coloured. */
export interface BoxContent {
  readonly kind: OutlineNode['kind'];
  /** A heading and a line below it, each of at most `width` cells. */
  readonly lines: readonly [string, string];
  /** All of it, as a sentence. */
  readonly full: string;
  /** Colour of the class a leaf answers; null where a node does not answer. */
  readonly colour: string | null;
  /** 0 where all classes are as likely, 1 where there is but one. */
  readonly purity: number;
  /** Probabilities of a leaf; where a node is not followed, the share of the leaves below by their class. */
  readonly shares: readonly ClassShare[];
}

/** Returns what stands in a node's box of `width` cells. */
export function boxContent(model: TreesModel, node: OutlineNode, width: number): BoxContent {
  const { kind } = node;
  const { classes } = model;
  if (kind === 'split') {
    const lines = [word(node.feature.name), condition(node.question, 'yes', MOST_CATEGORIES)];
    const full = `${branch(node, 'yes', MOST_CATEGORIES)}?`;
    return { kind, lines: fitAll(lines, width), full, colour: null, purity: 0, shares: [] };
  }
  const { shares } = node;
  if (kind === 'leaf') {
    const answer = `class ${word(answerOf(model, node))}`;
    const full = `${answer}: ${sharesText(model, shares, MOST_CATEGORIES)}`;
    const { code, share } = shares[0] ?? { code: 0, share: 1 };
    const even = 1 / classes.length;
    const purity = even === 1 ? 1 : (share - even) / (1 - even);
    const lines = fitAll([answer, sharesText(model, shares, 3)], width);
    return { kind, lines, full, colour: classColour(code), purity, shares };
  }
  const below = `… ${count(node.nLeaves, 'leaf', 'leaves')} below`;
  const byClass = (most: number) =>
    listed(
      shares,
      most,
      ({ code, share }) => `${Math.round(share * node.nLeaves)} × ${word(classes[code]!)}`,
    );
  const full = `${below}: ${byClass(MOST_CATEGORIES)}`;
  const lines = fitAll([below, byClass(3)], width);
  return { kind, lines, full, colour: null, purity: 0, shares };
}

function fitAll([heading, line]: readonly string[], width: number): [string, string] {
  return [fit(heading!, width), fit(line!, width)];
}
