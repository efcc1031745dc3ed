import type { FeatureSpec } from '../../data/index.js';

/** A feature as a caller gives it, before it is encoded. */
export type InputFeature = Pick<FeatureSpec, 'name' | 'type'>;

/** A column of samples before it is encoded: numbers (NaN: missing) in single precision, or texts (null: missing). */
export type FeatureColumn =
  | { readonly name: string; readonly type: 'numeric'; readonly values: Float32Array }
  | { readonly name: string; readonly type: 'categorical'; readonly values: readonly (string | null)[] };

/** Samples by column, as a feature encoding takes them. */
export interface FeatureColumns {
  readonly nSamples: number;
  readonly columns: readonly FeatureColumn[];
  /** Values that are present but not valid, by feature; NaN in the column. */
  readonly invalid: Readonly<Record<string, number>>;
}

/** Returns the columns of `nSamples` samples, each value as `read` gives it, sample by sample. O(samples × features). */
export function readColumns(
  features: readonly InputFeature[],
  nSamples: number,
  read: (row: number, feature: number) => number | string | null,
): FeatureColumn[] {
  const numbers = features.map(({ type }) => new Float32Array(type === 'numeric' ? nSamples : 0));
  const texts = features.map((): (string | null)[] => []);
  for (let row = 0; row < nSamples; row++)
    for (let j = 0; j < features.length; j++) {
      const value = read(row, j);
      if (features[j]!.type === 'numeric') numbers[j]![row] = value as number;
      else texts[j]!.push(value as string | null);
    }
  return features.map(({ name, type }, j) =>
    type === 'numeric' ? { name, type, values: numbers[j]! } : { name, type, values: texts[j]! },
  );
}

/** Returns the samples as records of named features; missing values are null. */
export function columnRecords({
  nSamples,
  columns,
}: Pick<FeatureColumns, 'nSamples' | 'columns'>): Record<string, number | string | null>[] {
  return Array.from({ length: nSamples }, (_, row) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, plain(values[row]!)])),
  );
}

const plain = (value: number | string | null): number | string | null => (Number.isNaN(value) ? null : value);
