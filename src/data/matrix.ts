import { PhantomNetError } from '../core/index.js';

/** How one feature is read: a number, or one of a list of categories given as its index (NaN: missing or unseen). */
export interface FeatureSpec {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  /** The categories by code, for a categorical feature. */
  readonly categories?: readonly string[];
}

/** Features of nSamples samples: row-major float32, NaN is missing. */
export interface FeatureMatrix {
  readonly nSamples: number;
  readonly features: readonly FeatureSpec[];
  /** nSamples × nFeatures, row-major. */
  readonly values: Float32Array;
}

/** Labels of nSamples samples as indices into `classes`. */
export interface Labels {
  /** Class labels in ascending order: numbers for `is_attack` (0, 1), text for a multiclass column. */
  readonly classes: readonly (number | string)[];
  /** Class index of each sample. */
  readonly codes: Uint16Array;
}

/** Zero-based row indices of the two sides of a split, each in the order scikit-learn gives them. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** Returns the rows of `matrix` at `rows`, in that order. Cost O(rows × features). */
export function takeRows(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  const width = matrix.features.length;
  const values = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!(row >= 0 && row < matrix.nSamples))
      throw new PhantomNetError('INTERNAL', `row ${row} is outside 0..${matrix.nSamples - 1}`);
    values.set(matrix.values.subarray(row * width, (row + 1) * width), i * width);
  }
  return { nSamples: rows.length, features: matrix.features, values };
}

/** Returns the labels at `rows`, in that order, with the same classes. */
export function takeLabels(labels: Labels, rows: ArrayLike<number>): Labels {
  const codes = new Uint16Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = labels.codes[rows[i]!]!;
  return { classes: labels.classes, codes };
}
