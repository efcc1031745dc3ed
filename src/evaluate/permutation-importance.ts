import { invalidParameter, PhantomNetError, Xoshiro128 } from '../core/index.js';
import type { FeatureMatrix, Labels } from '../data/index.js';
import { type Decided, predict } from '../model/index.js';
import { evaluate } from './evaluate.js';

/** A matrix, its true classes, and what scores it. */
export interface PermutationImportanceInput {
  readonly matrix: FeatureMatrix;
  readonly labels: Labels;
  /** Returns nSamples × nClasses probabilities, row-major, as a model's `predictScoresBatch`. */
  readonly score: (matrix: FeatureMatrix) => Float64Array;
  /** Returns scores as they are told and the class of each sample. Default: as they are, and that of the highest. */
  readonly decide?: ((scores: Float64Array) => Decided) | undefined;
}

/** What to measure, and how often. */
export interface PermutationImportanceOptions {
  /** A metric of `evaluate`; default `'f1Macro'`. */
  readonly metric?: string | undefined;
  /** Shuffles of each feature; default 5. */
  readonly repeats?: number | undefined;
  /** Seed of the shuffles; default 0. */
  readonly randomState?: number | undefined;
}

/** How much worse a model does without what one feature says. */
export interface FeatureImportance {
  readonly feature: string;
  /** Mean drop of the metric (rise, of a loss): 0 for a feature that does not matter, below 0 for one that hurts. */
  readonly mean: number;
  /** Standard deviation over the repeats, dividing by their number. */
  readonly std: number;
  readonly drops: readonly number[];
}

/** The features of a model by what they are worth to it. */
export interface PermutationImportance {
  readonly metric: string;
  /** The metric with all features as they are. */
  readonly baseline: number;
  /** The most important first; of equals in order of the matrix. */
  readonly features: readonly FeatureImportance[];
}

const LOSSES = ['logLoss', 'brier'];

/**
 * Returns how much a metric drops when one feature's values are shuffled among the rows, for each feature.
 *
 * Best on test rows. Features that say the same cover for each other, and then all look unimportant. Trees also have
 * `importances` (impurity), which cost nothing but favour features of many values. Source: Breiman 2001, section 10;
 * as scikit-learn's permutation_importance. The matrix given to `score` is one copy, changed between calls.
 * Throws BAD_DATA or INVALID_PARAMETER. Deterministic given `randomState`. Cost: features × repeats scorings and evaluations.
 *
 * @example
 * ```ts
 * const features = [{ name: 'port', type: 'numeric' }, { name: 'noise', type: 'numeric' }];
 * const matrix = { nSamples: 4, features, values: Float32Array.of(0, 5, 0, 7, 1, 5, 1, 6) };
 * const labels = { classes: [0, 1], codes: Uint16Array.of(0, 0, 1, 1) };
 * const score = ({ values }) => Float64Array.from([0, 2, 4, 6].flatMap((i) => [1 - values[i], values[i]]));
 * const report = permutationImportance({ matrix, labels, score }, { metric: 'accuracy' });
 * report.features.map((f) => f.feature); // ['port', 'noise']
 * report.features[1].mean; // 0
 * ```
 */
export function permutationImportance(
  {
    matrix,
    labels,
    score,
    decide = (scores) => ({ scores, codes: predict(labels, scores) }),
  }: PermutationImportanceInput,
  options: PermutationImportanceOptions = {},
): PermutationImportance {
  const { metric = 'f1Macro', repeats = 5, randomState = 0 } = options;
  checkOptions(repeats, randomState);
  const shuffled = { ...matrix, values: matrix.values.slice() };
  const measure = () => measureOf(labels, decide(score(shuffled)), metric);
  const baseline = measure();
  const sign = LOSSES.includes(metric) ? -1 : 1;
  const features = matrix.features.map(({ name }, f) => {
    const random = new Xoshiro128(randomState, f);
    const drops = Array.from({ length: repeats }, () => {
      shuffleColumn(shuffled, f, random);
      return sign * (baseline - measure());
    });
    restoreColumn(shuffled, matrix, f);
    return { feature: name, ...spread(drops), drops };
  });
  return { metric, baseline, features: features.sort((a, b) => b.mean - a.mean) };
}

function checkOptions(repeats: number, randomState: number): void {
  if (!Number.isInteger(repeats) || repeats < 1 || repeats > 1000)
    invalidParameter('repeats', 'a whole number from 1 to 1000', repeats);
  if (!Number.isInteger(randomState) || randomState < 0 || randomState > 0xffff_ffff)
    invalidParameter('randomState', 'a whole number from 0 to 4294967295', randomState);
}

function measureOf({ codes, classes }: Labels, { scores, codes: yPred }: Decided, metric: string): number {
  const { metrics } = evaluate({ yTrue: codes, yPred, classes, scores }, { resamples: 0 });
  const value = metrics[metric];
  if (value !== undefined) return value;
  throw new PhantomNetError('BAD_DATA', `the rows have no metric '${metric}'`, {
    hint: `choose one of ${Object.keys(metrics).join(', ')}`,
    details: { metric },
  });
}

/** Fisher and Yates, within one column. */
function shuffleColumn({ values, nSamples, features }: FeatureMatrix, f: number, random: Xoshiro128): void {
  const width = features.length;
  for (let i = nSamples - 1; i > 0; i--) {
    const j = random.nextBelow(i + 1);
    const value = values[i * width + f]!;
    values[i * width + f] = values[j * width + f]!;
    values[j * width + f] = value;
  }
}

function restoreColumn(target: FeatureMatrix, from: FeatureMatrix, f: number): void {
  const width = from.features.length;
  for (let i = 0; i < from.nSamples; i++) target.values[i * width + f] = from.values[i * width + f]!;
}

function spread(drops: readonly number[]): { mean: number; std: number } {
  const mean = drops.reduce((a, b) => a + b, 0) / drops.length;
  const variance = drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / drops.length;
  return { mean, std: Math.sqrt(variance) };
}
