import { invalidParameter, PhantomNetError, show } from '../core/index.js';

/** Truth and score of the same samples, of two classes. */
export interface BinaryScores {
  /** 1 where the sample is positive (an attack), 0 where it is not. */
  readonly yTrue: ArrayLike<number>;
  /** The score of the positive class, one a sample: any finite number. */
  readonly scores: ArrayLike<number>;
}

/** Truth and alert of the same samples, of two classes. */
export interface BinaryPredictions {
  /** 1 where the sample is positive (an attack), 0 where it is not. */
  readonly yTrue: ArrayLike<number>;
  /** 1 where the model alerts, 0 where it does not. */
  readonly yPred: ArrayLike<number>;
}

/** How the samples fall out: what is so, by what was said. */
export interface BinaryCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/**
 * Returns 1 for each score above `threshold`, 0 for the others: a score equal to it raises no alert. Cost O(n).
 *
 * @example
 * ```ts
 * alertsAbove([0.2, 0.5, 0.9], 0.5); // [0, 0, 1]
 * ```
 */
export function alertsAbove(scores: ArrayLike<number>, threshold: number): Uint8Array {
  const alerts = new Uint8Array(scores.length);
  for (let i = 0; i < scores.length; i++) if (scores[i]! > threshold) alerts[i] = 1;
  return alerts;
}

/** Throws BAD_DATA for samples that are none, of two lengths, with a truth other than 0 and 1 or a score that is not finite. */
export function checkScores({ yTrue, scores }: BinaryScores): void {
  checkPair({ yTrue }, { scores });
  for (let i = 0; i < scores.length; i++)
    if (!Number.isFinite(scores[i])) badSample('scores', i, 'a finite number', scores[i]);
}

/** Throws BAD_DATA for samples that are none, of two lengths, or with a truth or alert other than 0 and 1. */
export function checkPredictions({ yTrue, yPred }: BinaryPredictions): void {
  checkPair({ yTrue }, { yPred });
  checkBinary('yPred', yPred);
}

/** Throws INVALID_PARAMETER where a share is not from 0 to 1; with `ends`, the ends are left out. */
export function checkShare(name: string, share: number, ends: 'with-ends' | 'without-ends'): void {
  if (ends === 'with-ends' ? share >= 0 && share <= 1 : share > 0 && share < 1) return;
  invalidParameter(
    name,
    ends === 'with-ends' ? 'a number from 0 to 1' : 'a number above 0 and below 1',
    share,
  );
}

function checkPair(truth: { yTrue: ArrayLike<number> }, other: Record<string, ArrayLike<number>>): void {
  const { yTrue } = truth;
  const [[name, values]] = Object.entries(other) as [[string, ArrayLike<number>]];
  if (yTrue.length === 0)
    throw new PhantomNetError('BAD_DATA', 'there is no sample to evaluate: yTrue is empty', {
      hint: 'give at least one labelled sample, for instance a larger test size',
    });
  if (values.length !== yTrue.length)
    throw new PhantomNetError('BAD_DATA', `${name} must have ${yTrue.length} values, got ${values.length}`, {
      hint: `give yTrue and ${name} of the same samples, one value a sample`,
      details: { parameter: name, expected: yTrue.length, given: values.length },
    });
  checkBinary('yTrue', yTrue);
}

function checkBinary(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (values[i] !== 0 && values[i] !== 1) badSample(name, i, '0 or 1', values[i]);
}

function badSample(name: string, sample: number, expected: string, given: unknown): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `${name} of sample ${sample} must be ${expected}, got ${show(given)}`,
    { hint: `correct ${name}, or leave the sample out`, details: { parameter: name, sample, expected } },
  );
}
