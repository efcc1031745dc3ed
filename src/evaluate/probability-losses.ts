/** The two losses of every sample. */
interface SampleLosses {
  readonly logLoss: Float64Array;
  readonly brier: Float64Array;
}

/** No probability counts as nearer to 0 or 1 than this: float64's epsilon, as in scikit-learn. */
const EPSILON = Number.EPSILON;

/**
 * Returns the log loss and the Brier loss of each sample; their means are scikit-learn's log_loss and brier_score_loss.
 * `scores`: nSamples × nClasses probabilities, row-major. The Brier loss is the sum of squared errors over the classes,
 * halved for two classes (so that it runs from 0 to 1), whole for more (0 to 2).
 */
export function sampleLosses(
  scores: ArrayLike<number>,
  yTrue: ArrayLike<number>,
  nClasses: number,
): SampleLosses {
  const n = yTrue.length;
  const logLoss = new Float64Array(n);
  const brier = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const truth = yTrue[i]!;
    logLoss[i] = -Math.log(Math.min(Math.max(scores[i * nClasses + truth]!, EPSILON), 1 - EPSILON));
    let squares = 0;
    for (let c = 0; c < nClasses; c++) squares += ((c === truth ? 1 : 0) - scores[i * nClasses + c]!) ** 2;
    brier[i] = nClasses === 2 ? squares / 2 : squares;
  }
  return { logLoss, brier };
}

/** Returns the mean of `values`, each weighing 1 or its weight. */
export function weightedMean(values: Float64Array, weights: ArrayLike<number> | undefined): number {
  let sum = 0;
  let scale = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += weight * values[i]!;
    scale += weight;
  }
  return sum / scale;
}
