import { type AreaUnderCurve, areaUnderCurve, groupsOf } from './auc.js';
import type { Codes } from './row-groups.js';

/** Cuts on the way to a leaf, so at most eight ranges of numbers. */
const DEPTH = 3;

/** The numbers of a column, equal ones with one code. */
export interface NumberCodes extends Codes {
  /** The number of each row; a missing one is NaN. */
  readonly numbers: Float64Array;
}

/**
 * Returns the area where each row is scored with the share of positive rows in its range of numbers in the other folds; the
 * whole share counts as one row more. A tree of Gini's impurity cuts the ranges, anew for each fold, on the rows of the others
 * (Breiman et al. 1984), so that few rows do, where the ranges of the classes lie apart. Cost O(rows × log rows).
 */
export function cutsArea(
  { codes, count, numbers }: NumberCodes,
  isPositive: Uint8Array,
  { folds, nFolds }: { readonly folds: Uint8Array; readonly nFolds: number },
): AreaUnderCurve {
  const ranked = ranksOf({ codes, count, numbers });
  const cells = codes.map((code, i) => ranked.rankOf[code]! * nFolds + folds[i]!);
  const groups = groupsOf({ codes: cells, count: count * nFolds }, isPositive);
  const prior = isPositive.reduce((sum, one) => sum + one, 0) / isPositive.length;
  const scores = new Float64Array(count * nFolds);
  for (let fold = 0; fold < nFolds; fold++) {
    const others = { nFolds, fold, count };
    const tree = new Cuts(
      ranked.values,
      othersBelow(groups.rows, others),
      othersBelow(groups.positives, others),
    );
    tree.eachRange({ from: 0, to: count, depth: DEPTH }, ({ from, to, rows, positives }) => {
      for (let rank = from; rank < to; rank++)
        scores[rank * nFolds + fold] = (positives + prior) / (rows + 1);
    });
  }
  return areaUnderCurve(scores, groups);
}

/** The distinct numbers in order, a missing one first, and the place of each code among them. */
function ranksOf({ codes, count, numbers }: NumberCodes) {
  const ofCode = new Float64Array(count);
  codes.forEach((code, i) => {
    ofCode[code] = Number.isNaN(numbers[i]!) ? Number.NEGATIVE_INFINITY : numbers[i]!;
  });
  const order = Uint32Array.from(ofCode, (_, code) => code).sort((a, b) => ofCode[a]! - ofCode[b]! || a - b);
  const rankOf = new Uint32Array(count);
  order.forEach((code, rank) => {
    rankOf[code] = rank;
  });
  return { rankOf, values: Float64Array.from(order, (code) => ofCode[code]!) };
}

/** How many of the other folds are below each rank. */
function othersBelow(
  counts: Float64Array,
  { nFolds, fold, count }: { readonly nFolds: number; readonly fold: number; readonly count: number },
): Float64Array {
  const below = new Float64Array(count + 1);
  for (let rank = 0; rank < count; rank++) {
    let sum = 0;
    for (let f = 0; f < nFolds; f++) if (f !== fold) sum += counts[rank * nFolds + f]!;
    below[rank + 1] = below[rank]! + sum;
  }
  return below;
}

/** Ranks from `from` to before `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** A tree of one column. */
class Cuts {
  constructor(
    readonly values: Float64Array,
    readonly rowsBelow: Float64Array,
    readonly positivesBelow: Float64Array,
  ) {}

  /** Calls `use` with each range that at most `depth` cuts in a row lead to. */
  eachRange(
    { from, to, depth }: Range & { readonly depth: number },
    use: (range: Range & { readonly rows: number; readonly positives: number }) => void,
  ): void {
    const cut = depth === 0 ? undefined : this.#bestCut({ from, to });
    if (cut === undefined) {
      const rows = this.rowsBelow[to]! - this.rowsBelow[from]!;
      use({ from, to, rows, positives: this.positivesBelow[to]! - this.positivesBelow[from]! });
      return;
    }
    this.eachRange({ from, to: cut, depth: depth - 1 }, use);
    this.eachRange({ from: cut, to, depth: depth - 1 }, use);
  }

  #bestCut({ from, to }: Range): number | undefined {
    let best = { after: -1, purity: this.#purity(from, to) };
    for (let after = from; after + 1 < to; after++) {
      const purity = this.#purity(from, after + 1) + this.#purity(after + 1, to);
      if (purity > best.purity + 1e-9) best = { after, purity };
    }
    return best.after < 0 ? undefined : this.#between(best.after, to);
  }

  /** Rows times the chance that two drawn from the range are of one class. */
  #purity(from: number, to: number): number {
    const rows = this.rowsBelow[to]! - this.rowsBelow[from]!;
    const positives = this.positivesBelow[to]! - this.positivesBelow[from]!;
    return rows === 0 ? 0 : (positives ** 2 + (rows - positives) ** 2) / rows;
  }

  /** Where a cut after this rank begins: numbers that the other folds lack go to the nearer side. */
  #between(after: number, to: number): number {
    let next = after + 1;
    while (next + 1 < to && this.rowsBelow[next + 1] === this.rowsBelow[next]) next++;
    const middle = this.values[after]! / 2 + this.values[next]! / 2;
    let cut = after + 1;
    while (cut < next && this.values[cut]! <= middle) cut++;
    return cut;
  }
}
