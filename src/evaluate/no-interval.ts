import type { EvaluationWarning } from './evaluation.js';

/** Returns one warning for all metrics that have no interval for one reason, by the first of them; none of none. */
export function noInterval(metrics: readonly string[], reason: string): EvaluationWarning[] {
  const [metric] = metrics;
  if (metric === undefined) return [];
  const have = metrics.length === 1 ? 'has' : 'have';
  return [{ metric, message: `${metrics.join(', ')} ${have} no interval: ${reason}` }];
}

/** Returns that warning for metrics that are undefined in most resamples. */
export function rarelyDefined(metrics: readonly string[]): EvaluationWarning[] {
  return noInterval(metrics, `too few resamples define ${metrics.length === 1 ? 'it' : 'them'}`);
}
