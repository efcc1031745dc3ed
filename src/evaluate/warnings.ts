import { show } from '../core/index.js';
import type { ClassMetrics, EvaluateOptions, EvaluationWarning } from './evaluation.js';

/** What the warnings are told from. */
interface WarnedOf {
  readonly metrics: Readonly<Record<string, number>>;
  readonly perClass: readonly ClassMetrics[];
  readonly present: readonly number[];
  readonly hasScores: boolean;
}

/** Returns a reason for every metric that is absent, and (under `zeroDivision: 'warn'`) for every value given by convention. */
export function evaluationWarnings(
  { metrics, perClass, present, hasScores }: WarnedOf,
  options: Required<EvaluateOptions>,
): EvaluationWarning[] {
  const warnings = options.zeroDivision === 'warn' ? zeroDivisions(perClass, present, metrics) : [];
  if (metrics['cohenKappa'] === undefined)
    warnings.push(absent('cohenKappa', 'all samples have one class, true and predicted alike'));
  if (!hasScores) return warnings;
  const without = perClass.filter((c) => c.support === 0).map((c) => show(c.label));
  const reason = `no sample has the true class ${without.join(', ')}`;
  for (const metric of perClass.length === 2 ? BINARY_AREAS : MULTICLASS_AREAS)
    if (metrics[metric] === undefined) warnings.push(absent(metric, reason));
  return warnings;
}

const BINARY_AREAS = ['rocAuc', 'prAuc'];
const MULTICLASS_AREAS = ['rocAuc', 'rocAucWeighted', 'prAuc', 'prAucWeighted'];

function absent(metric: string, reason: string): EvaluationWarning {
  return { metric, message: `${metric} is undefined: ${reason}` };
}

function zeroDivisions(
  perClass: readonly ClassMetrics[],
  present: readonly number[],
  metrics: Readonly<Record<string, number>>,
): EvaluationWarning[] {
  const warnings: EvaluationWarning[] = [];
  perClass.forEach(({ label, support, predicted }, c) => {
    const say = (metric: string, reason: string) =>
      warnings.push({ metric, message: `${metric} of class ${show(label)} is 0 by convention: ${reason}` });
    if (predicted === 0) say('precision', 'no sample was predicted as it');
    if (support === 0) say('recall', 'no sample has it as true class');
    if (predicted === 0 && support === 0) say('f1', 'no sample has it as true or predicted class');
    if (!present.includes(c))
      warnings.push({
        metric: 'f1Macro',
        message: `averages leave out class ${show(label)}: it occurs nowhere`,
      });
  });
  const trueClasses = perClass.filter((c) => c.support > 0).length;
  const predictedClasses = perClass.filter((c) => c.predicted > 0).length;
  if (metrics['mcc'] === 0 && (trueClasses < 2 || predictedClasses < 2)) {
    const side = trueClasses < 2 ? 'true' : 'predicted';
    warnings.push({ metric: 'mcc', message: `mcc is 0 by convention: all samples have one ${side} class` });
  }
  return warnings;
}
