/** Weight of the mean of all rows, in rows; `auto`: by how much the rows of a category differ, and how many they are. */
export type Smoothing = number | 'auto';

/** Rows with their categories and whether each is of the class. */
interface TargetRows {
  /** Category of each row, −1 for none. */
  readonly codes: Int32Array;
  /** 1 for a row of the class, else 0. */
  readonly y: Uint8Array;
  readonly nCategories: number;
  /** The rows that count. */
  readonly rows: Iterable<number>;
}

/**
 * Returns the smoothed share of the class among the rows of each category, and its share among all rows, which a category
 * without a row has too. O(rows + categories). Micci-Barreca 2001, equations 5 to 7, as scikit-learn's TargetEncoder.
 */
export function targetMeans(
  { codes, y, nCategories, rows }: TargetRows,
  smooth: Smoothing,
): { readonly means: Float64Array; readonly prior: number } {
  const counts = new Float64Array(nCategories);
  const sums = new Float64Array(nCategories);
  let nRows = 0;
  let total = 0;
  for (const row of rows) {
    nRows += 1;
    total += y[row]!;
    const code = codes[row]!;
    if (code < 0) continue;
    counts[code]! += 1;
    sums[code]! += y[row]!;
  }
  const prior = nRows === 0 ? 0 : total / nRows;
  const means = counts.map((count, code) => {
    if (count === 0) return prior;
    const sum = sums[code]!;
    if (smooth !== 'auto') return (sum + smooth * prior) / (count + smooth);
    return empiricalBayes(sum / count, count, prior);
  });
  return { means, prior };
}

/** The variance of a share p is p(1 − p), within the category and over all rows. */
function empiricalBayes(mean: number, count: number, prior: number): number {
  const between = prior * (1 - prior) * count;
  const weight = between / (between + mean * (1 - mean));
  return Number.isNaN(weight) ? prior : weight * mean + (1 - weight) * prior;
}
