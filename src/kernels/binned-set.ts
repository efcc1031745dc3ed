/** The code of a missing value; value bins are 0 to 254. */
export const MISSING_BIN = 255;
/** Most value bins a feature may have. */
export const MAX_BINS = 255;
/** Entries a feature has in `lows` and `highs`. */
export const BIN_STRIDE = 256;

/** A training set as the tree kernels read it. Every array may lie in shared memory; no kernel writes to it. */
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
  /** Class index of each sample. */
  readonly labels: Uint16Array;
}
