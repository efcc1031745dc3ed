import { PhantomNetError, show } from '../../core/index.js';

/** Rows by source, in the order in which sources first occur. Throws BAD_DATA for a row without one. Cost O(n). */
export function rowsBySource(sources: ArrayLike<number | string>): ReadonlyMap<number | string, number[]> {
  const rows = new Map<number | string, number[]>();
  for (let row = 0; row < sources.length; row++) {
    const source = sources[row]!;
    if (typeof source !== 'string' && !Number.isFinite(source))
      throw new PhantomNetError('BAD_DATA', `row ${row} has no usable source, got ${show(source)}`, {
        hint: 'give every row a text or a finite number as its source, one of its own where it is not known',
        details: { row },
      });
    const found = rows.get(source);
    if (found === undefined) rows.set(source, [row]);
    else found.push(row);
  }
  return rows;
}
