import { PhantomNetError, show } from '../core/index.js';

/** A fitted map from the score of the positive class to its probability: plain, never falling, as JSON stores it. */
export type Calibration = IsotonicCalibration | SigmoidCalibration;

/** Straight lines between points; below the first and above the last point the map is level. */
export interface IsotonicCalibration {
  readonly kind: 'isotonic';
  /** Scores, strictly ascending. */
  readonly x: readonly number[];
  /** The probability at each score, never falling. */
  readonly y: readonly number[];
}

/** Platt's sigmoid: 1 / (1 + exp(a × score + b)); `a` is 0 or less. */
export interface SigmoidCalibration {
  readonly kind: 'sigmoid';
  readonly a: number;
  readonly b: number;
}

/** Fitting on ten million rows gives at most about 80,000 points. */
const MAX_POINTS = 200_000;

/**
 * Returns the probability of each score, 0 to 1; NaN for NaN. Never changes the order of two scores, but isotonic
 * calibration makes many equal. Cost O(n log points).
 *
 * @example
 * ```ts
 * applyCalibration({ kind: 'isotonic', x: [0.25, 0.75], y: [0, 0.5] }, [0.1, 0.5, 0.9]); // [0, 0.25, 0.5]
 * applyCalibration({ kind: 'sigmoid', a: -4, b: 2 }, [0.5]); // [0.5]
 * ```
 */
export function applyCalibration(calibration: Calibration, scores: ArrayLike<number>): Float64Array {
  const probabilities = new Float64Array(scores.length);
  if (calibration.kind === 'sigmoid') {
    const { a, b } = calibration;
    for (let i = 0; i < scores.length; i++) probabilities[i] = 1 / (1 + Math.exp(a * scores[i]! + b));
    return probabilities;
  }
  const { x, y } = calibration;
  for (let i = 0; i < scores.length; i++) probabilities[i] = interpolate(x, y, scores[i]!);
  return probabilities;
}

function interpolate(x: readonly number[], y: readonly number[], score: number): number {
  if (Number.isNaN(score)) return Number.NaN;
  const last = x.length - 1;
  if (score <= x[0]!) return y[0]!;
  if (score >= x[last]!) return y[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (x[middle]! <= score) low = middle;
    else high = middle;
  }
  const width = x[high]! - x[low]!;
  if (width === Infinity) return y[low]!;
  const share = (score - x[low]!) / width;
  // Rounding must not carry it over the next point's value, or the map would fall there.
  return Math.min(y[high]!, y[low]! + (y[high]! - y[low]!) * share);
}

/**
 * Returns the calibration that a stored value holds, with nothing of it but what belongs to one. Throws INTEGRITY for
 * anything that `fitCalibration` cannot have made: another kind, a number that is not finite, points that fall or are
 * too many.
 *
 * @example
 * ```ts
 * parseCalibration(JSON.parse('{"kind":"sigmoid","a":-4,"b":2}')); // { kind: 'sigmoid', a: -4, b: 2 }
 * parseCalibration({ kind: 'isotonic', x: [0, 1], y: [1, 0] }); // throws INTEGRITY
 * ```
 */
export function parseCalibration(value: unknown): Calibration {
  if (typeof value !== 'object' || value === null) damaged('value', 'an object', value);
  const { kind, a, b, x, y } = value as Record<string, unknown>;
  if (kind === 'sigmoid') {
    if (!(isFiniteNumber(a) && a <= 0)) damaged('a', 'a finite number of 0 or less', a);
    if (!isFiniteNumber(b)) damaged('b', 'a finite number', b);
    return { kind, a, b };
  }
  if (kind !== 'isotonic') damaged('kind', "'isotonic' or 'sigmoid'", kind);
  checkList('x', x);
  checkList('y', y);
  if (x.length !== y.length) damaged('y', `a list of ${x.length} numbers`, y);
  for (let i = 0; i < x.length; i++) {
    if (i > 0 && !(x[i]! > x[i - 1]!)) damaged(`x[${i}]`, 'above the one before it', x[i]);
    if (!(y[i]! >= (i > 0 ? y[i - 1]! : 0)))
      damaged(`y[${i}]`, 'no lower than 0 and the one before it', y[i]);
    if (!(y[i]! <= 1)) damaged(`y[${i}]`, 'at most 1', y[i]);
  }
  return { kind, x: [...x], y: [...y] };
}

function checkList(field: string, list: unknown): asserts list is number[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_POINTS)
    damaged(field, `a list of 1 to ${MAX_POINTS} numbers`, Array.isArray(list) ? list.length : list);
  for (let i = 0; i < list.length; i++)
    if (!isFiniteNumber(list[i])) damaged(`${field}[${i}]`, 'a finite number', list[i]);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function damaged(field: string, expected: string, given: unknown): never {
  throw new PhantomNetError('INTEGRITY', `calibration: ${field} must be ${expected}, got ${show(given)}`, {
    hint: 'fetch the model again from where it was registered, or fit the calibration again',
    details: { field, expected },
  });
}
