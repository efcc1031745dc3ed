import { type Forest, forestNode } from './forest.js';
import { isCode, type Scorer } from './rows.js';

/** A forest of one feature is a step function: its scores between neighbouring thresholds, worked out once. */
export interface StepTable {
  /** All distinct thresholds, ascending; for a categorical feature its codes. */
  readonly limits: Float32Array;
  /** Scores at or below each limit (and above the one before), then above the last: nClasses each. */
  readonly scores: Float64Array;
  /** Scores of a missing value. */
  readonly missing: Float64Array;
  /** Number of categories; 0 for a number. What is no code of a category is missing. */
  readonly levels: number;
}

const MAX_WALKS = 200_000; // a few milliseconds at load

/**
 * Returns the step table of a forest on one feature, or null where it would cost more than 200,000 walks down a tree.
 * Every entry comes from `scorer`, so reading the table gives its bits.
 */
export function buildStepTable(forest: Forest, scorer: Scorer): StepTable | null {
  const { nClasses } = forest;
  const levels = forest.levels[0]!;
  const limits = levels > 0 ? Float32Array.from({ length: levels }, (_, c) => c) : distinctThresholds(forest);
  if ((limits.length + 1) * (forest.trees.length - 1) > MAX_WALKS) return null;
  const scores = new Float64Array((limits.length + 1) * nClasses);
  const missing = new Float64Array(nClasses);
  const row = new Float32Array(1);
  for (let i = 0; i <= limits.length; i++) {
    row[0] = i < limits.length ? limits[i]! : Number.POSITIVE_INFINITY;
    scorer.scoreRow(row, scores.subarray(i * nClasses, (i + 1) * nClasses));
  }
  row[0] = Number.NaN;
  scorer.scoreRow(row, missing);
  return { limits, scores, missing, levels };
}

function distinctThresholds(forest: Forest): Float32Array {
  const found = new Set<number>();
  for (let node = 0; node < forest.nanLeft.length; node++)
    if (forestNode(forest, node).feature === 0) found.add(forest.thresholds[node * forest.nodeWords]!);
  return Float32Array.from(found).sort();
}

/** Writes the scores of `value` into `out` from `at`. Cost O(log thresholds); no allocation. */
export function scoreStep(table: StepTable, value: number, out: Float64Array, at: number): void {
  const { limits, scores, missing, levels } = table;
  const nClasses = missing.length;
  if (Number.isNaN(value) || (levels > 0 && !isCode(value, levels))) {
    for (let c = 0; c < nClasses; c++) out[at + c] = missing[c]!;
    return;
  }
  let low = 0;
  let high = limits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value > limits[middle]!) low = middle + 1;
    else high = middle;
  }
  const from = low * nClasses;
  for (let c = 0; c < nClasses; c++) out[at + c] = scores[from + c]!;
}
