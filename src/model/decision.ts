import { applyCalibration, type Calibration } from './calibration.js';

/** How a model of two classes comes from its score to its answer. */
export interface Decision {
  /** A score above it names the second class; Infinity: none does, -Infinity: every one. */
  readonly threshold: number;
  /** What the score of the second class goes through first; null: it is taken as it is. */
  readonly calibration: Calibration | null;
}

/** Scores as they are told, and the class each row gets. */
export interface Decided {
  /** nSamples × 2, row-major, each row adding up to 1. */
  readonly scores: Float64Array;
  readonly codes: Uint16Array;
}

/** A threshold as JSON holds it, which has no word for infinity. */
export type ThresholdText = number | 'Infinity' | '-Infinity';

/**
 * Returns the calibrated scores of a model of two classes and the classes that its threshold names. `scores`: nSamples × 2,
 * row-major, as `predictScoresBatch` gives them. Cost O(n log points of the calibration).
 *
 * @example
 * ```ts
 * decide(Float64Array.of(0.6, 0.4, 0.8, 0.2), { threshold: 0.3, calibration: null }).codes; // [1, 0]
 * ```
 */
export function decide(scores: Float64Array, { threshold, calibration }: Decision): Decided {
  const second = Float64Array.from({ length: scores.length / 2 }, (_, i) => scores[i * 2 + 1]!);
  const told = calibration === null ? second : applyCalibration(calibration, second);
  return {
    scores: calibration === null ? scores : pairs(told),
    codes: Uint16Array.from(told, (score) => (score > threshold ? 1 : 0)),
  };
}

function pairs(second: Float64Array): Float64Array {
  const both = new Float64Array(second.length * 2);
  for (let i = 0; i < second.length; i++) {
    both[i * 2] = 1 - second[i]!;
    both[i * 2 + 1] = second[i]!;
  }
  return both;
}

/**
 * Returns a threshold as JSON can hold it: infinities as text.
 *
 * @example
 * ```ts
 * thresholdText(0.25); // 0.25
 * thresholdText(Infinity); // 'Infinity'
 * ```
 */
export function thresholdText(threshold: number): ThresholdText {
  if (threshold === Infinity) return 'Infinity';
  return threshold === -Infinity ? '-Infinity' : threshold;
}
