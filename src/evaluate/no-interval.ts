import type { EvaluationWarning } from './evaluation.js';

/** Why a metric has none that is undefined in most resamples. */
export const TOO_FEW = 'too few resamples define it';

/** Returns one warning for all metrics that have no interval for one reason, by the first of them; none of none. */
export function noInterval(metrics: readonly string[], reason: string): EvaluationWarning[] {
  const [metric] = metrics;
  if (metric === undefined) return [];
  const have = metrics.length === 1 ? 'has' : 'have';
  return [{ metric, message: `${metrics.join(', ')} ${have} no interval: ${reason}` }];
}
