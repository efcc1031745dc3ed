import { invalidParameter, PhantomNetError } from '../core/index.js';
import type { Split } from '../data/index.js';
import { checkCount, countSides, rows } from './sizes.js';
import { checkTimeGap, countLeading, timeOrder } from './time-order.js';

/** What `timeOrderedSplit` can be told. */
export interface TimeOrderedSplitOptions {
  /** Share of the rows to test on (rounded up), or a whole number of rows. Default 0.25. */
  readonly testSize?: number | undefined;
  /** The instant the test part begins, in place of `testSize`: rows before it train, those at it or after it test. */
  readonly testFrom?: number | undefined;
  /** Rows within this before the test part are left out of training; in the unit of the times. Default 0. */
  readonly gap?: number | undefined;
}

/** What `timeSeriesSplit` can be told; the names and meanings are scikit-learn's. */
export interface TimeSeriesSplitOptions {
  /** Number of splits, at least 2. Default 5. */
  readonly nSplits?: number | undefined;
  /** Rows of each test part. Default: the rows divided by `nSplits` + 1, rounded down. */
  readonly testSize?: number | undefined;
  /** The most rows to train on, the latest ones. Default: all earlier rows. */
  readonly maxTrainSize?: number | undefined;
  /** Rows left out between training and test part. Default 0. */
  readonly gap?: number | undefined;
}

/**
 * Returns a split whose test part is the last rows in time, each side in time order; equal times keep their row order.
 *
 * The test part begins at `testFrom`, else at the time of the first row of the last `testSize`. Rows of that very time are
 * all tested: equal times are never on both sides, and `testSize` may be exceeded by them. Rows before it train, but for
 * those within `gap`: how many were left out is what the two sides lack of all rows.
 * `times`: one finite number for each row, in any unit. Throws BAD_DATA for a row without a time and when a side would
 * be empty, INVALID_PARAMETER for a bad option, or `testSize` beside `testFrom`. Deterministic; O(n log n).
 * Without a gap and with times that all differ it is scikit-learn's `train_test_split(shuffle=False)` on rows sorted by time.
 *
 * @example
 * ```ts
 * timeOrderedSplit([30, 10, 20, 40], { testSize: 0.25 }).train; // [1, 2, 0]
 * const split = timeOrderedSplit([30, 10, 20, 40], { testFrom: 30, gap: 10 });
 * split.train; // [1]
 * split.test; // [0, 3]
 * ```
 */
export function timeOrderedSplit(times: ArrayLike<number>, options: TimeOrderedSplitOptions = {}): Split {
  const { testSize, testFrom, gap = 0 } = options;
  checkTimeGap(gap);
  if (testFrom === undefined) {
    const { nTrain } = countSides(times.length, { testSize });
    const order = timeOrder(times);
    return splitAt(order, times, { start: times[order[nTrain]!]!, gap });
  }
  if (!Number.isFinite(testFrom))
    invalidParameter('testFrom', 'an instant in the unit of the times', testFrom);
  if (testSize !== undefined) invalidParameter('testSize', 'left out beside testFrom', testSize);
  return splitAt(timeOrder(times), times, { start: testFrom, gap });
}

/** The split of rows before `start`, less the gap, and rows from it on. */
function splitAt(
  order: Uint32Array,
  times: ArrayLike<number>,
  { start, gap }: { readonly start: number; readonly gap: number },
): Split {
  const before = countLeading(order, (row) => times[row]! < start);
  const nTrain = countLeading(order, (row) => times[row]! < start - gap);
  const nTest = order.length - before;
  if (nTrain > 0 && nTest > 0) return { train: order.slice(0, nTrain), test: order.slice(before) };
  const inGap = before === nTrain ? '' : `, ${before - nTrain} in the gap`;
  throw new PhantomNetError(
    'BAD_DATA',
    `cannot split ${rows(order.length)} by time at ${start}: ${nTrain} before it to train on${inGap}, ${nTest} from it on to test`,
    {
      hint: 'choose another testFrom or testSize or a smaller gap; rows of equal time stay on one side',
      details: { start, gap, nTrain, nTest, nSamples: order.length },
    },
  );
}

/**
 * Returns `nSplits` splits that go forward in time: each tests the rows after those it trains on, in time order.
 *
 * Cuts are by number of rows, so equal times may be on both sides of one: a run's folds (`--cv-method time-series`) leave the
 * training rows out that share the time of the first test row, and `timeOrderedSplit` keeps equal times on one side.
 * `times` as for `timeOrderedSplit`. Throws INVALID_PARAMETER for an option out of range, BAD_DATA for a row without a
 * time or too few rows. Deterministic; O(n log n + nSplits × n). Agrees with scikit-learn 1.9's
 * `TimeSeriesSplit` on rows sorted by time.
 *
 * @example
 * ```ts
 * const splits = timeSeriesSplit([10, 20, 30, 40, 50, 60], { nSplits: 2 });
 * splits[1]?.train; // [0, 1, 2, 3]
 * splits[1]?.test; // [4, 5]
 * ```
 */
export function timeSeriesSplit(times: ArrayLike<number>, options: TimeSeriesSplitOptions = {}): Split[] {
  const nSamples = times.length;
  const { nSplits = 5, maxTrainSize, gap = 0 } = options;
  checkCount('nSplits', nSplits, 2);
  if (nSamples <= nSplits)
    throw new PhantomNetError(
      'BAD_DATA',
      `${nSplits} splits forward in time need more rows, got ${nSamples}`,
      {
        hint: `give at least ${nSplits + 1} rows, or use fewer splits`,
        details: { nSamples, nSplits },
      },
    );
  const testSize = options.testSize ?? Math.floor(nSamples / (nSplits + 1));
  checkCount('testSize', testSize, 1);
  checkCount('gap', gap, 0);
  if (maxTrainSize !== undefined) checkCount('maxTrainSize', maxTrainSize, 1);
  const firstTest = nSamples - nSplits * testSize;
  if (firstTest - gap <= 0)
    throw new PhantomNetError(
      'BAD_DATA',
      `${rows(nSamples)} are too few for ${nSplits} splits with testSize ${testSize} and gap ${gap}: none is left to train on`,
      {
        hint: 'use fewer splits, a smaller testSize or gap, or add rows',
        details: { nSamples, nSplits, testSize, gap },
      },
    );
  const order = timeOrder(times);
  return Array.from({ length: nSplits }, (_, i) => {
    const start = firstTest + i * testSize;
    const end = start - gap;
    return {
      train: order.slice(maxTrainSize === undefined ? 0 : Math.max(0, end - maxTrainSize), end),
      test: order.slice(start, start + testSize),
    };
  });
}
