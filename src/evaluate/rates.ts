import type { BinaryCounts } from './binary.js';
import { wilsonInterval } from './closed-intervals.js';
import type { Estimate } from './evaluation.js';

/** Counts, and the two rates that they make. */
export interface CountedRates extends BinaryCounts {
  readonly samples: number;
  readonly positives: number;
  readonly alerts: number;
  /** With Wilson's interval; null without positives. */
  readonly recall: Estimate | null;
  /** With Wilson's interval; null without alerts. */
  readonly precision: Estimate | null;
}

/** Returns the counts with their rates. */
export function withRates(counts: BinaryCounts, level: number): CountedRates {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const positives = truePositives + falseNegatives;
  const alerts = truePositives + falsePositives;
  return {
    samples: positives + falsePositives + trueNegatives,
    positives,
    alerts,
    ...counts,
    recall: proportion(truePositives, positives, level),
    precision: proportion(truePositives, alerts, level),
  };
}

function proportion(successes: number, trials: number, level: number): Estimate | null {
  const interval = wilsonInterval(successes, trials, level);
  return interval ? { value: successes / trials, interval } : null;
}
