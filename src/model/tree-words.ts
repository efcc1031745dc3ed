import { show, visible } from '../core/index.js';
import type { OutlineSplit, Question, TreeOutline } from './tree-outline.js';
import type { TreesModel } from './trees-model.js';

/** Text that cannot be taken for anything else in a line stands bare; all other names are quoted. */
const PLAIN = /^[A-Za-z_][\w.-]{0,78}$/;

/** Returns a feature's name or a class as it stands in a line: a name from a log may be anything. */
export function word(name: number | string): string {
  return typeof name === 'number' || PLAIN.test(name) ? String(name) : show(name);
}

/** Returns a float32 in the fewest digits that still tell it from its neighbours. */
export function single(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** Returns a probability to three decimals; only 0 and 1 themselves look like them. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.001';
  if (share < 1 && share > 0.9995) return '>0.999';
  return String(Number(share.toFixed(3)));
}

/** Returns the first `most` of some things as text, and how many more there are. */
export function listed<T>(things: readonly T[], most: number, text: (thing: T) => string): string {
  const rest = things.length - most;
  return [...things.slice(0, most).map(text), ...(rest > 0 ? [`… ${rest} more`] : [])].join(', ');
}

/** Returns the condition of a split's yes or no, without its feature. */
export function condition(question: Question, answer: 'yes' | 'no', mostCategories: number): string {
  if ('isKnown' in question) return answer === 'yes' ? 'is not missing' : 'is missing';
  if ('threshold' in question) return `${answer === 'yes' ? '<=' : '>'} ${single(question.threshold)}`;
  const isIn = question.isIn === (answer === 'yes');
  return `${isIn ? 'in' : 'not in'} {${listed(question.categories, mostCategories, show)}}`;
}

/** Returns a branch of a split as a sentence: `port <= 1023.5 or missing`. */
export function branch(split: OutlineSplit, answer: 'yes' | 'no', mostCategories: number): string {
  const takesMissing =
    !('isKnown' in split.question) && split.missing === (answer === 'yes' ? 'left' : 'right');
  return `${word(split.feature.name)} ${condition(split.question, answer, mostCategories)}${takesMissing ? ' or missing' : ''}`;
}

/** Returns a number with what is counted. */
export function count(n: number, one: string, more: string): string {
  return `${n} ${n === 1 ? one : more}`;
}

/** Returns which tree of what it is, how large, and how much of it is not shown. */
export function heading({ kind }: TreesModel, outline: TreeOutline): { title: string; size: string } {
  const { tree, nTrees, nNodes, nLeaves, depth, nCut, maxDepth } = outline;
  const size = `${count(nNodes, 'node', 'nodes')}, ${count(nLeaves, 'leaf', 'leaves')}, depth ${depth}`;
  const cut = nCut === 0 ? '' : `; ${nCut} below depth ${maxDepth} not shown`;
  return { title: nTrees === 1 ? kind : `${kind}, tree ${tree} of ${nTrees}`, size: `${size}${cut}` };
}

/** Cells of a fixed-width font that a character takes: those of East Asia and pictures two, punctuation and signs one. */
function cellsOf(character: string): number {
  const code = character.codePointAt(0)!;
  return code >= 0x1100 && (code < 0x1e00 || code >= 0x2e80) ? 2 : 1;
}

/** Returns the width of text in cells of a fixed-width font. */
export function cells(text: string): number {
  let width = 0;
  for (const character of text) width += cellsOf(character);
  return width;
}

/** Returns text cut to at most `most` cells, with nothing that moves a cursor or breaks a line. */
export function fit(text: string, most: number): string {
  const seen = visible(text);
  if (cells(seen) <= most) return seen;
  let kept = '';
  let width = 1;
  for (const character of seen) {
    width += cellsOf(character);
    if (width > most) break;
    kept += character;
  }
  return `${kept}…`;
}
