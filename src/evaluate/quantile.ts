/**
 * Returns the `q` quantile (0 to 1) of ascending numbers, interpolated linearly between the two nearest ranks:
 * NumPy's default, Hyndman and Fan's type 7. NaN for an empty list.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}
