import { given } from '../core/index.js';
import { type Labels, type Split, takeLabels } from '../data/index.js';
import type { StoredDecision } from '../deploy/index.js';
import { type Evaluation, evaluate } from '../evaluate/index.js';
import { getEstimator, type Progress } from '../train/index.js';
import { Detector } from './detector.js';
import { type FeatureRecipe, type FittedFeatures, fitSamples } from './fit-features.js';
import type { IntervalGroups } from './interval-groups.js';
import { type Samples, takeSamples } from './samples.js';
import { sourceWeights } from './source-weights.js';
import type { UnseenCategories } from './unseen-categories.js';

/** What to train: an estimator by name with its params, on which features. */
export interface Recipe extends FeatureRecipe {
  readonly estimator: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly randomState: number;
  /** Most bytes a fit of trees may take; each fit for itself. */
  readonly maxMemoryBytes?: number | undefined;
  /** What names a source, where all sources are to weigh the same. */
  readonly equalSources?: string | undefined;
}

/** Samples and their labels, row by row. */
export interface LabelledSamples {
  readonly samples: Samples;
  readonly labels: Labels;
}

/** How a fit tells how far it is, and is stopped. */
export interface FitWatch {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Returns the recipe's params, checked, with defaults; `randomState` is the experiment's where the estimator has one and none is given. */
export function resolveParams(recipe: Recipe): Readonly<Record<string, unknown>> {
  const estimator = getEstimator(recipe.estimator);
  const seed = 'randomState' in estimator.params() ? { randomState: recipe.randomState } : {};
  return { ...estimator.params({ ...seed, ...recipe.params }) };
}

/**
 * Returns a detector whose features and model were fitted on these samples only; with `from`, one whose forest goes on
 * from that of another and whose features are the other's, as its trees ask for them; with `decision`, one that answers by it.
 */
export async function fitDetector(
  recipe: Recipe,
  { samples, labels }: LabelledSamples,
  {
    from,
    decision,
    ...watch
  }: FitWatch & {
    readonly from?: Detector | undefined;
    readonly decision?: StoredDecision | undefined;
  } = {},
): Promise<Detector> {
  const { matrix, pipeline, encoding }: FittedFeatures =
    from === undefined
      ? fitSamples(recipe, { samples, labels })
      : { matrix: from.transform(samples), pipeline: from.pipeline };
  const estimator = getEstimator(recipe.estimator);
  const model = await estimator.fit(resolveParams(recipe), matrix, labels, {
    ...given({
      ...watch,
      from: from?.model,
      maxMemoryBytes: recipe.maxMemoryBytes,
      sampleWeight: sourceWeights(recipe.equalSources, samples),
    }),
  });
  return new Detector(model, pipeline, { sampling: (from ?? recipe).sampling, encoding, decision });
}

/** A detector's word on labelled samples. */
export interface Scored {
  readonly yTrue: Uint16Array;
  readonly yPred: Uint16Array;
  /** The classes of the codes: the detector's, then those that it was not trained on. */
  readonly classes: Labels['classes'];
  /** nSamples × nClasses, row-major. */
  readonly scores: Float64Array;
  readonly evaluation: Evaluation;
  readonly unseenCategories: UnseenCategories;
  /** What the intervals resample. */
  readonly resampled: IntervalGroups;
}

/**
 * Returns how right a detector is on samples whose labels have the detector's classes first. It gives 0 to every class
 * after them: on rows of a class it was not trained on it is wrong. The intervals resample the groups of `resampled`, and
 * rows without it.
 */
export function scoreDetector(
  detector: Detector,
  { samples, labels }: LabelledSamples,
  {
    resampled = { by: null, groups: undefined },
    ...options
  }: { readonly resamples?: number; readonly resampled?: IntervalGroups } = {},
): Scored {
  const matrix = detector.transform(samples);
  const raw = detector.model.predictScoresBatch(matrix);
  const { scores: own, codes: yPred } = detector.decide(raw);
  const { codes: yTrue, classes } = labels;
  const scores = widen(own, detector.classes.length, classes.length);
  const predicted = { yTrue, yPred, scores, classes };
  return {
    ...predicted,
    evaluation: evaluate({ ...predicted, groups: resampled.groups }, options),
    unseenCategories: matrix.unseen,
    resampled,
  };
}

/** Returns rows of scores with zeros behind them. */
export function widen(scores: Float64Array, from: number, to: number): Float64Array {
  if (from === to) return scores;
  const nSamples = scores.length / from;
  const wide = new Float64Array(nSamples * to);
  for (let i = 0; i < nSamples; i++) wide.set(scores.subarray(i * from, (i + 1) * from), i * to);
  return wide;
}

/** Returns the evaluation of each fold: features and model are fitted anew on its training rows. */
export async function crossValidate(
  recipe: Recipe,
  data: LabelledSamples,
  options: {
    readonly folds: readonly Split[];
    /** Told of each fold and what its model says of the rows that it was not fitted on. */
    readonly onScored?: ((fold: Split, scored: Scored) => void) | undefined;
  } & FitWatch,
): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = [];
  for (const fold of options.folds) {
    const detector = await fitDetector(recipe, takeLabelled(data, fold.train), { signal: options.signal });
    const scored = scoreDetector(detector, takeLabelled(data, fold.test), { resamples: 0 });
    evaluations.push(scored.evaluation);
    options.onScored?.(fold, scored);
    options.onProgress?.({ done: evaluations.length, total: options.folds.length });
  }
  return evaluations;
}

/** Returns the samples at `rows` with their labels, in that order. */
export function takeLabelled({ samples, labels }: LabelledSamples, rows: ArrayLike<number>): LabelledSamples {
  return { samples: takeSamples(samples, rows), labels: takeLabels(labels, rows) };
}
