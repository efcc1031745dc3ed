import type { Codes } from './row-groups.js';

/** An area under the ROC curve, and the lower end of its 95 % interval. */
export interface AreaUnderCurve {
  readonly area: number;
  readonly low: number;
}

/** Rows that share a score: how many there are, and how many of them are positive. */
export interface ScoredGroups {
  readonly rows: Float64Array;
  readonly positives: Float64Array;
}

/** Returns how many rows each code has, and how many of them are positive. */
export function groupsOf({ codes, count }: Codes, isPositive: Uint8Array): ScoredGroups {
  const rows = new Float64Array(count);
  const positives = new Float64Array(count);
  codes.forEach((code, i) => {
    rows[code] = rows[code]! + 1;
    positives[code] = positives[code]! + isPositive[i]!;
  });
  return { rows, positives };
}

/** Returns what the area is when the scores are turned around. */
export function turned({ area, low }: AreaUnderCurve): AreaUnderCurve {
  return { area: 1 - area, low: 1 - area - (area - low) };
}

/**
 * Returns the area under the ROC curve of groups of rows with one score each, ties counted half: the share of pairs of a
 * positive and a negative row in which the positive one scores higher; and the lower end of its interval by the variance of
 * DeLong, DeLong and Clarke-Pearson 1988, which is the area itself where every pair is in order. NaN where a side has fewer
 * than two rows. Cost O(groups × log groups).
 */
export function areaUnderCurve(scores: Float64Array, groups: ScoredGroups): AreaUnderCurve {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const nPositive = groups.positives.reduce((sum, count) => sum + count, 0);
  const nNegative = groups.rows.reduce((sum, count) => sum + count, 0) - nPositive;
  const [ofPositives, ofNegatives] = [new Moments(), new Moments()];
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let start = 0; start < order.length; ) {
    let positives = 0;
    let rows = 0;
    let end = start;
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) {
      positives += groups.positives[order[end]!]!;
      rows += groups.rows[order[end]!]!;
    }
    const negatives = rows - positives;
    // A row's placement: the share of the other side that it is in order with.
    ofPositives.add((negativesBelow + negatives / 2) / nNegative, positives);
    ofNegatives.add((nPositive - positivesBelow - positives / 2) / nPositive, negatives);
    positivesBelow += positives;
    negativesBelow += negatives;
    start = end;
  }
  const area = ofPositives.mean;
  const variance = ofPositives.variance / nPositive + ofNegatives.variance / nNegative;
  return { area, low: area - 1.959964 * Math.sqrt(variance) };
}

/** Mean and variance of values that come with how often they occur. */
class Moments {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number, count: number): void {
    this.#count += count;
    this.#sum += count * (1 - value);
    this.#squares += count * (1 - value) ** 2;
  }

  get mean(): number {
    return 1 - this.#sum / this.#count;
  }

  get variance(): number {
    return Math.max(0, this.#squares - this.#sum ** 2 / this.#count) / (this.#count - 1);
  }
}
