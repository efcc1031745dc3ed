/** Returns the quantile of sorted values, at least one, between the two nearest in a line, as NumPy does by default. */
export function quantile(sorted: Float32Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const part = place - below;
  // From the nearer end, so that the end itself is met exactly.
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}
