import type { ZeroDivision } from './evaluation.js';

/** Precision, recall and F1, each alone or averaged. */
interface PrecisionRecallF1 {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** What the counts of one class, or of all together, add up to. */
export interface Sums {
  readonly correct: number;
  readonly predicted: number;
  readonly actual: number;
}

/**
 * Returns the counts of true class i predicted as class j at `i * nClasses + j`: nClasses × nClasses, row-major.
 * Each sample counts 1, or its weight. Cost O(nSamples).
 */
export function countConfusion(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  nClasses: number,
  weights?: ArrayLike<number>,
): Float64Array {
  const counts = new Float64Array(nClasses * nClasses);
  for (let i = 0; i < yTrue.length; i++)
    counts[yTrue[i]! * nClasses + yPred[i]!]! += weights ? weights[i]! : 1;
  return counts;
}

/** Returns the metrics that need class labels only, by name; agrees with scikit-learn 1.9 when called without `labels`. */
export function labelMetrics(
  confusion: Float64Array,
  present: readonly number[],
  zeroDivision: ZeroDivision,
  positive: number | undefined,
): Record<string, number> {
  const sums = classSums(confusion);
  const each = present.map((c) => precisionRecallF1(sums[c]!, zeroDivision));
  const total = sums.reduce((t, s) => t + s.actual, 0);
  const correct = sums.reduce((t, s) => t + s.correct, 0);
  const metrics: Record<string, number> = { accuracy: correct / total };
  metrics['balancedAccuracy'] = balancedAccuracy(sums);
  const support = present.map((c) => sums[c]!.actual);
  addTriple(metrics, '', averageTriple(each, support));
  if (positive !== undefined) addTriple(metrics, 'Binary', precisionRecallF1(sums[positive]!, zeroDivision));
  addTriple(metrics, 'Micro', precisionRecallF1({ correct, predicted: total, actual: total }, zeroDivision));
  addTriple(metrics, 'Macro', averageTriple(each, undefined));
  metrics['mcc'] = matthews(sums, correct, total);
  const kappa = cohenKappa(sums, correct, total);
  if (kappa !== undefined) metrics['cohenKappa'] = kappa;
  return metrics;
}

/** Returns, for each class, its correct, predicted and actual counts. */
export function classSums(confusion: Float64Array): Sums[] {
  const n = Math.sqrt(confusion.length);
  return Array.from({ length: n }, (_, c) => {
    let predicted = 0;
    let actual = 0;
    for (let other = 0; other < n; other++) {
      predicted += confusion[other * n + c]!;
      actual += confusion[c * n + other]!;
    }
    return { correct: confusion[c * n + c]!, predicted, actual };
  });
}

/** Returns precision, recall and F1 of one class from its counts. */
export function precisionRecallF1(sums: Sums, zeroDivision: ZeroDivision): PrecisionRecallF1 {
  const instead = zeroDivision === 'warn' ? 0 : zeroDivision === 'nan' ? Number.NaN : zeroDivision;
  const divide = (numerator: number, denominator: number) =>
    denominator === 0 ? instead : numerator / denominator;
  return {
    precision: divide(sums.correct, sums.predicted),
    recall: divide(sums.correct, sums.actual),
    f1: divide(2 * sums.correct, sums.actual + sums.predicted),
  };
}

/** Adds precision, recall and F1 under their names with a suffix. */
export function addTriple(metrics: Record<string, number>, suffix: string, triple: PrecisionRecallF1): void {
  metrics[`precision${suffix}`] = triple.precision;
  metrics[`recall${suffix}`] = triple.recall;
  metrics[`f1${suffix}`] = triple.f1;
}

function averageTriple(each: readonly PrecisionRecallF1[], weights: readonly number[] | undefined) {
  const average = (measure: keyof PrecisionRecallF1) =>
    averageDefined(
      each.map((t) => t[measure]),
      weights,
    );
  return { precision: average('precision'), recall: average('recall'), f1: average('f1') };
}

/** The mean of what is not NaN; weights that add up to 0 count as equal, as in scikit-learn. */
function averageDefined(values: readonly number[], weights: readonly number[] | undefined): number {
  let sum = 0;
  let scale = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    const weight = weights ? weights[i]! : 1;
    sum += weight * values[i]!;
    scale += weight;
  }
  return scale === 0 && weights ? averageDefined(values, undefined) : sum / scale;
}

/** Mean recall of the classes that have samples. */
function balancedAccuracy(sums: readonly Sums[]): number {
  const recalls = sums.filter((s) => s.actual !== 0).map((s) => s.correct / s.actual);
  return recalls.reduce((a, b) => a + b, 0) / recalls.length;
}

/** Gorodkin 2004; 0 where truth or prediction is constant, as in scikit-learn. */
function matthews(sums: readonly Sums[], correct: number, total: number): number {
  if (isConstant(sums)) return 0;
  const dot = (f: (s: Sums) => number) => sums.reduce((t, s) => t + f(s), 0);
  const covariance = correct * total - dot((s) => s.actual * s.predicted);
  const spread = (total ** 2 - dot((s) => s.predicted ** 2)) * (total ** 2 - dot((s) => s.actual ** 2));
  return covariance / Math.sqrt(spread);
}

/** Whether all samples have one true class, or one predicted class: counted, so that rounding cannot hide it. */
function isConstant(sums: readonly Sums[]): boolean {
  return sums.filter((s) => s.actual > 0).length < 2 || sums.filter((s) => s.predicted > 0).length < 2;
}

/** Cohen 1960; undefined where chance alone always agrees. */
function cohenKappa(sums: readonly Sums[], correct: number, total: number): number | undefined {
  if (sums.filter((s) => s.actual > 0 || s.predicted > 0).length < 2) return undefined;
  const expected = sums.reduce((t, s) => t + s.actual * s.predicted, 0) / total;
  return 1 - (total - correct) / (total - expected);
}
