import type { FeatureMatrix } from '../../data/index.js';
import { featureColumns } from '../../model/index.js';

/** A matrix read as standardised columns: one a numeric feature, one a category of a categorical one. */
export interface Design {
  readonly x: FeatureMatrix;
  /** First column of each feature, and at the end the number of columns. */
  readonly starts: Uint32Array;
  readonly nColumns: number;
  /** Weighted mean and standard deviation of each column over its present values; scale 1 where a column is constant. */
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

/** Returns the design of a training set under sample weights. Cost O(rows × features). */
export function createDesign(x: FeatureMatrix, weights: Float64Array): Design {
  const starts = featureColumns(x.features);
  const nColumns = starts[x.features.length]!;
  const means = new Float64Array(nColumns);
  const scales = new Float64Array(nColumns).fill(1);
  for (let f = 0; f < x.features.length; f++) {
    const columns = { f, start: starts[f]!, means, scales };
    if (x.features[f]!.type === 'categorical') standardiseCategories(x, weights, columns, starts[f + 1]!);
    else standardiseNumbers(x, weights, columns);
  }
  return { x, starts, nColumns, means, scales };
}

interface Columns {
  readonly f: number;
  readonly start: number;
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

function standardiseNumbers(x: FeatureMatrix, weights: Float64Array, columns: Columns): void {
  const width = x.features.length;
  let total = 0;
  let sum = 0;
  for (let i = 0; i < x.nSamples; i++) {
    const value = x.values[i * width + columns.f]!;
    if (Number.isNaN(value)) continue;
    total += weights[i]!;
    sum += weights[i]! * value;
  }
  if (total === 0) return;
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < x.nSamples; i++) {
    const value = x.values[i * width + columns.f]!;
    if (!Number.isNaN(value)) squares += weights[i]! * (value - mean) ** 2;
  }
  columns.means[columns.start] = mean;
  const scale = Math.sqrt(squares / total);
  // Below rounding of the mean a column is constant, and dividing by its noise would make features of it.
  if (scale > Math.abs(mean) * 1e-12) columns.scales[columns.start] = scale;
}

function standardiseCategories(x: FeatureMatrix, weights: Float64Array, columns: Columns, end: number): void {
  const width = x.features.length;
  const sums = new Float64Array(end - columns.start);
  let total = 0;
  for (let i = 0; i < x.nSamples; i++) {
    const code = x.values[i * width + columns.f]!;
    if (Number.isNaN(code)) continue;
    sums[code]! += weights[i]!;
    total += weights[i]!;
  }
  if (total === 0) return;
  for (let j = 0; j < sums.length; j++) {
    const share = sums[j]! / total;
    columns.means[columns.start + j] = share;
    if (share > 0 && share < 1) columns.scales[columns.start + j] = Math.sqrt(share * (1 - share));
  }
}
