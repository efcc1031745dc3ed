import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import type { Calibration } from '../model/index.js';
import { fitIsotonic } from './fit-isotonic.js';
import { fitSigmoid } from './fit-sigmoid.js';

/** Truth and score of rows that the model was not fitted on, of two classes. */
export interface CalibrationSamples {
  /** 1 where the sample is positive, 0 where it is not. */
  readonly yTrue: ArrayLike<number>;
  /** The model's score of the positive class: any finite number. */
  readonly scores: ArrayLike<number>;
}

/**
 * Returns the map that turns the scores of a model into probabilities that hold: `applyCalibration` applies it.
 *
 * Fit it on rows that the model has not seen: validation rows, or the out-of-fold scores of all training rows
 * (cross-fitting). Isotonic regression takes any rising shape and wants about a thousand rows; the sigmoid has two numbers
 * and fits few. Agrees with scikit-learn's IsotonicRegression (`out_of_bounds='clip'`) and with the sigmoid of its
 * CalibratedClassifierCV, but never turns the order of scores round. Throws BAD_DATA where a class is missing.
 * Deterministic. Cost O(n log n).
 *
 * @example
 * ```ts
 * fitCalibration({ yTrue: [0, 1, 0, 1], scores: [0.1, 0.2, 0.3, 0.4] }, 'isotonic');
 * // { kind: 'isotonic', x: [0.1, 0.2, 0.3, 0.4], y: [0, 0.5, 0.5, 1] }
 * ```
 */
export function fitCalibration(samples: CalibrationSamples, kind: Calibration['kind']): Calibration {
  if (kind !== 'isotonic' && kind !== 'sigmoid') invalidParameter('kind', "'isotonic' or 'sigmoid'", kind);
  checkSamples(samples);
  const fit = kind === 'isotonic' ? fitIsotonic : fitSigmoid;
  return fit(samples.scores, samples.yTrue);
}

function checkSamples({ yTrue, scores }: CalibrationSamples): void {
  if (scores.length !== yTrue.length)
    throw new PhantomNetError('BAD_DATA', `scores must have ${yTrue.length} values, got ${scores.length}`, {
      hint: 'give yTrue and scores of the same samples, one value a sample',
    });
  const seen = [0, 0];
  for (let i = 0; i < yTrue.length; i++) {
    const truth = yTrue[i]!;
    if (truth !== 0 && truth !== 1) badSample('yTrue', i, '0 or 1', truth);
    if (!Number.isFinite(scores[i])) badSample('scores', i, 'a finite number', scores[i]);
    seen[truth]! += 1;
  }
  if (seen[0] === 0 || seen[1] === 0)
    throw new PhantomNetError(
      'BAD_DATA',
      `there is nothing to calibrate on: ${seen[0]} negatives and ${seen[1]} positives`,
      { hint: 'calibrate on rows of both classes' },
    );
}

function badSample(name: string, sample: number, expected: string, given: unknown): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `${name} of sample ${sample} must be ${expected}, got ${show(given)}`,
    { hint: `correct ${name}, or leave the sample out`, details: { parameter: name, sample, expected } },
  );
}
