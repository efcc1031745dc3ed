import type { GrowShape, SharedLayout } from './grow-layout.js';

/** The code of a missing value; value bins are 0 to 254. */
export const MISSING_BIN = 255;
/** Most value bins a feature may have. */
export const MAX_BINS = 255;
/** Entries a feature has in `lows` and `highs`. */
export const BIN_STRIDE = 256;

/** Kinds of features, added up: split by sets of categories, and the same in every row. */
export const CATEGORICAL = 1;
export const CONSTANT = 2;

/** A training set as the tree kernels read it: views of one shared memory. No kernel that grows trees writes to it. */
export interface BinnedSet {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nClasses: number;
  /** nFeatures × nSamples bin codes, column after column; 255 is missing. */
  readonly bins: Uint8Array;
  /** Smallest value seen in bin b of feature f, at f × 256 + b. */
  readonly lows: Float32Array;
  /** Largest value seen in bin b of feature f, at f × 256 + b. */
  readonly highs: Float32Array;
  /** `CATEGORICAL` and `CONSTANT` by feature. */
  readonly kinds: Uint8Array;
  /** Class index of each sample. */
  readonly labels: Uint16Array;
  /** Weight of each sample; null where all are 1. */
  readonly weights: Float64Array | null;
}

/** Returns the views of a training set that lies in `buffer` as `layout` says. */
export function viewSet(buffer: SharedArrayBuffer, shape: GrowShape, layout: SharedLayout): BinnedSet {
  const { nSamples, nFeatures, nClasses } = shape;
  return {
    nSamples,
    nFeatures,
    nClasses,
    bins: new Uint8Array(buffer, layout.columns, nSamples * nFeatures),
    lows: new Float32Array(buffer, layout.lows, nFeatures * BIN_STRIDE),
    highs: new Float32Array(buffer, layout.highs, nFeatures * BIN_STRIDE),
    kinds: new Uint8Array(buffer, layout.kinds, nFeatures),
    labels: new Uint16Array(buffer, layout.labels, nSamples),
    weights: layout.sampleWeights > 0 ? new Float64Array(buffer, layout.sampleWeights, nSamples) : null,
  };
}
