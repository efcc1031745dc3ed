/** The predictions of one model on test rows, so that two models can be compared row by row. */
export interface RowPredictions {
  /** Digest or name of the dataset that `rows` are positions in. */
  readonly dataset: string;
  /** Position of each test row, each once, in any order. */
  readonly rows: ArrayLike<number>;
  /** True class label of each row. */
  readonly yTrue: ArrayLike<number | string>;
  /** Predicted class label of each row. */
  readonly yPred: ArrayLike<number | string>;
}

/** McNemar's exact test of two models on the same rows, or why there is none. */
export type McNemarResult =
  | {
      /** Rows that this model has right and the other wrong. */
      readonly onlyThisRight: number;
      /** Rows that the other model has right and this one wrong. */
      readonly onlyOtherRight: number;
      /** Two-sided: how likely a difference at least as large is between models of equal accuracy. */
      readonly pValue: number;
    }
  | { readonly reason: string };

/** Returns the test of `model` against `other`, or the reason that they cannot be compared. Cost O(rows). */
export function compareByRow(
  model: RowPredictions | undefined,
  other: RowPredictions | undefined,
): McNemarResult {
  if (!model) return { reason: 'it has no predictions by row' };
  if (!other) return { reason: 'the chosen run has no predictions by row' };
  if (model.dataset !== other.dataset) return { reason: 'it was tested on another dataset' };
  const placeOf = new Map<number, number>();
  for (let i = 0; i < other.rows.length; i++) placeOf.set(other.rows[i]!, i);
  if (model.rows.length !== other.rows.length)
    return { reason: `it was tested on ${model.rows.length} rows, the chosen run on ${other.rows.length}` };
  let onlyThisRight = 0;
  let onlyOtherRight = 0;
  for (let i = 0; i < model.rows.length; i++) {
    const place = placeOf.get(model.rows[i]!);
    if (place === undefined) return { reason: 'it was tested on other rows' };
    if (model.yTrue[i] !== other.yTrue[place]) return { reason: 'the two have different labels' };
    const thisRight = model.yPred[i] === model.yTrue[i];
    const otherRight = other.yPred[place] === other.yTrue[place];
    if (thisRight && !otherRight) onlyThisRight++;
    if (otherRight && !thisRight) onlyOtherRight++;
  }
  return { onlyThisRight, onlyOtherRight, pValue: mcnemarExact(onlyThisRight, onlyOtherRight) };
}

/**
 * Returns the two-sided p-value of McNemar's exact test: the binomial test that of the `b + c` rows on which two models
 * differ each model has half. 1 where they differ on none. Source: McNemar 1947, in its exact form; no mid-p correction.
 * Cost O(b + c).
 */
export function mcnemarExact(b: number, c: number): number {
  if (b === c) return 1;
  const n = b + c;
  const fewer = Math.min(b, c);
  // Binomial coefficients, whole numbers while they fit, scaled by powers of two (which lose nothing) where they would overflow.
  let coefficient = 1;
  let sum = 1;
  let exponent = 1 - n;
  for (let k = 1; k <= fewer; k++) {
    coefficient = (coefficient * (n - k + 1)) / k;
    sum += coefficient;
    if (sum < 2 ** 900) continue;
    coefficient *= 2 ** -900;
    sum *= 2 ** -900;
    exponent += 900;
  }
  // In two steps, since 2 ** exponent alone may be 0 where the product is not.
  const half = Math.trunc(exponent / 2);
  return Math.min(1, sum * 2 ** half * 2 ** (exponent - half));
}
