import { PhantomNetError, show } from '../../core/index.js';
import type { TableColumn } from '../../data/index.js';
import type { LabelRule } from './sample-spec.js';

/** Columns of every sample that are no features. */
export const SAMPLE_COLUMNS: readonly TableColumn[] = [
  {
    name: '@timestamp',
    role: 'time',
    type: 'numeric',
    isInteger: true,
    reason: 'when the sample began; orders samples, says nothing about one',
  },
  identifier('observer.name', 'names a sensor'),
  identifier('session', 'names a session'),
  identifier('source.ip', 'names a sender; a model that reads it remembers senders, not attacks'),
];

function identifier(name: string, reason: string): TableColumn {
  return { name, reason, role: 'identifier', type: 'categorical', isInteger: false };
}

/** Returns the columns with that of the label behind them. Throws INVALID_CONFIG where one of them has its name. */
export function withLabel(
  columns: readonly TableColumn[],
  label: { readonly column: TableColumn } | undefined,
): readonly TableColumn[] {
  if (label === undefined) return columns;
  const { name } = label.column;
  if (!columns.some((column) => column.name === name)) return [...columns, label.column];
  throw new PhantomNetError('INVALID_CONFIG', `label.target: samples have a column ${show(name)} already`, {
    hint: 'give the label a name of its own, such as attack',
    details: { key: 'label.target', column: name },
  });
}

/** Returns the column of a label: of 0 and 1 where a condition makes it, else of words. */
export function labelColumn(name: string, rule: LabelRule): TableColumn {
  const isNumeric = rule.when !== undefined;
  return {
    name,
    role: 'label-defining',
    type: isNumeric ? 'numeric' : 'categorical',
    isInteger: isNumeric,
    reason: 'it is the label',
  };
}
