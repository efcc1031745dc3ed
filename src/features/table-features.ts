import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { type FeatureSpec, type Table, type TableColumn, tablePlace } from '../data/index.js';
import type { FeatureColumn, FeatureColumns, InputFeature } from './encoding/columns.js';
import { mostCommon } from './fit.js';
import { type Counts, categoryCodes, type EncodedMatrix, encode } from './pipeline.js';
import { refuse, whyRefused } from './roles.js';

/**
 * Returns the columns of a table that are features, in the order given; `'all'` is every column of that role, in the order
 * of the table. Throws INVALID_PARAMETER, with the reason, for a column that defines the label or tells the outcome, for an
 * unknown or repeated name, and for an empty list.
 */
export function resolveTableFeatures(
  names: readonly string[] | 'all',
  columns: readonly TableColumn[],
): TableColumn[] {
  const allowed = columns.filter((column) => column.role === 'feature');
  const all = `choose among ${allowed.map((column) => column.name).join(', ')}, or 'all'`;
  if (names === 'all' || (names.length === 1 && names[0] === 'all')) return allowed;
  if (names.length === 0) refuse('features must name at least one feature, got none', '', all);
  return names.map((name, index) => {
    if (names.indexOf(name) !== index)
      refuse(`features: ${show(name)} is named twice`, name, 'name each feature once');
    const column = columns.find((c) => c.name === name);
    if (column === undefined) {
      const near = didYouMean(
        name,
        columns.map((c) => c.name),
      );
      return refuse(`features: no feature ${show(name)}`, name, near ?? all);
    }
    if (column.role === 'feature') return column;
    const why = whyRefused(column);
    return refuse(
      `features: ${show(name)} cannot be a feature: ${why}`,
      name,
      `leave ${show(name)} out of features`,
    );
  });
}

/**
 * Returns the features that `columns` of a table are, with the categories of these rows, which must be training rows only.
 * Categories are sorted by text; beyond MAX_CATEGORIES only the commonest are kept. Deterministic, O(rows × columns).
 */
export function fitTableFeatures(table: Table, columns: readonly TableColumn[]): FeatureSpec[] {
  return columns.map(({ name, type }) =>
    type === 'numeric'
      ? { name, type }
      : { name, type, categories: mostCommon(table.values.get(name) as readonly (string | null)[]) },
  );
}

/**
 * Returns the matrix of a table's rows for these features; a category that is none of a feature's is missing.
 * Throws BAD_DATA, naming the column, where the table does not have a feature or has it as another type.
 */
export function tableToMatrix(table: Table, features: readonly FeatureSpec[]): EncodedMatrix {
  const width = features.length;
  const values = new Float32Array(table.nRows * width);
  const unseen: Counts = new Map();
  features.forEach((feature, j) => {
    const column = columnOf(table, feature);
    const codes = categoryCodes(feature);
    for (let i = 0; i < table.nRows; i++) {
      const value = column[i]!;
      values[i * width + j] = typeof value === 'number' ? value : encode(value, codes!, unseen, feature.name);
    }
  });
  return { nSamples: table.nRows, features, values, unseen: Object.fromEntries(unseen), invalid: {} };
}

/**
 * Returns the columns of a table that these features are, before they are encoded: numbers in single precision, categories
 * as text. Throws BAD_DATA as `tableToMatrix` does. O(rows × columns).
 */
export function tableToColumns(table: Table, features: readonly InputFeature[]): FeatureColumns {
  const columns = features.map((feature): FeatureColumn => {
    const values = columnOf(table, feature);
    const { name } = feature;
    return values instanceof Float64Array
      ? { name, type: 'numeric', values: Float32Array.from(values) }
      : { name, type: 'categorical', values };
  });
  return { nSamples: table.nRows, columns, invalid: {} };
}

function columnOf({ file, source, values }: Table, { name, type }: InputFeature) {
  const column = values.get(name);
  if (column instanceof Float64Array === (type === 'numeric') && column !== undefined) return column;
  const what = column === undefined ? `no column ${show(name)}` : `column ${show(name)} is not ${type}`;
  throw new PhantomNetError('BAD_DATA', `${file}: ${what}, and a feature of the model is made from it`, {
    hint:
      didYouMean(name, [...values.keys()]) ??
      `the model was not trained on ${source.name} rows: name the format of its own data`,
    details: { file, column: name },
  });
}

/**
 * Returns a warning for each of these columns with whole numbers that single precision cannot tell from a neighbour, which
 * there are beyond 2^24: they are features only as rounded. It says how many, and the first with its line. One pass over
 * the columns of whole numbers.
 */
export function roundingNotes(table: Table, columns: readonly TableColumn[]): string[] {
  return columns.flatMap(({ name, isInteger }) => {
    const values = table.values.get(name);
    if (!isInteger || !(values instanceof Float64Array)) return [];
    let rounded = 0;
    let first = -1;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (Math.fround(value) === value || Number.isNaN(value)) continue;
      if (rounded++ === 0) first = row;
    }
    if (rounded === 0) return [];
    const counted = `${rounded} ${rounded === 1 ? 'value' : 'values'} beyond 16,777,216`;
    const { file, line } = tablePlace(table, first);
    const example = `${values[first]!} to ${Math.fround(values[first]!)} in ${file}:${line}`;
    return [`${name}: ${counted} rounded to single precision, the first from ${example}`];
  });
}
