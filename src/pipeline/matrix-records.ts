import type { FeatureMatrix, Table } from '../data/index.js';

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

/** Returns the rows of a table as records of the named columns; a column it does not have is in none of them. */
export function tableRecords(
  table: Table,
  names: readonly string[],
): Record<string, number | string | null>[] {
  const columns = names.flatMap((name) => {
    const values = table.values.get(name);
    return values === undefined ? [] : [[name, values] as const];
  });
  return Array.from({ length: table.nRows }, (_, i) =>
    Object.fromEntries(columns.map(([name, values]) => [name, recorded(values[i]!)])),
  );
}

function recorded(value: number | string | null): number | string | null {
  return Number.isNaN(value) ? null : value;
}
