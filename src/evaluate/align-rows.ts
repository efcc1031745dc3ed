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
  /** Probability of `positiveClass` for each row. */
  readonly scores?: ArrayLike<number> | undefined;
  /** The class that `scores` are for, where there are two; absent where there are more. */
  readonly positiveClass?: number | string | undefined;
  /** What each row belongs to, such as its source, where rows of one group depend on each other. */
  readonly groups?: ArrayLike<number | string> | undefined;
  /** What names the groups, such as `source`. */
  readonly groupBy?: string | undefined;
}

/** What of a model can be tested row by row. */
export interface TestedRows {
  readonly predictions?: RowPredictions | undefined;
  /** How many test rows there were, where they were too many for their predictions to be kept. */
  readonly rowsNotKept?: number | undefined;
}

/** The predictions of two models on the same rows, by rising position. */
export interface AlignedRows {
  readonly yTrue: readonly (number | string)[];
  readonly yPred: readonly (number | string)[];
  readonly otherPred: readonly (number | string)[];
  /** Places of these rows in either model's lists. */
  readonly places: Uint32Array;
  readonly otherPlaces: Uint32Array;
}

/** Returns two models' predictions row beside row, or the reason that they cannot be compared. Cost O(rows log rows). */
export function alignRows(
  { predictions: model, rowsNotKept }: TestedRows,
  { predictions: other, rowsNotKept: otherNotKept }: TestedRows,
): AlignedRows | { readonly reason: string } {
  if (!model) return { reason: `it has no predictions by row${whyNone(rowsNotKept)}` };
  if (!other) return { reason: `the chosen run has no predictions by row${whyNone(otherNotKept)}` };
  if (model.dataset !== other.dataset) return { reason: 'it was tested on another dataset' };
  if (model.rows.length !== other.rows.length)
    return { reason: `it was tested on ${model.rows.length} rows, the chosen run on ${other.rows.length}` };
  if (model.rows.length === 0) return { reason: 'there are no test rows' };
  const places = placesByRow(model.rows);
  const otherPlaces = placesByRow(other.rows);
  if (places.some((place, i) => model.rows[place] !== other.rows[otherPlaces[i]!]))
    return { reason: 'it was tested on other rows' };
  const yTrue = take(model.yTrue, places);
  if (yTrue.some((label, i) => label !== other.yTrue[otherPlaces[i]!]))
    return { reason: 'the two have different labels' };
  return {
    yTrue,
    yPred: take(model.yPred, places),
    otherPred: take(other.yPred, otherPlaces),
    places,
    otherPlaces,
  };
}

function whyNone(rowsNotKept: number | undefined): string {
  return rowsNotKept === undefined ? '' : `: its ${rowsNotKept} test rows were too many to keep them`;
}

function placesByRow(rows: ArrayLike<number>): Uint32Array {
  return Uint32Array.from(rows, (_, i) => i).sort((a, b) => rows[a]! - rows[b]!);
}

/** Returns the values at `places`, in that order. */
export function take<T>(values: ArrayLike<T>, places: ArrayLike<number>): T[] {
  return Array.from(places, (place) => values[place]!);
}
