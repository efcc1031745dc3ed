import type { Interval } from './evaluation.js';
import type { Ranking } from './ranking.js';

/**
 * Returns Wilson's score interval for `successes` out of `trials`; always inside 0 to 1 and never of no width.
 * Source: Wilson 1927. Undefined for no trials.
 */
export function wilsonInterval(successes: number, trials: number, level: number): Interval | undefined {
  if (trials === 0) return undefined;
  const z = normalQuantile((1 + level) / 2);
  const rate = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (rate + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
    level,
    method: 'wilson',
  };
}

/**
 * Returns an interval for the F1 of one class: Wilson's for the share of true positives among all samples that are of the
 * class or predicted as it (Jaccard's index J), carried over by F1 = 2J / (1 + J). Undefined for no such sample.
 */
export function wilsonF1Interval(truePositives: number, errors: number, level: number): Interval | undefined {
  const jaccard = wilsonInterval(truePositives, truePositives + errors, level);
  const f1 = (j: number) => (2 * j) / (1 + j);
  return jaccard && { ...jaccard, low: f1(jaccard.low), high: f1(jaccard.high) };
}

/**
 * Returns DeLong's interval for a binary ROC AUC, symmetric on the logit scale, so that it stays inside 0 to 1.
 * Where that has no width though the samples vary (an AUC of 0 or 1, one sample on a side) it is Newcombe's.
 * Sources: DeLong, DeLong and Clarke-Pearson 1988; Newcombe 2006, method 5. Cost O(n).
 */
export function delongInterval(ranking: Ranking, level: number): Interval | undefined {
  const { positives, negatives, area, variance, allTied } = placements(ranking);
  if (positives === 0 || negatives === 0) return undefined;
  if (allTied) return { low: area, high: area, level, method: 'delong' };
  if (positives === 1 || negatives === 1 || area === 0 || area === 1 || variance === 0)
    return newcombeInterval(area, positives, negatives, level);
  const z = normalQuantile((1 + level) / 2);
  const centre = Math.log(area / (1 - area));
  const half = (z * Math.sqrt(variance)) / (area * (1 - area));
  const logistic = (t: number) => 1 / (1 + Math.exp(-t));
  return { low: logistic(centre - half), high: logistic(centre + half), level, method: 'delong' };
}

/** The AUC and DeLong's variance of it, from the share of the other side that each sample beats (ties count half). */
function placements({ isClass, endsTie }: Ranking) {
  const n = isClass.length;
  const positives = isClass.reduce((a, b) => a + b, 0);
  const negatives = n - positives;
  const sums = { positive: 0, positiveSquares: 0, negativeSquares: 0 };
  let positivesAbove = 0;
  let negativesAbove = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    let tiedPositives = isClass[end]!;
    while (endsTie[end] === 0) tiedPositives += isClass[++end]!;
    const tiedNegatives = end + 1 - start - tiedPositives;
    const ofPositive = (negatives - negativesAbove - tiedNegatives / 2) / negatives;
    const ofNegative = (positivesAbove + tiedPositives / 2) / positives;
    sums.positive += tiedPositives * ofPositive;
    sums.positiveSquares += tiedPositives * ofPositive ** 2;
    sums.negativeSquares += tiedNegatives * ofNegative ** 2;
    positivesAbove += tiedPositives;
    negativesAbove += tiedNegatives;
    start = end + 1;
  }
  const area = sums.positive / positives;
  const spreadOfPositives = (sums.positiveSquares - positives * area ** 2) / (positives - 1);
  const spreadOfNegatives = (sums.negativeSquares - negatives * area ** 2) / (negatives - 1);
  const variance = Math.max(0, spreadOfPositives / positives + spreadOfNegatives / negatives);
  return { positives, negatives, area, variance, allTied: endsTie.indexOf(1) === n - 1 };
}

/** Newcombe's interval: the AUCs from which the observed one is no further than z of their own standard errors. */
function newcombeInterval(area: number, positives: number, negatives: number, level: number): Interval {
  const z = normalQuantile((1 + level) / 2);
  const star = (positives + negatives) / 2 - 1;
  const isNear = (a: number) => {
    const spread = 1 + (star * (1 - a)) / (2 - a) + (star * a) / (1 + a);
    return (area - a) ** 2 <= (z ** 2 * a * (1 - a) * spread) / (positives * negatives);
  };
  const edge = (outer: number) => {
    let near = area;
    let far = outer;
    for (let step = 0; step < 60; step++) {
      const middle = (near + far) / 2;
      if (isNear(middle)) near = middle;
      else far = middle;
    }
    return near;
  };
  return { low: edge(0), high: edge(1), level, method: 'newcombe' };
}

/**
 * Returns the standard normal quantile of `p` (above 0, below 1) to about 15 digits: Newton's method on Marsaglia's
 * series for the distribution function (2004).
 */
export function normalQuantile(p: number): number {
  if (p < 0.5) return -normalQuantile(1 - p);
  let x = 0;
  for (let round = 0; round < 100; round++) {
    const density = Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
    let term = x;
    let series = x;
    for (let k = 3; term > series * 1e-17; k += 2) {
      term *= x ** 2 / k;
      series += term;
    }
    const step = (p - 0.5 - density * series) / density;
    x += step;
    if (Math.abs(step) <= 1e-15 * Math.abs(x)) break;
  }
  return x;
}
