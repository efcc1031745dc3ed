/**
 * Takes true and predicted classes, scores and scoring functions; gives metrics with intervals, latency and comparisons
 * as plain records ready to log.
 * Never reads a file, never fits anything, and never answers NaN unless asked to.
 */
export {
  COMPARISON_COLUMNS,
  type ColumnKey,
  type Comparison,
  type ComparisonCell,
  type ComparisonEntry,
  type ComparisonRow,
  compare,
} from './comparison.js';
export { comparisonCsv, comparisonJson, comparisonMarkdown } from './comparison-documents.js';
export { comparisonText, type TextOptions } from './comparison-text.js';
export { type CrossValidationSummary, type MetricSummary, summarise } from './cross-validation.js';
export { evaluate } from './evaluate.js';
export type {
  ClassMetrics,
  EvaluateOptions,
  Evaluation,
  EvaluationInput,
  EvaluationWarning,
  Interval,
  ZeroDivision,
} from './evaluation.js';
export {
  benchmarkLatency,
  type LatencyOptions,
  type LatencyReport,
  type LatencyStatistics,
  type LatencyTarget,
} from './latency.js';
export { describeMachine, type Machine } from './machine.js';
export { type McNemarResult, mcnemarExact, type RowPredictions } from './mcnemar.js';
