/** What a detector says of one event or row. */
export interface Prediction {
  /** The class it names. */
  readonly label: number | string;
  /** Probability of the positive class (two classes: the second), or of the named class (more). */
  readonly score: number;
  /** Probability of every class, in the order of the model's classes. */
  readonly scores: readonly number[];
}

/** Which inputs a model takes: rows of its named features only, or raw events as well. */
export type AcceptedInput = 'rows' | 'both';
