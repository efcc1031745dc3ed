/**
 * Returns the exact chance that `n` trials of chance `p` succeed at least `k` times. Cost O(n).
 */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (p <= 0 || k > n) return 0;
  if (p >= 1) return 1;
  const logOdds = Math.log(p) - Math.log1p(-p);
  let logTerm = n * Math.log1p(-p);
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    if (i > 0) logTerm += Math.log((n - i + 1) / i) + logOdds;
    if (i >= k) sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
