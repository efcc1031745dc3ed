import { invalidParameter, PhantomNetError, RandomState } from '../../core/index.js';
import { rowsBySource } from './sources.js';

/** How much of the training rows one source may be. */
export interface CapSourceShareOptions {
  /** Largest share of the rows that are kept, above 0 and at most 1. */
  readonly maxShare: number;
  /** Seed of which rows of a larger source stay; default 0. */
  readonly randomState?: number | undefined;
}

/**
 * Returns the rows to train on, ascending, so that no source is more than `maxShare` of them: as many as can stay. Larger
 * sources all keep the same number of rows, drawn at random; smaller ones keep all of theirs. So whoever floods a sensor
 * from one address buys `maxShare` of the training set and no more. `sources`: one a row.
 *
 * Throws INVALID_PARAMETER for a share out of range, BAD_DATA for a row without a source and where the sources are too few
 * for the share. Deterministic given `randomState`. Cost O(n).
 *
 * @example
 * ```ts
 * const sources = ['a', 'a', 'a', 'a', 'a', 'a', 'b', 'c'];
 * const kept = capSourceShare(sources, { maxShare: 0.5 });
 * kept.length; // 4
 * kept.slice(2); // [6, 7]
 * ```
 */
export function capSourceShare(
  sources: ArrayLike<number | string>,
  { maxShare, randomState = 0 }: CapSourceShareOptions,
): Uint32Array {
  if (!(maxShare > 0 && maxShare <= 1)) invalidParameter('maxShare', 'above 0 and at most 1', maxShare);
  const random = new RandomState(randomState);
  const bySource = [...rowsBySource(sources).values()];
  const cap = largestCap(
    bySource.map((rows) => rows.length),
    maxShare,
  );
  const kept = bySource.flatMap((rows) =>
    rows.length <= cap ? rows : Array.from(random.permutation(rows.length).subarray(0, cap), (i) => rows[i]!),
  );
  return Uint32Array.from(kept).sort();
}

/**
 * The most rows a source may keep. What is kept grows ever slower than the cap, so that once a cap is too much of it, all
 * larger ones are.
 */
function largestCap(counts: readonly number[], maxShare: number): number {
  const holds = (cap: number): boolean => {
    const kept = counts.reduce((sum, count) => sum + Math.min(count, cap), 0);
    // A rounding of the share must not cost a row: 0.1 × 30 is a little above 3, 0.07 × 100 too.
    return cap <= maxShare * kept * (1 + 1e-12);
  };
  let low = 0;
  let high = counts.reduce((most, count) => Math.max(most, count), 0);
  if (high > 0 && !holds(1)) tooFew(counts.length, maxShare);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function tooFew(nSources: number, maxShare: number): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `no source can be at most ${maxShare} of the rows where there are ${nSources}`,
    {
      hint: `allow a share of 1/${nSources}, or collect rows of ${Math.ceil(1 / maxShare - 1e-9)} sources`,
      details: { nSources, maxShare },
    },
  );
}
