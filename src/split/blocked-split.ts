import { PhantomNetError } from '../core/index.js';
import type { Split } from '../data/index.js';
import { checkFolds } from './k-fold.js';
import { rows } from './sizes.js';
import { checkTimeGap, countLeading, timeOrder } from './time-order.js';

/** What `blockedTimeSeriesSplit` can be told. */
export interface BlockedTimeSeriesSplitOptions {
  /** Number of blocks, at least 2. Default 5. */
  readonly nSplits?: number | undefined;
  /** Rows within this of the tested block, before or after it, are left out of training; in the unit of the times. Default 0. */
  readonly gap?: number | undefined;
}

/**
 * Returns `nSplits` splits for blocked cross-validation: the rows in time order are cut into contiguous blocks of about
 * as many rows, each is tested once, and all other blocks train, later ones too.
 *
 * As later rows train, it tells how well a model interpolates, not how it ages: `timeSeriesSplit` trains on earlier rows
 * only. `times`: one finite number a row. Each side is in time order. Equal times are never on both sides: at a border
 * they all go to the later block. Throws INVALID_PARAMETER for an option out of range, BAD_DATA for a row without a time,
 * a block without a time of its own, or a gap that leaves nothing to train on. Deterministic; O(n log n + nSplits × n).
 * Source: Bergmeir and Benítez 2012, "On the use of cross-validation for time series predictor evaluation" (blocked
 * cross-validation); the gap on both sides is that of Racine's hv-block cross-validation (2000).
 *
 * @example
 * ```ts
 * const splits = blockedTimeSeriesSplit([10, 20, 30, 40, 50, 60], { nSplits: 3, gap: 15 });
 * splits[1]?.test; // [2, 3]
 * splits[1]?.train; // [0, 5]
 * ```
 */
export function blockedTimeSeriesSplit(
  times: ArrayLike<number>,
  options: BlockedTimeSeriesSplitOptions = {},
): Split[] {
  const { nSplits = 5, gap = 0 } = options;
  const nSamples = times.length;
  checkFolds(nSamples, nSplits);
  checkTimeGap(gap);
  const order = timeOrder(times);
  const starts = blockStarts(order, times, nSplits);
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? nSamples;
    if (start === end) refuseBlock(i, nSplits, nSamples);
    const [first, last] = [times[order[start]!]!, times[order[end - 1]!]!];
    const before = countLeading(order, (row) => times[row]! < first - gap);
    const after = countLeading(order, (row) => times[row]! <= last + gap);
    if (before === 0 && after === nSamples) refuseGap(i, nSplits, gap);
    const train = new Uint32Array(before + nSamples - after);
    train.set(order.subarray(0, before));
    train.set(order.subarray(after), before);
    return { train, test: order.slice(start, end) };
  });
}

/** Where each block starts in `order`: at an even share of the rows, moved back to the first row of that time. */
function blockStarts(order: Uint32Array, times: ArrayLike<number>, nSplits: number): number[] {
  return Array.from({ length: nSplits }, (_, i) => {
    const time = times[order[Math.floor((i * order.length) / nSplits)]!]!;
    return countLeading(order, (row) => times[row]! < time);
  });
}

function refuseBlock(block: number, nSplits: number, nSamples: number): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `cannot cut ${rows(nSamples)} into ${nSplits} blocks of time: block ${block + 1} would be empty, as too many rows share a time`,
    { hint: 'use fewer splits, or finer times', details: { block, nSplits, nSamples } },
  );
}

function refuseGap(block: number, nSplits: number, gap: number): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `a gap of ${gap} around block ${block + 1} of ${nSplits} leaves no row to train on`,
    { hint: 'use a smaller gap, or add rows', details: { block, nSplits, gap } },
  );
}
