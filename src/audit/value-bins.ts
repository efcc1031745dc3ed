import type { TableValues } from '../data/index.js';
import { type Codes, codesOf } from './row-groups.js';

/** Numbers with no more values than this keep them; of more, a bin holds at least ten rows. */
const MAX_BINS = 256;
const MIN_ROWS_OF_BIN = 10;

/**
 * Returns the values of a column as few codes: texts as they are, numbers of many values in bins of about equal counts, equal
 * numbers together; missing numbers have a bin of their own. Cost O(n log n).
 */
export function binsOf(values: TableValues): Codes {
  const exact = codesOf(values);
  const most = Math.max(2, Math.min(MAX_BINS, Math.floor(values.length / MIN_ROWS_OF_BIN)));
  if (!(values instanceof Float64Array) || exact.count <= most) return exact;
  const distinct = new Float64Array(exact.count);
  const sizes = new Float64Array(exact.count);
  exact.codes.forEach((code, i) => {
    distinct[code] = values[i]!;
    sizes[code] = sizes[code]! + 1;
  });
  const order = Uint32Array.from(distinct, (_, code) => code);
  order.sort((a, b) => rank(distinct[a]!) - rank(distinct[b]!));
  const bins = new Int32Array(exact.count);
  let below = 0;
  for (const code of order) {
    bins[code] = Number.isNaN(distinct[code]!) ? most : Math.floor((below * most) / values.length);
    below += sizes[code]!;
  }
  return { codes: exact.codes.map((code) => bins[code]!), count: most + 1 };
}

/** Missing numbers come last. */
function rank(value: number): number {
  return Number.isNaN(value) ? Number.MAX_VALUE : value;
}
