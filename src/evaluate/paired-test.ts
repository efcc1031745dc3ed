import type { Interval } from './evaluation.js';

/** Which test of two models: on the same rows, or on the same folds. */
export type PairedTestName = 'mcnemar' | 'delong' | 'correctedT' | 'bootstrap';

/** The difference of two models in one metric, and how likely it is by luck. */
export interface PairedTest {
  readonly test: PairedTestName;
  /** What was compared, as `evaluate` names it: `accuracy`, `rocAuc`, `f1`. */
  readonly metric: string;
  /** This model's value less the other's. */
  readonly difference: number;
  /** Of the difference. */
  readonly interval: Interval;
  /** Two-sided: how likely a difference at least as large is between models that are equally good. */
  readonly pValue: number;
}

/** A test that there is not, and why. */
export interface Untested {
  readonly test: PairedTestName;
  readonly metric: string;
  readonly reason: string;
}
