/**
 * Takes true and predicted classes, scores and scoring functions; gives metrics with intervals, latency and comparisons
 * as plain records ready to log.
 * Never reads a file, never fits anything, and never answers NaN unless asked to.
 */
export type { RowPredictions } from './align-rows.js';
export { alertsAbove, type BinaryCounts, type BinaryPredictions, type BinaryScores } from './binary.js';
export {
  type BootstrapDifferenceOptions,
  bootstrapDifferences,
  type Measure,
} from './bootstrap-difference.js';
export {
  type Breakdown,
  type BreakdownOptions,
  breakdown,
  type ErrorConcentration,
  type GroupFigures,
} from './breakdown.js';
export {
  type CalibrationBin,
  type CalibrationCurveOptions,
  type CalibrationReport,
  calibrationCurve,
} from './calibration-curve.js';
export { type ChosenThreshold, chooseThreshold, fewestAlerts } from './choose-threshold.js';
export {
  COMPARISON_COLUMNS,
  type ColumnKey,
  type CompareOptions,
  type Comparison,
  type ComparisonCell,
  type ComparisonEntry,
  type ComparisonRow,
  compare,
} from './comparison.js';
export { comparisonCsv, comparisonJson, comparisonMarkdown } from './comparison-documents.js';
export { comparisonText, type TextOptions } from './comparison-text.js';
export { type CorrectedTOptions, correctedResampledT } from './corrected-t.js';
export { type CrossValidationSummary, type MetricSummary, summarise } from './cross-validation.js';
export {
  type AreaUnderTime,
  type Decay,
  type DecayOptions,
  decay,
  type Period,
  type PeriodFigures,
} from './decay.js';
export { delongTest, type PairedScores } from './delong.js';
export { evaluate } from './evaluate.js';
export type {
  ClassMetrics,
  Estimate,
  EvaluateOptions,
  Evaluation,
  EvaluationInput,
  EvaluationWarning,
  Interval,
  ZeroDivision,
} from './evaluation.js';
export type { Groups } from './groups.js';
export {
  benchmarkLatency,
  type LatencyOptions,
  type LatencyReport,
  type LatencyStatistics,
  type LatencyTarget,
} from './latency.js';
export {
  type LearningCurve,
  type LearningCurveInput,
  type LearningCurvePoint,
  learningCurve,
} from './learning-curve.js';
export { describeMachine, type Machine } from './machine.js';
export { type McNemarTest, mcnemarExact, mcnemarTest, type PairedPredictions } from './mcnemar.js';
export type { ObservedTraffic } from './observed-traffic.js';
export {
  type OperatingPoint,
  type OperatingPointInput,
  type OperatingPointOptions,
  operatingPoint,
} from './operating-point.js';
export { type FoldMetrics, PAIRED_TESTS, type Testable } from './pair-tests.js';
export type { PairedTest, PairedTestName, Untested } from './paired-test.js';
export {
  type FeatureImportance,
  type PermutationImportance,
  type PermutationImportanceInput,
  type PermutationImportanceOptions,
  permutationImportance,
} from './permutation-importance.js';
export type { CountedRates } from './rates.js';
export { type RecallAtRate, type RecallAtRatesOptions, recallAtRates } from './recall-at-rates.js';
export { type CurvePoint, type ScoreCurves, scoreCurves } from './score-curves.js';
export type { ThresholdRule } from './threshold-rules.js';
export { type ComparisonVerdict, holm, type JudgedTest, judge } from './verdict.js';
export { type WorstErrors, type WrongSample, worstErrors } from './worst-errors.js';
