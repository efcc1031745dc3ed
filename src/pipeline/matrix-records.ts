import type { FeatureMatrix } from '../data/index.js';

/** Returns the rows of a matrix as records of named features: categories as text, missing values as null. */
export function matrixRecords(matrix: FeatureMatrix): Record<string, number | string | null>[] {
  const width = matrix.features.length;
  return Array.from({ length: matrix.nSamples }, (_, i) =>
    Object.fromEntries(
      matrix.features.map((feature, j) => {
        const value = matrix.values[i * width + j]!;
        if (Number.isNaN(value)) return [feature.name, null];
        return [feature.name, feature.type === 'categorical' ? feature.categories![value]! : value];
      }),
    ),
  );
}
