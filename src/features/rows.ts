import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';
import { CATALOGUE } from './catalogue.js';
import { type FeatureColumns, type InputFeature, readColumns } from './encoding/columns.js';
import { fieldsOf, kindOf } from './input-kind.js';
import { type Counts, categoryCodes, type EncodedMatrix, encode } from './pipeline.js';

/** What records may leave out. */
export interface RowsOptions {
  /** Returns whether a numeric feature may be null; by default what the catalogue of features says. */
  readonly mayBeMissing?: (name: string) => boolean;
}

const catalogued = (name: string): boolean => CATALOGUE.get(name)?.mayBeMissing === true;

/**
 * Returns the matrix of records that hold the features' own values, as parsed JSON: `[{ payload_length: 120 }]`.
 * Each record must have every feature and nothing else; null is a missing value where the feature may be missing.
 * Throws BAD_DATA naming the row (zero-based) and the field. O(records × features).
 *
 * @example
 * ```ts
 * rowsToMatrix([{ name: 'payload_length', type: 'numeric' }], [{ payload_length: 120 }]).values; // [120]
 * ```
 */
export function rowsToMatrix(
  features: readonly FeatureSpec[],
  records: readonly unknown[],
  options: RowsOptions = {},
): EncodedMatrix {
  const read = recordReader(features, records, options);
  const codes = features.map(categoryCodes);
  const values = new Float32Array(records.length * features.length);
  const unseen: Counts = new Map();
  records.forEach((_, row) => {
    features.forEach(({ name }, j) => {
      const value = read(row, j);
      const at = row * features.length + j;
      values[at] = typeof value === 'number' ? value : encode(value, codes[j]!, unseen, name);
    });
  });
  return { nSamples: records.length, features, values, unseen: Object.fromEntries(unseen), invalid: {} };
}

/**
 * Returns the columns of records that hold the features' own values, before they are encoded. Throws BAD_DATA as
 * `rowsToMatrix` does. O(records × features).
 */
export function rowsToColumns(
  features: readonly InputFeature[],
  records: readonly unknown[],
  options: RowsOptions = {},
): FeatureColumns {
  const read = recordReader(features, records, options);
  return {
    nSamples: records.length,
    columns: readColumns(features, records.length, read),
    invalid: {},
  };
}

/** Returns a reader of values, record by record; a record is checked when its first is read. */
function recordReader(
  features: readonly InputFeature[],
  records: readonly unknown[],
  { mayBeMissing = catalogued }: RowsOptions,
): (row: number, feature: number) => number | string | null {
  const names = features.map((feature) => feature.name);
  const known = new Set(names);
  let fields: Readonly<Record<string, unknown>> = {};
  return (row, j) => {
    if (j === 0) {
      fields = fieldsOf(records[row], row);
      for (const field of Object.keys(fields)) if (!known.has(field)) unknownField(row, field, names);
    }
    return featureValue(fields, features[j]!, { row, mayBeMissing });
  };
}

/** Returns a number for a numeric feature (NaN: missing) and text or null for a categorical one. */
function featureValue(
  fields: Readonly<Record<string, unknown>>,
  feature: InputFeature,
  { row, mayBeMissing: maybe }: { readonly row: number } & Required<RowsOptions>,
): number | string | null {
  const { name, type } = feature;
  if (!Object.hasOwn(fields, name))
    fail(row, name, `field ${show(name)} is missing`, `give every feature a value: {${show(name)}: ...}`);
  const value = fields[name];
  const mayBeMissing = type === 'categorical' || maybe(name);
  if (value === null && mayBeMissing) return type === 'categorical' ? null : Number.NaN;
  if (type === 'categorical' && typeof value === 'string') return value;
  if (type === 'numeric' && typeof value === 'number' && Number.isFinite(Math.fround(value))) return value;
  const expected = `${type === 'numeric' ? 'a number' : 'text'}${mayBeMissing ? ' or null' : ''}`;
  return fail(row, name, `field ${show(name)} must be ${expected}, got ${kindOf(value)}`, `give ${expected}`);
}

function unknownField(row: number, field: string, names: readonly string[]): never {
  const expected = `the model takes ${names.join(', ')}`;
  fail(row, field, `unknown field ${show(field)}`, didYouMean(field, names) ?? expected);
}

function fail(row: number, field: string, message: string, hint: string): never {
  throw new PhantomNetError('BAD_DATA', `row ${row}: ${message}`, { hint, details: { row, field } });
}
