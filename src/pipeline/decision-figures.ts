import { given } from '../core/index.js';
import type { StoredDecision } from '../deploy/index.js';
import { type OperatingPoint, operatingPoint, type ThresholdRule } from '../evaluate/index.js';
import { type ThresholdText, thresholdText } from '../model/index.js';
import type { ExperimentConfig } from './config.js';
import { thresholdFlag } from './decision-schema.js';
import type { Scored } from './fit-detector.js';

/** Threshold and calibration of a run, with how they did on the rows they were chosen on. */
export interface DecisionOutcome {
  readonly stored: StoredDecision;
  /** Null where a number was given and no row was scored out of fold. */
  readonly validation: OperatingPoint | null;
  /** What to think of before it is relied on. */
  readonly notes: readonly string[];
}

/** What a run says of its threshold: plain values, without an infinity that JSON could not hold. */
export interface DecisionReport {
  readonly threshold: ThresholdText;
  /** The class whose score is compared with the threshold. */
  readonly positiveClass: number | string;
  readonly rule: StoredDecision['rule'];
  readonly calibration: 'isotonic' | 'sigmoid' | null;
  /** On out-of-fold scores of the training rows; null where a number was given and no row was scored so. */
  readonly validation: PointReport | null;
  /** On the test rows; null where they hold classes that were not trained on. */
  readonly test: PointReport | null;
}

/** What a threshold does on some rows. */
export type PointReport = Omit<OperatingPoint, 'threshold'>;

/** Returns the figures on the validation rows by name, those that there are. */
export function validationFigures(
  { confusion, recall, falsePositiveRate, precision, stated }: OperatingPoint,
  rule: ThresholdRule | null,
  achieved: number,
): Record<string, number> {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = confusion;
  const positives = truePositives + falseNegatives;
  const negatives = falsePositives + trueNegatives;
  const figures = {
    rows: positives + negatives,
    positives,
    negatives,
    ...confusion,
    recall: recall?.value,
    falsePositiveRate: falsePositiveRate?.value,
    precision: precision?.value,
    f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    precisionAtBaseRate: stated.precision?.value,
    ...(rule?.kind === 'alert-budget' ? { alertsADay: achieved } : {}),
    ...(rule?.kind === 'cost' ? { meanCost: achieved } : {}),
  };
  const known = Object.entries(figures).filter((figure): figure is [string, number] =>
    Number.isFinite(figure[1]),
  );
  return Object.fromEntries(known);
}

/** Returns what a run says of its threshold; the test rows are looked at here for the first time. */
export function decisionReport(
  { stored, validation }: DecisionOutcome,
  { yTrue, scores, classes }: Scored,
): DecisionReport {
  const { threshold, rule, calibration } = stored;
  const second = Float64Array.from({ length: yTrue.length }, (_, i) => scores[i * classes.length + 1]!);
  const traffic = {
    baseRate: rule?.kind === 'cost' || rule?.kind === 'alert-budget' ? rule.baseRate : undefined,
    eventsADay: rule?.kind === 'alert-budget' ? rule.eventsADay : undefined,
  };
  return {
    threshold: thresholdText(threshold),
    positiveClass: classes[1]!,
    rule,
    calibration: calibration?.kind ?? null,
    validation: validation && withoutThreshold(validation),
    test:
      classes.length === 2
        ? withoutThreshold(operatingPoint({ yTrue, scores: second }, threshold, traffic))
        : null,
  };
}

/** Returns what a run's params say of threshold and calibration: as the flags say it. */
export function decisionParams({
  threshold,
  calibration,
}: Pick<ExperimentConfig, 'threshold' | 'calibration'>): Readonly<Record<string, string>> {
  return given({
    threshold: threshold === undefined ? undefined : thresholdFlag(threshold),
    calibration: calibration?.method,
  });
}

/** Returns the metrics of a run that the threshold brings: itself, `validation/<figure>`, and figures of the test rows. */
export function decisionMetrics(decision: DecisionOutcome, scored: Scored): Record<string, number> {
  const { threshold, validation } = decision.stored;
  const { test } = decisionReport(decision, scored);
  const onTest = {
    falsePositiveRate: test?.falsePositiveRate?.value,
    precisionAtBaseRate: test?.stated.precision?.value,
  };
  return {
    threshold,
    ...Object.fromEntries(Object.entries(validation).map(([name, value]) => [`validation/${name}`, value])),
    ...given(onTest),
  };
}

function withoutThreshold({ threshold: _threshold, ...rest }: OperatingPoint): PointReport {
  return rest;
}
