import type { Table, TableColumn } from '../data/index.js';
import { MAX_CATEGORIES } from './fit.js';

const MAX_NAMES = 8;

/**
 * Returns what a user should know of a table whose columns were told from its rows: which are left out of `all` and why,
 * which of `columns` have missing values, and which have more categories than a feature keeps. One pass over `columns`.
 */
export function columnNotes(table: Table, columns: readonly TableColumn[]): string[] {
  const out = table.source.columns.filter(({ role }) => role !== 'feature' && role !== 'label-defining');
  const gaps = columns.flatMap(({ name }) => {
    const missing = countMissing(table, name);
    return missing === 0 ? [] : [`${name} ${missing}`];
  });
  const rich = columns.flatMap(({ name, type }) => {
    const distinct = type === 'categorical' ? new Set(table.values.get(name) as readonly unknown[]).size : 0;
    return distinct > MAX_CATEGORIES + 1 ? [`${name} ${distinct}`] : [];
  });
  return [
    ...note(
      'columns that are no features',
      out.map(({ name, reason }) => `${name} (${reason})`),
    ),
    ...note(`${table.file}: missing values`, gaps),
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
