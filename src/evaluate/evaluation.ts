import type { Groups } from './groups.js';

/** A two-sided interval beside one metric. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Coverage aimed at, such as 0.95. */
  readonly level: number;
  /**
   * How it was made: the score interval of a proportion, the variance of an AUC (two ways), resampling of samples or of
   * whole groups, the worst and best that two score intervals allow together (`wilsonCorners`), the difference of two
   * proportions on the same rows, or Student's t over repeated splits, corrected for what they share.
   */
  readonly method:
    | 'wilson'
    | 'wilsonCorners'
    | 'delong'
    | 'newcombe'
    | 'bonettPrice'
    | 'bootstrap'
    | 'clusterBootstrap'
    | 'correctedT';
}

/** What cannot be said about one metric, or was said by convention, and why. */
export interface EvaluationWarning {
  readonly metric: string;
  readonly message: string;
}

/** The measures of one class against all others. */
export interface ClassMetrics {
  /** The class label as the labels name it. */
  readonly label: number | string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Samples (or weight) of this class. */
  readonly support: number;
  /** Samples (or weight) predicted as this class. */
  readonly predicted: number;
  /** Intervals of precision, recall and f1 where they are defined: Wilson's without weights, by group where there are groups. */
  readonly intervals: Readonly<Record<string, Interval>>;
}

/** Everything measured on one set of predictions: plain values, ready to log. */
export interface Evaluation {
  /** Metric by camelCase name; one that is undefined on these samples is absent and has a reason in `warnings`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** One entry a class, in the order of the classes. */
  readonly perClass: readonly ClassMetrics[];
  /** `confusionMatrix[i][j]`: samples (or weight) of class i predicted as class j. */
  readonly confusionMatrix: readonly (readonly number[])[];
  /** Interval by the metric's name, for those that have one. */
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly nSamples: number;
  readonly warnings: readonly EvaluationWarning[];
}

/** What to return where a denominator is 0: `'warn'` is 0 with a warning; `'nan'` is NaN, left out of averages. */
export type ZeroDivision = 'warn' | 0 | 1 | 'nan';

/** True and predicted classes of the same samples, with the model's scores where it gives any. */
export interface EvaluationInput {
  /** True class indices. */
  readonly yTrue: ArrayLike<number>;
  /** Predicted class indices. */
  readonly yPred: ArrayLike<number>;
  /** The class labels by index, as in `Labels.classes`; two or more. */
  readonly classes: readonly (number | string)[];
  /** nSamples × nClasses probabilities, row-major, each row adding up to 1. */
  readonly scores?: ArrayLike<number> | undefined;
  /** Weight of each sample, 0 or more; as in scikit-learn. */
  readonly sampleWeight?: ArrayLike<number> | undefined;
  /**
   * What each sample belongs to, such as its source or session. Samples of one group tell much the same, so with groups
   * every interval comes from resampling whole groups.
   */
  readonly groups?: Groups | undefined;
}

/** How to evaluate. */
export interface EvaluateOptions {
  /** Class index that counts as positive when there are two classes; default 1. */
  readonly positive?: 0 | 1;
  /** Default `'warn'`. */
  readonly zeroDivision?: ZeroDivision;
  /** Coverage of the intervals, above 0 and below 1; default 0.95. */
  readonly level?: number;
  /** Bootstrap resamples, default 1000; 0 makes no bootstrap intervals. */
  readonly resamples?: number;
  /** Seed of the bootstrap, default 0. */
  readonly randomState?: number;
}

/** A number with its interval; null where there is none. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
}

/** Intervals by metric, those of each class where they were made anew, and what could not be said. */
export interface MetricIntervals {
  readonly intervals: Record<string, Interval>;
  readonly ofClasses?: readonly Record<string, Interval>[];
  readonly warnings: EvaluationWarning[];
}
