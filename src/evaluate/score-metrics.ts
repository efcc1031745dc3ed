import type { EvaluationInput } from './evaluation.js';
import { sampleLosses, weightedMean } from './probability-losses.js';
import { type Areas, areasUnderCurves, type Ranking, rankSamples } from './ranking.js';

/** What of the scores does not change between resamples: made once, measured often. */
export interface PreparedScores {
  /** Binary: of the positive class alone. Multiclass: of each class. */
  readonly rankings: readonly Ranking[];
  readonly losses: ReturnType<typeof sampleLosses>;
}

/** Returns the rankings and losses of `scores`. Cost O(rankings × n log n). */
export function prepareScores(
  { scores, yTrue, classes }: EvaluationInput & { readonly scores: ArrayLike<number> },
  positive: number | undefined,
): PreparedScores {
  const columns = positive === undefined ? classes.map((_, c) => c) : [positive];
  return {
    rankings: columns.map((c) => rankSamples(scores, yTrue, classes.length, c)),
    losses: sampleLosses(scores, yTrue, classes.length),
  };
}

/**
 * Returns rocAuc, prAuc, logLoss and brier, without those undefined under these weights. Multiclass: each class against
 * the rest; rocAuc and prAuc are the means over classes (scikit-learn's default, `macro`), rocAucWeighted and
 * prAucWeighted weigh each class by its samples.
 */
export function scoreMetrics(
  { rankings, losses }: PreparedScores,
  weights: ArrayLike<number> | undefined,
  support: readonly number[],
): Record<string, number> {
  const areas = rankings.map((ranking) => areasUnderCurves(ranking, weights));
  const metrics: Record<string, number> = {};
  for (const area of ['rocAuc', 'prAuc'] as const) {
    const mean = averageAreas(areas, area, undefined);
    if (mean !== undefined) metrics[area] = mean;
    if (areas.length === 1) continue;
    const weighted = averageAreas(areas, area, support);
    if (weighted !== undefined) metrics[`${area}Weighted`] = weighted;
  }
  metrics['logLoss'] = weightedMean(losses.logLoss, weights);
  metrics['brier'] = weightedMean(losses.brier, weights);
  return metrics;
}

/** The mean; undefined where a class that counts has no area. */
function averageAreas(
  areas: readonly Areas[],
  area: keyof Areas,
  support: readonly number[] | undefined,
): number | undefined {
  let sum = 0;
  let scale = 0;
  for (let c = 0; c < areas.length; c++) {
    const weight = support ? support[c]! : 1;
    if (weight === 0) continue;
    const value = areas[c]![area];
    if (value === undefined) return undefined;
    sum += weight * value;
    scale += weight;
  }
  return sum / scale;
}
