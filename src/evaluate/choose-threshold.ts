import { type BinaryScores, checkScores } from './binary.js';
import { cutsOf, thresholdOf } from './cuts.js';
import { type OperatingPoint, type OperatingPointInput, operatingPoint } from './operating-point.js';
import { checkRule, cutByRule, reachedBy, type ThresholdRule } from './threshold-rules.js';

/** A threshold, what it was chosen for, and what to expect of it. */
export interface ChosenThreshold {
  /** A score above it alerts; Infinity: on nothing, -Infinity: on everything. */
  readonly threshold: number;
  readonly rule: ThresholdRule;
  /** What it reaches on the validation data of what the rule is about: alerts a day, false-positive rate, mean cost an event, F1. */
  readonly achieved: number;
  /** All figures on the validation data; the test data says later whether they hold. */
  readonly validation: OperatingPoint;
}

/**
 * Returns the threshold that `rule` chooses on validation data. Never give it the test data: what was chosen on rows looks
 * better on them than it is.
 *
 * It sits halfway between two neighbouring scores. A budget and a false-positive rate are used up as far as whole ties of
 * scores allow, and choose Infinity (no alerts) where the highest score alone is too much. The cost matrix and F1 choose,
 * of equally good thresholds, the highest: the fewest alerts. Scores of a calibrator need a threshold chosen on calibrated
 * scores. Throws BAD_DATA or INVALID_PARAMETER. Deterministic. Cost O(n log n).
 *
 * @example
 * ```ts
 * const validation = { yTrue: [0, 0, 1, 0, 1], scores: [0.1, 0.2, 0.6, 0.7, 0.9] };
 * chooseThreshold(validation, { kind: 'false-positive-rate', rate: 0.01 }).threshold; // ≈ 0.8
 * chooseThreshold(validation, { kind: 'best-f1' }).threshold; // ≈ 0.4
 * chooseThreshold(validation, { kind: 'alert-budget', alertsADay: 10, eventsADay: 1000 }).threshold; // Infinity: no alerts
 * ```
 */
export function chooseThreshold(input: OperatingPointInput, rule: ThresholdRule): ChosenThreshold {
  checkRule(rule);
  checkScores(input);
  const cuts = cutsOf(input);
  const { cut, achieved } = cutByRule(cuts, rule);
  const threshold = thresholdOf(cuts, cut);
  const validation = operatingPoint(input, threshold, {
    baseRate: rule.kind === 'cost' || rule.kind === 'alert-budget' ? rule.baseRate : undefined,
    eventsADay: rule.kind === 'alert-budget' ? rule.eventsADay : undefined,
  });
  return { threshold, rule, achieved, validation };
}

/** What the fewest alerts that there may be come to: those on the highest score alone. */
interface FewestAlerts {
  /** Samples that have the highest score: they alert together or not at all. */
  readonly samples: number;
  /** As `achieved` of a chosen threshold. */
  readonly achieved: number;
}

/** Returns what alerting on the highest score alone comes to. Throws as `chooseThreshold` does. Cost O(n log n). */
export function fewestAlerts(input: BinaryScores, rule: ThresholdRule): FewestAlerts {
  checkRule(rule);
  checkScores(input);
  const cuts = cutsOf(input);
  return { samples: cuts.truePositives[1]! + cuts.falsePositives[1]!, achieved: reachedBy(cuts, rule)(1) };
}
