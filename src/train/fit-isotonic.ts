import type { IsotonicCalibration } from '../model/index.js';

/** Neighbouring samples pooled to one level: from the lowest score to the highest, how many, and how many positive. */
interface Block {
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly positives: number;
}

/**
 * Returns the rising step levels nearest to the labels in squared error, as points: the pool of adjacent violators
 * (Ayer et al. 1955). Levels are compared as fractions of whole numbers, so without rounding. Cost O(n log n).
 */
export function fitIsotonic(scores: ArrayLike<number>, yTrue: ArrayLike<number>): IsotonicCalibration {
  const x: number[] = [];
  const y: number[] = [];
  for (const { first, last, rows, positives } of pool(byScore(scores, yTrue))) {
    x.push(first);
    y.push(positives / rows);
    if (last === first) continue;
    x.push(last);
    y.push(positives / rows);
  }
  return { kind: 'isotonic', x, y };
}

/** A block for each distinct score, ascending; the scores of each class are sorted as numbers, once. */
function* byScore(scores: ArrayLike<number>, yTrue: ArrayLike<number>): Generator<Block> {
  const side = (label: number) => {
    const sorted = new Float64Array(scores.length);
    let n = 0;
    // Adding 0 turns -0 into 0, which the sort would put apart though they are equal.
    for (let i = 0; i < scores.length; i++) if (yTrue[i] === label) sorted[n++] = scores[i]! + 0;
    return sorted.subarray(0, n).sort();
  };
  const [negatives, positives] = [side(0), side(1)];
  let p = 0;
  let q = 0;
  while (p < positives.length || q < negatives.length) {
    const score = Math.min(positives[p] ?? Infinity, negatives[q] ?? Infinity);
    const [fromP, fromQ] = [p, q];
    while (positives[p] === score) p++;
    while (negatives[q] === score) q++;
    yield { first: score, last: score, rows: p - fromP + q - fromQ, positives: p - fromP };
  }
}

/** Merges each block into those before it for as long as they are not lower. */
function pool(blocks: Iterable<Block>): Block[] {
  const pooled: Block[] = [];
  for (const block of blocks) {
    let current = block;
    for (let before = pooled.at(-1); before && !isLower(before, current); before = pooled.at(-1)) {
      pooled.pop();
      current = {
        first: before.first,
        last: current.last,
        rows: before.rows + current.rows,
        positives: before.positives + current.positives,
      };
    }
    pooled.push(current);
  }
  return pooled;
}

function isLower(a: Block, b: Block): boolean {
  return a.positives * b.rows < b.positives * a.rows;
}
