import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { Labels, Table, TableSource } from '../data/index.js';
import { codesOf, IS_ATTACK } from './labels.js';
import { NORMAL, NSL_KDD_ATTACK_CLASSES } from './nsl-kdd-attacks.js';
import { ownColumnLabels } from './own-labels.js';

/** A label that a source has beside its columns: made from the text of one of them. */
interface LabelRule {
  readonly column: string;
  /** Returns a row's class; undefined for a text that the rule does not know. */
  readonly classOf: (text: string) => number | string | undefined;
  /** The classes, where they do not depend on the rows. */
  readonly classes?: readonly (number | string)[];
  /** Every text there may be, for a warning about others. */
  readonly known: ReadonlyMap<string, unknown>;
}

const NSL_KDD_RULES: ReadonlyMap<string, LabelRule> = new Map([
  [
    IS_ATTACK,
    {
      column: 'attack_name',
      classOf: (text: string) => (text === NORMAL ? 0 : 1),
      classes: [0, 1],
      known: NSL_KDD_ATTACK_CLASSES,
    },
  ],
  [
    'attack_class',
    {
      column: 'attack_name',
      classOf: (text: string) => NSL_KDD_ATTACK_CLASSES.get(text),
      known: NSL_KDD_ATTACK_CLASSES,
    },
  ],
]);

/** The labels of each source that are no columns, by the source's name. */
const RULES: ReadonlyMap<string, ReadonlyMap<string, LabelRule>> = new Map([['nsl-kdd', NSL_KDD_RULES]]);

const rulesOf = ({ name }: TableSource): ReadonlyMap<string, LabelRule> => RULES.get(name) ?? new Map();

/** Returns the name of every label a source has: those made by a rule, then its columns of text. */
export function tableLabelNames(source: TableSource): string[] {
  const texts = source.columns.filter((column) => column.type === 'categorical');
  return [...rulesOf(source).keys(), ...texts.map((column) => column.name)];
}

/** Throws NOT_FOUND, with the nearest name or all of them, for a label that a source does not have. */
export function checkTableLabel(source: TableSource, target: string): void {
  const names = tableLabelNames(source);
  if (names.includes(target)) return;
  const isNumber = source.columns.some((column) => column.name === target);
  const what = isNumber ? `column ${show(target)} holds numbers, which are no classes` : `no ${show(target)}`;
  throw new PhantomNetError('NOT_FOUND', `label: ${what} in ${source.name}`, {
    hint: didYouMean(target, names) ?? `choose one of ${names.join(', ')}`,
    details: { column: target, allowed: names },
  });
}

/**
 * Returns the label `target` of each row: for NSL-KDD `is_attack` (1 where the attack name is not normal), `attack_class`
 * (normal, dos, probe, r2l, u2r), or the text of a column, as `attack_name`. Throws NOT_FOUND for a label the source does
 * not have, and BAD_DATA, with file and line, for an attack of no known class. Of rows of any columns it is a column, as
 * its words or few whole numbers.
 */
export function tableLabels(table: Table, target: string): Labels {
  if (table.source.name === 'table') return ownColumnLabels(table, target);
  checkTableLabel(table.source, target);
  const rule = rulesOf(table.source).get(target);
  const texts = table.values.get(rule?.column ?? target) as readonly string[];
  if (rule === undefined) return codesOf(texts, target);
  const labels = texts.map((text, row) => rule.classOf(text) ?? unknownText(table, row, { rule, target }));
  return codesOf(labels, target, rule.classes);
}

function unknownText(
  table: Table,
  row: number,
  { rule, target }: { readonly rule: LabelRule; readonly target: string },
): never {
  const { file, lines } = table;
  const text = (table.values.get(rule.column) as readonly string[])[row]!;
  const what = `${rule.column} ${show(text)} belongs to no ${target}`;
  throw new PhantomNetError('BAD_DATA', `${file} line ${lines[row]}: ${what}`, {
    hint:
      didYouMean(text, [...rule.known.keys()]) ??
      `choose --label ${IS_ATTACK} or ${rule.column}, which take any name, or leave the row out`,
    details: { file, line: lines[row], column: rule.column },
  });
}

/** Returns a warning for each text that the rule of `target` does not know and took all the same: it may be misspelt. */
export function tableLabelNotes(table: Table, target: string): string[] {
  const rule = rulesOf(table.source).get(target);
  if (rule === undefined) return [];
  const unknown = new Set(table.values.get(rule.column) as readonly string[]);
  for (const text of rule.known.keys()) unknown.delete(text);
  return [...unknown].slice(0, 5).map((text) => {
    const near = didYouMean(text, [...rule.known.keys()]);
    const what = `${rule.column} ${show(text)} in ${table.file} is none that ${table.source.name} has`;
    return near === undefined ? what : `${what}; ${near}`;
  });
}
