import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import type { EvaluateOptions, EvaluationInput } from './evaluation.js';

/** Rows of scores may miss 1 by this much: what sums of float32 probabilities show. It bounds each score from above too. */
const SUM_TOLERANCE = 1e-5;

/** How sure, from how many resamples, drawn by which seed. */
export type Resampling = Pick<Required<EvaluateOptions>, 'level' | 'resamples' | 'randomState'>;

/** Throws INVALID_PARAMETER or BAD_DATA, naming the array and the sample, for input that has no evaluation. */
export function checkInput(input: EvaluationInput): void {
  const { yTrue, yPred, classes, scores, sampleWeight } = input;
  if (classes.length < 2) invalidParameter('classes', 'a list of two or more labels', classes);
  if (yTrue.length === 0)
    throw new PhantomNetError('BAD_DATA', 'there is no sample to evaluate: yTrue is empty', {
      hint: 'give at least one labelled sample, for instance a larger test size',
    });
  checkLength('yPred', yPred, yTrue.length);
  checkCodes('yTrue', yTrue, classes.length);
  checkCodes('yPred', yPred, classes.length);
  if (scores) checkScores(scores, yTrue.length, classes.length);
  if (sampleWeight) checkWeights(sampleWeight, yTrue.length);
}

/** Throws INVALID_PARAMETER for an option outside its range. */
export function checkOptions(options: Required<EvaluateOptions>): void {
  const { positive, zeroDivision } = options;
  if (positive !== 0 && positive !== 1) invalidParameter('positive', '0 or 1', positive);
  if (!['warn', 0, 1, 'nan'].includes(zeroDivision))
    invalidParameter('zeroDivision', "'warn', 0, 1 or 'nan'", zeroDivision);
  checkResampling(options);
}

/** Throws INVALID_PARAMETER for a level, number of resamples or seed outside its range. */
export function checkResampling({ level, resamples, randomState }: Resampling): void {
  if (!(level > 0 && level < 1)) invalidParameter('level', 'a number above 0 and below 1', level);
  if (!Number.isInteger(resamples) || resamples < 0 || resamples > 1_000_000)
    invalidParameter('resamples', 'a whole number from 0 to 1000000', resamples);
  if (!Number.isInteger(randomState) || randomState < 0 || randomState > 0xffff_ffff)
    invalidParameter('randomState', 'a whole number from 0 to 4294967295', randomState);
}

/** Throws INVALID_PARAMETER, naming the array, for one of another length. */
export function checkLength(name: string, values: ArrayLike<unknown>, length: number): void {
  if (values.length !== length)
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `${name} must have ${length} values, got ${values.length}`,
      {
        hint: 'give the labels, predictions, scores and weights of the same samples',
        details: { parameter: name, expected: length, given: values.length },
      },
    );
}

function badSample(name: string, sample: number, expected: string, given: unknown): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `${name} of sample ${sample} must be ${expected}, got ${show(given)}`,
    {
      hint: `correct ${name}, or leave the sample out`,
      details: { parameter: name, sample, expected, given },
    },
  );
}

function checkCodes(name: string, codes: ArrayLike<number>, nClasses: number): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (!(code >= 0 && code < nClasses && Number.isInteger(code)))
      badSample(name, i, `a class index from 0 to ${nClasses - 1}`, code);
  }
}

function checkScores(scores: ArrayLike<number>, nSamples: number, nClasses: number): void {
  checkLength('scores', scores, nSamples * nClasses);
  for (let i = 0; i < nSamples; i++) {
    let sum = 0;
    for (let c = 0; c < nClasses; c++) {
      const score = scores[i * nClasses + c]!;
      if (!(score >= 0)) badSample('scores', i, 'probabilities from 0 to 1', score);
      sum += score;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) badSample('scores', i, 'probabilities that add up to 1', sum);
  }
}

function checkWeights(weights: ArrayLike<number>, nSamples: number): void {
  checkLength('sampleWeight', weights, nSamples);
  let sum = 0;
  for (let i = 0; i < nSamples; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight < Infinity))
      badSample('sampleWeight', i, 'a finite number of 0 or more', weight);
    sum += weight;
  }
  if (!(sum > 0 && sum < Infinity))
    throw new PhantomNetError('BAD_DATA', `sampleWeight must add up to a finite number above 0, got ${sum}`, {
      hint: 'give at least one sample a weight above 0',
    });
}
