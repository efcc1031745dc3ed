import type { PairedTest } from './paired-test.js';

/** What a test says of this model against the other. */
export type ComparisonVerdict = 'better' | 'worse' | 'no difference shown';

/** A test among several, with what it says. */
export interface JudgedTest extends PairedTest {
  /** After Holm's correction for all tests that were judged together. */
  readonly adjustedPValue: number;
  readonly verdict: ComparisonVerdict;
}

/** Metrics that are losses. */
const LOWER_IS_BETTER: ReadonlySet<string> = new Set(['logLoss', 'brier']);

/**
 * Returns the tests with p after Holm's correction for all of them, and the verdict in words: a difference is shown where
 * the corrected p is below 1 - `level` (default 0.95). It is no proof of equality where none is shown.
 *
 * @example
 * ```ts
 * const interval = { low: 0.01, high: 0.03, level: 0.95, method: 'delong' } as const;
 * const [test] = judge([{ test: 'delong', metric: 'rocAuc', difference: 0.02, interval, pValue: 0.001 }]);
 * test!.verdict; // 'better'
 * ```
 */
export function judge(
  tests: readonly PairedTest[],
  { level = 0.95 }: { readonly level?: number } = {},
): JudgedTest[] {
  const adjusted = holm(tests.map((test) => test.pValue));
  return tests.map((test, i) => {
    const gain = LOWER_IS_BETTER.has(test.metric) ? -test.difference : test.difference;
    const isShown = adjusted[i]! < 1 - level && gain !== 0;
    const verdict = isShown ? (gain > 0 ? 'better' : 'worse') : 'no difference shown';
    return { ...test, adjustedPValue: adjusted[i]!, verdict };
  });
}

/**
 * Returns p-values corrected for being several, in their order: the smallest times their number, the next times one less,
 * and so on, never below one before it, at most 1. Whoever believes each test whose corrected p is below α is wrong about
 * any of them with a chance of at most α, however the tests depend on each other. Source: Holm 1979. Cost O(n log n).
 *
 * @example
 * ```ts
 * holm([0.03, 0.01, 0.5]); // [0.06, 0.03, 0.5]
 * ```
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[i]!));
    adjusted[i] = largest;
  }
  return adjusted;
}
