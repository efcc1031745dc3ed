import { invalidParameter } from '../core/index.js';
import { type BinaryScores, checkScores } from './binary.js';

/** One sample that the model has wrong. */
export interface WrongSample {
  /** Its place among the samples, from 0. */
  readonly row: number;
  readonly score: number;
}

/** The samples a model is most surely wrong about. */
export interface WorstErrors {
  readonly threshold: number;
  /** Negatives that alert, the highest score first. */
  readonly falsePositives: readonly WrongSample[];
  /** Positives that do not, the lowest score first. */
  readonly falseNegatives: readonly WrongSample[];
}

/**
 * Returns the errors to look at first: of each kind at most `top` (default 20), the most confident ones. Wrong labels, new
 * attacks and missing features show here. Equal scores stand in order of the samples. Throws BAD_DATA or
 * INVALID_PARAMETER. Cost O(n + errors log errors).
 *
 * @example
 * ```ts
 * const errors = worstErrors({ yTrue: [0, 0, 1, 1], scores: [0.9, 0.6, 0.2, 0.8] }, 0.5);
 * errors.falsePositives; // [{ row: 0, score: 0.9 }, { row: 1, score: 0.6 }]
 * errors.falseNegatives; // [{ row: 2, score: 0.2 }]
 * ```
 */
export function worstErrors(input: BinaryScores, threshold: number, top = 20): WorstErrors {
  if (typeof threshold !== 'number' || Number.isNaN(threshold))
    invalidParameter('threshold', 'a number, or Infinity for no alerts', threshold);
  if (!Number.isInteger(top) || top < 1) invalidParameter('top', 'a whole number of at least 1', top);
  checkScores(input);
  const { yTrue, scores } = input;
  const falsePositives: WrongSample[] = [];
  const falseNegatives: WrongSample[] = [];
  for (let row = 0; row < yTrue.length; row++) {
    const score = scores[row]!;
    if (score > threshold && yTrue[row] === 0) falsePositives.push({ row, score });
    else if (!(score > threshold) && yTrue[row] === 1) falseNegatives.push({ row, score });
  }
  falsePositives.sort((a, b) => b.score - a.score || a.row - b.row);
  falseNegatives.sort((a, b) => a.score - b.score || a.row - b.row);
  return {
    threshold,
    falsePositives: falsePositives.slice(0, top),
    falseNegatives: falseNegatives.slice(0, top),
  };
}
