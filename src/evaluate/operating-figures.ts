import type { BinaryCounts } from './binary.js';
import { bootstrapIntervals } from './bootstrap.js';
import type { Resampling } from './check-input.js';
import { wilsonInterval } from './closed-intervals.js';
import type { Interval } from './evaluation.js';

/** What an operating point measures, by name; one whose denominator is 0 is absent. */
export type Figures = Partial<Record<FigureName, number>>;
export type FigureName =
  | 'recall'
  | 'falsePositiveRate'
  | 'precision'
  | 'precisionAtBaseRate'
  | 'alertsADay'
  | 'falseAlertsADay';

/** What the operator says of the traffic, where anything is said. */
export interface Stated {
  readonly baseRate: number | null;
  readonly eventsADay: number | null;
}

/** Returns the figures of these counts. */
export function figuresOf(counts: BinaryCounts, stated: Stated): Figures {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const positives = truePositives + falseNegatives;
  const negatives = falsePositives + trueNegatives;
  const alerts = truePositives + falsePositives;
  const figures: Figures = {};
  if (positives > 0) figures.recall = truePositives / positives;
  if (negatives > 0) figures.falsePositiveRate = falsePositives / negatives;
  if (alerts > 0) figures.precision = truePositives / alerts;
  if (positives > 0 && negatives > 0)
    Object.assign(figures, inTraffic(truePositives / positives, falsePositives / negatives, stated));
  return figures;
}

/** What a recall and a false-positive rate come to in traffic of a stated base rate and volume: Bayes' rule. */
function inTraffic(recall: number, falsePositiveRate: number, { baseRate, eventsADay }: Stated): Figures {
  if (baseRate === null) return {};
  const trueShare = baseRate * recall;
  const falseShare = (1 - baseRate) * falsePositiveRate;
  const figures: Figures = {};
  if (trueShare + falseShare > 0) figures.precisionAtBaseRate = trueShare / (trueShare + falseShare);
  if (eventsADay === null) return figures;
  figures.alertsADay = eventsADay * (trueShare + falseShare);
  figures.falseAlertsADay = eventsADay * falseShare;
  return figures;
}

/**
 * Returns Wilson's interval of the three measured rates, and carries those of recall and false-positive rate into the
 * traffic: each at the level (1 + level) / 2, so that both hold at once with at least `level` (Bonferroni), and then the
 * worst and the best that they allow together.
 */
export function wilsonFigures(counts: BinaryCounts, stated: Stated, level: number): Record<string, Interval> {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const positives = truePositives + falseNegatives;
  const negatives = falsePositives + trueNegatives;
  const intervals: Record<string, Interval> = {};
  const add = (name: FigureName, successes: number, trials: number) => {
    const interval = wilsonInterval(successes, trials, level);
    if (interval) intervals[name] = interval;
  };
  add('recall', truePositives, positives);
  add('falsePositiveRate', falsePositives, negatives);
  add('precision', truePositives, truePositives + falsePositives);
  const recall = wilsonInterval(truePositives, positives, (1 + level) / 2);
  const rate = wilsonInterval(falsePositives, negatives, (1 + level) / 2);
  if (!recall || !rate || stated.baseRate === null) return intervals;
  const corner = (name: FigureName, low: Figures, high: Figures) => {
    if (low[name] !== undefined && high[name] !== undefined)
      intervals[name] = { low: low[name], high: high[name], level, method: 'wilsonCorners' };
  };
  corner(
    'precisionAtBaseRate',
    inTraffic(recall.low, rate.high, stated),
    inTraffic(recall.high, rate.low, stated),
  );
  const least = inTraffic(recall.low, rate.low, stated);
  const most = inTraffic(recall.high, rate.high, stated);
  corner('alertsADay', least, most);
  corner('falseAlertsADay', least, most);
  return intervals;
}

/** Returns the intervals of all figures from resampling whole groups. Cost O(resamples × groups). */
export function groupFigures(
  counts: readonly BinaryCounts[],
  stated: Stated,
  options: Resampling,
): Record<string, Interval> {
  const measure = (drawn: Uint32Array) => ({ ...figuresOf(addCounts(counts, drawn), stated) });
  const all = bootstrapIntervals(measure, {
    ...options,
    nSamples: counts.length,
    method: 'clusterBootstrap',
  }).intervals;
  return Object.fromEntries(Object.entries(all).filter(([, { low, high }]) => high - low > 1e-12));
}

function addCounts(counts: readonly BinaryCounts[], times: Uint32Array): BinaryCounts {
  const sum = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  for (let g = 0; g < counts.length; g++) {
    const drawn = times[g]!;
    if (drawn === 0) continue;
    const group = counts[g]!;
    sum.truePositives += drawn * group.truePositives;
    sum.falsePositives += drawn * group.falsePositives;
    sum.falseNegatives += drawn * group.falseNegatives;
    sum.trueNegatives += drawn * group.trueNegatives;
  }
  return sum;
}
