/** Returns the chance that a standard normal number is at least as far from 0 as `z`, with 14 digits also where it is tiny. */
export function normalTwoSided(z: number): number {
  const x = Math.abs(z);
  if (x === 0) return 1;
  const density = Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
  if (x > 2.5) {
    // Laplace's continued fraction of the tail, from its far end.
    let fraction = x;
    for (let k = 300; k > 0; k--) fraction = x + k / fraction;
    return (2 * density) / fraction;
  }
  let term = x;
  let series = x;
  for (let k = 3; term > series * 1e-17; k += 2) {
    term *= x ** 2 / k;
    series += term;
  }
  return 1 - 2 * density * series;
}

/**
 * Returns the chance that a number of Student's t distribution with `df` (a whole number from 1) degrees of freedom is at
 * least as far from 0 as `t`: the regularised incomplete beta function at df / (df + t²), by the series of positive terms
 * of whichever side converges sooner.
 */
export function studentTwoSided(t: number, df: number): number {
  const x = df / (df + t ** 2);
  const a = df / 2;
  if (x <= (a + 1) / (a + 2.5)) return betaSeries(x, t ** 2 / (df + t ** 2), [a, 0.5]) / betaOfHalf(df);
  return 1 - betaSeries(t ** 2 / (df + t ** 2), x, [0.5, a]) / betaOfHalf(df);
}

/** Returns the t that a number of Student's distribution exceeds in size with chance `p` (above 0, up to 1). */
export function studentQuantile(p: number, df: number): number {
  let low = 0;
  let high = 1;
  while (studentTwoSided(high, df) > p) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, df) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The incomplete beta function of `x`, whose complement `y` is given apart since 1 - x would lose its digits. */
function betaSeries(x: number, y: number, [a, b]: readonly [number, number]): number {
  if (x === 0) return 0;
  let term = 1;
  let sum = 1;
  for (let k = 0; term > sum * 1e-17; k++) {
    term *= ((a + b + k) / (a + 1 + k)) * x;
    sum += term;
  }
  return ((x ** a * y ** b) / a) * sum;
}

/** Beta(df / 2, 1 / 2). */
function betaOfHalf(df: number): number {
  let beta = df % 2 === 1 ? Math.PI : 2;
  for (let k = df % 2 === 1 ? 1 : 2; k < df; k += 2) beta *= k / (k + 1);
  return beta;
}
