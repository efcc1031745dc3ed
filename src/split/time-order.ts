import { invalidParameter, PhantomNetError, show } from '../core/index.js';

/** Returns row numbers by time, equal times by row number. Throws BAD_DATA for a row without a time. O(n log n). */
export function timeOrder(times: ArrayLike<number>): Uint32Array {
  for (let row = 0; row < times.length; row++)
    if (!Number.isFinite(times[row]))
      throw new PhantomNetError('BAD_DATA', `row ${row} has no usable time, got ${show(times[row])}`, {
        hint: 'give every row a finite time, or leave the row out',
        details: { row },
      });
  return Uint32Array.from({ length: times.length }, (_, i) => i).sort(
    (a, b) => times[a]! - times[b]! || a - b,
  );
}

/** Returns how many rows at the start of `order` hold, where none holds after one that does not. O(log n). */
export function countLeading(order: Uint32Array, holds: (row: number) => boolean): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(order[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Throws INVALID_PARAMETER unless the gap is a finite length of time. */
export function checkTimeGap(gap: number): void {
  if (!(gap >= 0 && gap < Number.POSITIVE_INFINITY)) invalidParameter('gap', 'a length of time from 0', gap);
}
