/** Sums this near the observed one are as large: the same numbers added up in another order. */
const ROUNDING = 1e-10;

/**
 * Returns the exact two-sided p of a sum of `parts`, each of which might as well have had the other sign: the share of all
 * choices of signs whose sum is at least as large. It is never below 2^(1 - parts). Source: Fisher 1935, section 21.
 * Cost O(2^parts).
 */
export function signFlipPValue(parts: readonly number[]): number {
  // The first keeps its sign: the other half of all choices is this half mirrored.
  const sums = new Float64Array(2 ** (parts.length - 1)).fill(parts[0]!, 0, 1);
  parts.slice(1).forEach((part, i) => {
    const known = 2 ** i;
    for (let k = 0; k < known; k++) {
      sums[known + k] = sums[k]! - part;
      sums[k]! += part;
    }
  });
  const least = Math.abs(sums[0]!) - ROUNDING;
  return sums.filter((sum) => Math.abs(sum) >= least).length / sums.length;
}
