import type { Table, TableColumn } from '../data/index.js';
import { MAX_CATEGORIES } from './fit.js';

const MAX_NAMES = 8;

/**
 * Returns what a user should know of a table whose columns were told from its rows: which are left out of `all` and why,
 * which of `columns` have missing values or none at all, and which have more categories than a feature keeps. One pass over `columns`.
 */
export function columnNotes(table: Table, columns: readonly TableColumn[]): string[] {
  const out = table.source.columns.filter(({ role }) => role !== 'feature' && role !== 'label-defining');
  const missing = columns.map(({ name }) => ({ name, count: countMissing(table, name) }));
  const empty = missing.filter(({ count }) => count === table.nRows);
  const gaps = missing.filter(({ count }) => count > 0 && count < table.nRows);
  const rich = columns.flatMap(({ name, type }) => {
    const distinct = type === 'categorical' ? new Set(table.values.get(name) as readonly unknown[]).size : 0;
    return distinct > MAX_CATEGORIES + 1 ? [`${name} ${distinct}`] : [];
  });
  return [
    ...note(
      'columns that are no features',
      out.map(({ name, reason }) => `${name} (${reason})`),
    ),
    ...note(
      `${table.file}: missing values`,
      gaps.map(({ name, count }) => `${name} ${count}`),
    ),
    ...note(
      `${table.file}: columns without any value`,
      empty.map(({ name }) => name),
    ),
    ...note(`columns of more words than the ${MAX_CATEGORIES} commonest that a feature keeps`, rich),
  ];
}

function countMissing({ values }: Table, name: string): number {
  let missing = 0;
  for (const value of values.get(name) ?? []) if (value === null || Number.isNaN(value)) missing++;
  return missing;
}

function note(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return [`${what}: ${names.slice(0, MAX_NAMES).join(', ')}${more}`];
}
