import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';

/**
 * Returns one row of a model's features from a record of named values: float32, NaN for `null`, the code of a category,
 * NaN for a category the model has not seen. Throws BAD_DATA that names every missing and every unknown field, or the
 * first field of a wrong type.
 *
 * @example
 * ```ts
 * rowFromRecord([{ name: 'payload_length', type: 'numeric' }], { payload_length: 120 }); // Float32Array [120]
 * ```
 */
export function rowFromRecord(
  features: readonly FeatureSpec[],
  record: Readonly<Record<string, unknown>>,
): Float32Array {
  if (record === null || typeof record !== 'object' || Array.isArray(record)) {
    throw new PhantomNetError('BAD_DATA', `a row must be an object of named values, got ${show(record)}`, {
      hint: 'write {"feature name": value, ...}',
    });
  }
  const names = features.map((f) => f.name);
  const known = new Set(names);
  const unknown = Object.keys(record).filter((key) => !known.has(key));
  const missing = names.filter((name) => !Object.hasOwn(record, name));
  if (missing.length > 0 || unknown.length > 0) throw wrongFields(names, missing, unknown);
  return Float32Array.from(features, (feature) => cellOf(feature, record[feature.name]));
}

function wrongFields(
  names: readonly string[],
  missing: readonly string[],
  unknown: readonly string[],
): PhantomNetError {
  const list = (fields: readonly string[]) =>
    fields.slice(0, 5).map(show).join(', ') + (fields.length > 5 ? ` and ${fields.length - 5} more` : '');
  const parts = [];
  if (missing.length > 0) parts.push(`lacks ${list(missing)}`);
  if (unknown.length > 0) parts.push(`has unknown ${list(unknown)}`);
  const near = unknown.length > 0 ? didYouMean(unknown[0]!, names) : undefined;
  return new PhantomNetError('BAD_DATA', `the row ${parts.join(' and ')}`, {
    hint: near ?? `give exactly these fields: ${list(names)}; null where a value is missing`,
    details: { missing, unknown },
  });
}

function cellOf(feature: FeatureSpec, value: unknown): number {
  if (value === null) return Number.NaN;
  if (feature.type === 'categorical') {
    if (typeof value !== 'string') throw mistyped(feature, 'text or null', value);
    const code = feature.categories?.indexOf(value) ?? -1;
    return code < 0 ? Number.NaN : code;
  }
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number !== 'number' || !(Number.isNaN(number) || Number.isFinite(Math.fround(number))))
    throw mistyped(feature, 'a number within float32 or null', value);
  return number;
}

function mistyped(feature: FeatureSpec, expected: string, value: unknown): PhantomNetError {
  return new PhantomNetError(
    'BAD_DATA',
    `field ${show(feature.name)} must be ${expected}, got ${typeof value} ${show(value)}`,
    { hint: `set ${show(feature.name)} to ${expected}`, details: { field: feature.name, value } },
  );
}
