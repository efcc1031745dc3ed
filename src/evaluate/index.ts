/**
 * Takes true and predicted classes, scores and scoring functions; gives metrics with intervals, latency and comparisons
 * as plain records ready to log.
 * Never reads a file, never fits anything, and never answers NaN unless asked to.
 */
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
