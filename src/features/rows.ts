import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';
import { CATALOGUE } from './catalogue.js';
import { fieldsOf, kindOf } from './input-kind.js';
import { categoryCodes, type EncodedMatrix, encode } from './pipeline.js';

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
  { mayBeMissing = catalogued }: RowsOptions = {},
): EncodedMatrix {
  const names = features.map((feature) => feature.name);
  const known = new Set(names);
  const codes = features.map(categoryCodes);
  const values = new Float32Array(records.length * features.length);
  const unseen: Record<string, number> = {};
  records.forEach((record, row) => {
    const fields = fieldsOf(record, row);
    for (const field of Object.keys(fields)) if (!known.has(field)) unknownField(row, field, names);
    features.forEach((feature, j) => {
      const code = codes[j];
      const at = row * features.length + j;
      const value = featureValue(fields, feature, { row, mayBeMissing });
      values[at] = typeof value === 'number' ? value : encode(value, code!, unseen, feature.name);
    });
  });
  return { nSamples: records.length, features, values, unseen, invalid: {} };
}

/** Returns a number for a numeric feature (NaN: missing) and text or null for a categorical one. */
function featureValue(
  fields: Readonly<Record<string, unknown>>,
  feature: FeatureSpec,
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
