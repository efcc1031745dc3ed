import { rowsBySource } from './sources.js';

/**
 * Returns a weight for each row, for `sampleWeight` of a fit: n / (sources × rows of its source), so that every source
 * weighs the same, however many rows it sent, and the mean weight is 1. `sources`: one a row.
 *
 * A source with one row then counts as much as one with thousands: where sources are cheap to make, as addresses of one
 * network are, name the network as the source. Throws BAD_DATA for a row without a source. Cost O(n).
 *
 * @example
 * ```ts
 * inverseFrequencyWeights(['a', 'a', 'a', 'b']); // ≈ [0.667, 0.667, 0.667, 2]
 * ```
 */
export function inverseFrequencyWeights(sources: ArrayLike<number | string>): Float64Array {
  const bySource = rowsBySource(sources);
  const weights = new Float64Array(sources.length);
  for (const rows of bySource.values())
    for (const row of rows) weights[row] = sources.length / (bySource.size * rows.length);
  return weights;
}
