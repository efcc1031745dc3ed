import { type Forest, scoreRow } from './traverse.js';
import { NODE_WORDS } from './tree.js';

/** A forest of one feature is a step function: its scores between neighbouring thresholds, worked out once. */
export interface StepTable {
  /** All distinct thresholds, ascending. */
  readonly limits: Float32Array;
  /** Scores at or below each limit (and above the one before), then above the last: nClasses each. */
  readonly scores: Float64Array;
  /** Scores of a missing value. */
  readonly missing: Float64Array;
}

const MAX_WALKS = 200_000; // a few milliseconds at load

/**
 * Returns the step table of a forest on one feature, or null where it would cost more than 200,000 walks down a tree.
 * Every entry comes from `scoreRow`, so reading the table gives its bits.
 */
export function buildStepTable(forest: Forest): StepTable | null {
  const { nClasses, nodes, thresholds, trees } = forest;
  const found = new Set<number>();
  for (let at = 0; at < nodes.length; at += NODE_WORDS)
    if (nodes[at + 2] !== at / NODE_WORDS) found.add(thresholds[at + 1]!);
  if ((found.size + 1) * (trees.length - 1) > MAX_WALKS) return null;
  const limits = Float32Array.from(found).sort();
  const scores = new Float64Array((limits.length + 1) * nClasses);
  const missing = new Float64Array(nClasses);
  const row = new Float32Array(1);
  for (let i = 0; i <= limits.length; i++) {
    row[0] = i < limits.length ? limits[i]! : Number.POSITIVE_INFINITY;
    scoreRow(forest, row, scores.subarray(i * nClasses, (i + 1) * nClasses));
  }
  row[0] = Number.NaN;
  scoreRow(forest, row, missing);
  return { limits, scores, missing };
}

/** Writes the scores of `value` into `out` from `at`. Cost O(log thresholds); no allocation. */
export function scoreStep(table: StepTable, value: number, out: Float64Array, at: number): void {
  const { limits, scores, missing } = table;
  const nClasses = missing.length;
  if (Number.isNaN(value)) {
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
