import type { FeatureMatrix, Labels } from '../data/index.js';
import type { Model } from '../model/index.js';

/** What a fit may be given beside params and data. */
export interface FitOptions {
  /** Called as work is done. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops the fit with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  /** One weight a sample; all 1 when absent. */
  readonly sampleWeight?: Float64Array | undefined;
  /** Bytes the fit may take at its peak; more is refused with UNSUPPORTED before it starts. Estimators that need little ignore it. */
  readonly maxMemoryBytes?: number | undefined;
  /** A forest to go on from: its trees are kept and more are grown, up to `nEstimators` (scikit-learn's warm_start). It stays as it was. */
  readonly from?: Model | undefined;
  /**
   * Called with the out-of-bag scores of a forest with `oobScore`: nSamples × nClasses, row-major, each of the trees that
   * did not draw the sample; NaN for a sample that all trees drew (scikit-learn's oob_decision_function_).
   */
  readonly onOutOfBag?: ((decisionFunction: Float64Array) => void) | undefined;
}

/** How far a fit is: `done` of `total` units (trees, iterations). */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Seconds that are left at the pace so far; absent where the estimator cannot tell. */
  readonly secondsLeft?: number;
}

/**
 * The contract of every estimator. `fit` returns the model, so an unfitted model cannot be used.
 * The same params, data and seed give the same bytes of model, whatever `nJobs` is.
 */
export interface Estimator<Params extends object> {
  /** The name on the command line: random-forest, extra-trees, decision-tree, … */
  readonly name: string;
  /** Returns checked params with defaults filled in. Throws INVALID_PARAMETER naming the param, the value and what is allowed; unknown names get a suggestion. */
  params(given?: Readonly<Record<string, unknown>>): Params;
  /** Checks the params as `params` does: those left out have their defaults, and what `params` returned is taken as it is. Rejects with INVALID_PARAMETER, BAD_DATA or CANCELLED. */
  fit(given: Partial<Params>, x: FeatureMatrix, y: Labels, options?: FitOptions): Promise<Model>;
}
