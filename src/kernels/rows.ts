import type { ForestShape } from './forest.js';

/** Rows to score: feature f of row i is `values[i * rowStride + f * featureStride]`; one of the strides is 1. NaN is missing. */
export interface Rows {
  readonly values: Float32Array;
  readonly nRows: number;
  readonly rowStride: number;
  readonly featureStride: number;
}

/** Returns rows that lie one after the other. */
export function rowMajor(values: Float32Array, nFeatures: number): Rows {
  return { values, nRows: values.length / nFeatures, rowStride: nFeatures, featureStride: 1 };
}

/** Returns rows whose features lie one after the other, each with its value of every row. */
export function columnMajor(values: Float32Array, nFeatures: number): Rows {
  const nRows = values.length / nFeatures;
  return { values, nRows, rowStride: 1, featureStride: nRows };
}

/** Returns `nRows` of the rows from row `start`, where they lie. */
export function sliceRows(rows: Rows, start: number, nRows: number): Rows {
  return { ...rows, nRows, values: rows.values.subarray(start * rows.rowStride) };
}

/** Scores rows with one forest. It holds scratch memory, so that a row allocates nothing. */
export interface Scorer {
  /** Writes the mean of the trees' class probabilities for one row. */
  scoreRow(row: Float32Array, out: Float64Array): void;
  /** Writes nRows × nClasses scores, row-major, the bits of `scoreRow`. */
  scoreRows(rows: Rows, out: Float64Array): void;
}

/** What stands behind the last feature of a row: it is above nothing, so a leaf, which asks for it, steps to itself. */
export const PAD = Number.NEGATIVE_INFINITY;

/** Says whether a value is the code of one of that many categories. */
export function isCode(value: number, nLevels: number): boolean {
  return value >= 0 && value < nLevels && value === Math.floor(value);
}

/** Copies row `i` to `to`, a pad behind it, and says whether a value is missing. What is no code of a category is missing. */
export function readRow({ levels }: ForestShape, rows: Rows, i: number, to: Float32Array): boolean {
  const { values, featureStride } = rows;
  let from = i * rows.rowStride;
  let missing = false;
  for (let f = 0; f < levels.length; f++) {
    let value = values[from]!;
    const nLevels = levels[f]!;
    if (nLevels > 0 && !isCode(value, nLevels)) value = Number.NaN;
    missing ||= Number.isNaN(value);
    to[f] = value;
    from += featureStride;
  }
  to[levels.length] = PAD;
  return missing;
}
