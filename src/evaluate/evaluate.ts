import { checkInput, checkOptions } from './check-input.js';
import { classMetrics } from './class-metrics.js';
import type { EvaluateOptions, Evaluation, EvaluationInput } from './evaluation.js';
import { evaluationIntervals } from './intervals.js';
import { countConfusion, labelMetrics } from './label-metrics.js';
import { prepareScores, scoreMetrics } from './score-metrics.js';
import { evaluationWarnings } from './warnings.js';

/**
 * Returns every metric of these predictions, with intervals, per class and as a confusion matrix.
 *
 * `precision`, `recall` and `f1` are weighted by the classes' samples; `precisionBinary` … (two classes), `precisionMicro` …
 * and `precisionMacro` … stand beside them. Averages run over the classes that occur among the true or predicted labels.
 * Agrees with scikit-learn 1.9 called without `labels`, to 1e-12; what scikit-learn answers with NaN is absent here and
 * has a reason in `warnings`. With sample weights all intervals are bootstrapped; with `groups` they come from resampling
 * whole groups (Field and Welsh 2007), and of a single group there is none. A resample that leaves a `…Binary` metric or one
 * of a class undefined is left out of its interval; averages over classes keep to `zeroDivision`.
 * Throws INVALID_PARAMETER or BAD_DATA for input that has no evaluation. Pure; deterministic given `randomState`.
 * Cost O(n log n + resamples × n × (classes ranked)).
 *
 * @example
 * ```ts
 * const { metrics } = evaluate({ yTrue: [0, 0, 1, 1], yPred: [0, 1, 1, 1], classes: [0, 1] });
 * metrics.accuracy; // 0.75
 * metrics.recallBinary; // 1
 * ```
 */
export function evaluate(input: EvaluationInput, options: EvaluateOptions = {}): Evaluation {
  const chosen: Required<EvaluateOptions> = {
    positive: options.positive ?? 1,
    zeroDivision: options.zeroDivision ?? 'warn',
    level: options.level ?? 0.95,
    resamples: options.resamples ?? 1000,
    randomState: options.randomState ?? 0,
  };
  checkOptions(chosen);
  checkInput(input);
  const { yTrue, yPred, classes, scores, sampleWeight, groups } = input;
  const positive = classes.length === 2 ? chosen.positive : undefined;
  const confusion = countConfusion(yTrue, yPred, classes.length, sampleWeight);
  const present = presentClasses(input);
  const counted = sampleWeight === undefined && groups === undefined;
  const perClass = classMetrics(confusion, classes, chosen, counted);
  const support = perClass.map((c) => c.support);
  const prepared = scores && prepareScores({ ...input, scores }, positive);
  const metrics = {
    ...labelMetrics(confusion, present, chosen.zeroDivision, positive),
    ...(prepared && scoreMetrics(prepared, sampleWeight, support)),
  };
  const { intervals, ofClasses, warnings } = evaluationIntervals(input, chosen, {
    metrics,
    perClass,
    positive,
    prepared,
  });
  return {
    metrics,
    perClass: ofClasses ? perClass.map((c, i) => ({ ...c, intervals: ofClasses[i]! })) : perClass,
    confusionMatrix: classes.map((_, c) =>
      Array.from(confusion.subarray(c * classes.length, (c + 1) * classes.length)),
    ),
    intervals,
    nSamples: yTrue.length,
    warnings: [
      ...evaluationWarnings({ metrics, perClass, present, hasScores: scores !== undefined }, chosen),
      ...warnings,
    ],
  };
}

/** The indices of the classes that occur among the true or predicted labels, whatever their weight. */
function presentClasses({ yTrue, yPred, classes }: EvaluationInput): number[] {
  const seen = new Uint8Array(classes.length);
  for (let i = 0; i < yTrue.length; i++) {
    seen[yTrue[i]!] = 1;
    seen[yPred[i]!] = 1;
  }
  return classes.map((_, c) => c).filter((c) => seen[c] === 1);
}
