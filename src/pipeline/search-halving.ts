import { RandomState } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';

/** One round of a search: so many combinations, each on so much of the resource. */
export interface Rung {
  readonly nCandidates: number;
  readonly nResources: number;
}

/** What successive halving has to share out. */
interface HalvingBudget {
  readonly nCandidates: number;
  readonly factor: number;
  /** All there is of the resource. */
  readonly maxResources: number;
  /** Less of it makes no trial. */
  readonly leastResources: number;
}

/**
 * Returns the rungs of successive halving: the last has at most `factor` − 1 combinations where the resource allows, and as
 * much of the resource as can be (scikit-learn's HalvingRandomSearchCV with `min_resources='exhaust'`, in whole numbers).
 */
export function halvingRungs({ nCandidates, factor, maxResources, leastResources }: HalvingBudget): Rung[] {
  const nRequired = 1 + floorLog(nCandidates, factor);
  const exhaust = Math.floor(maxResources / factor ** (nRequired - 1));
  const first = Math.min(maxResources, Math.max(leastResources, exhaust));
  const nPossible = 1 + floorLog(Math.floor(maxResources / first), factor);
  const rungs: Rung[] = [];
  let left = nCandidates;
  for (let i = 0; i < Math.min(nRequired, nPossible); i++) {
    rungs.push({ nCandidates: left, nResources: first * factor ** i });
    left = Math.ceil(left / factor);
  }
  return rungs;
}

/** The greatest k with factor^k ≤ n; a quotient of logarithms is too small at some powers. */
function floorLog(n: number, factor: number): number {
  let k = 0;
  for (let power = factor; power <= n; power *= factor) k++;
  return k;
}

/**
 * Returns the folds with a share of their training rows, every class in its proportion and the test rows as they are. The
 * rows of a smaller share are among those of a greater one. Deterministic given the seed.
 */
export function shareOfFolds(
  folds: readonly Split[],
  labels: Labels,
  { share, randomState }: { readonly share: number; readonly randomState: number },
): Split[] {
  return folds.map(({ train, test }) => {
    const kept = Math.min(train.length, Math.max(1, Math.round(share * train.length)));
    const chosen = new Set(evenOrder(train, labels, randomState).slice(0, kept));
    return { train: train.filter((row) => chosen.has(row)), test };
  });
}

/** Rows in an order of which each beginning has every class in its proportion, and one of each class before a second. */
function evenOrder(rows: Uint32Array, { classes, codes }: Labels, randomState: number): number[] {
  const random = new RandomState(randomState);
  const placed = classes.flatMap((_, code) => {
    const members = random.shuffle(rows.filter((row) => codes[row] === code));
    return Array.from(members, (row, i) => ({ row, code, at: i / members.length }));
  });
  return placed.sort((a, b) => a.at - b.at || a.code - b.code).map(({ row }) => row);
}
