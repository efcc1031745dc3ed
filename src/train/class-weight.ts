import { didYouMean, invalidParameter, PhantomNetError, show } from '../core/index.js';
import type { Labels } from '../data/index.js';
import type { ParamRule } from './check-params.js';

/** Weights by class label (written as text); a class that is not named has weight 1. */
export type WeightByClass = Readonly<Record<string, number>>;

/** Allows null, the given words, or finite weights of at least 0 by class. */
export function classWeightRule(words: readonly string[]): ParamRule {
  const isWeights = (v: unknown) =>
    typeof v === 'object' &&
    v !== null &&
    !Array.isArray(v) &&
    Object.values(v).every((w) => typeof w === 'number' && Number.isFinite(w) && w >= 0);
  return {
    allowed: `null, ${words.map((w) => `'${w}'`).join(', ')}, or an object of weights of at least 0 by class`,
    default: null,
    test: (v) => v === null || words.includes(v as string) || isWeights(v),
  };
}

/** Returns n / (classes present × samples of the class) by class, scikit-learn's 'balanced'; 0 for a class without samples. */
export function balancedWeights(countByClass: ArrayLike<number>): Float64Array {
  const counts = Array.from(countByClass);
  const present = counts.filter((n) => n > 0).length;
  const total = counts.reduce((a, b) => a + b, 0);
  return Float64Array.from(counts, (n) => (n > 0 ? total / (present * n) : 0));
}

/** Returns the weight of each class: all 1, by name, or balanced over the (weighted) samples. Throws INVALID_PARAMETER for an unknown class. */
export function classWeights(
  given: string | WeightByClass | null,
  y: Labels,
  sampleWeight?: Float64Array,
): Float64Array {
  const weights = new Float64Array(y.classes.length).fill(1);
  if (given === null) return weights;
  if (typeof given === 'string') {
    const totals = new Float64Array(y.classes.length);
    y.codes.forEach((code, i) => {
      totals[code]! += sampleWeight ? sampleWeight[i]! : 1;
    });
    return balancedWeights(totals);
  }
  const names = y.classes.map(String);
  for (const [name, weight] of Object.entries(given)) {
    const index = names.indexOf(name);
    if (index < 0) {
      throw new PhantomNetError('INVALID_PARAMETER', `classWeight names the unknown class ${show(name)}`, {
        hint: didYouMean(name, names) ?? `the classes are ${names.slice(0, 10).map(show).join(', ')}`,
        details: { parameter: 'classWeight', given: name },
      });
    }
    weights[index] = weight;
  }
  return weights;
}

/** Returns sample weight × class weight of every sample, or undefined where all are 1. */
export function effectiveWeights(
  given: string | WeightByClass | null,
  y: Labels,
  sampleWeight?: Float64Array,
): Float64Array | undefined {
  if (given === null) return sampleWeight;
  const byClass = classWeights(given, y, sampleWeight);
  const weights = Float64Array.from(
    y.codes,
    (code, i) => byClass[code]! * (sampleWeight ? sampleWeight[i]! : 1),
  );
  if (!weights.some((weight) => weight > 0))
    invalidParameter('classWeight', 'above 0 for some class that has samples', given);
  return weights;
}
