import { type Finding, finding, NO_RAW_COLUMN, notApplicable, percent } from './audit.js';
import type { Prepared } from './prepared.js';

/** Copies beyond those that chance explains warn from this share of the rows on. */
const MAX_SHARE = 0.01;
const MAX_ROWS_LOOKED_AT = 20_000;

/** Which test rows are copies of a training row: 1 where one is, in the order of the split's test rows. */
export function exactCopies(data: Prepared): Uint8Array {
  const { split } = data.input;
  if (split === undefined) return new Uint8Array();
  const { codes, count } = data.rawRows;
  const trained = new Uint8Array(count);
  for (const row of split.train) trained[codes[row]!] = 1;
  return Uint8Array.from(split.test, (row) => trained[codes[row]!]!);
}

/**
 * Returns how many test rows are copies of a training row, in every raw column but ids, times and what holds the label.
 * Some are to be expected where columns have few values: how many, were the columns of each class unrelated. Beyond those a
 * copied share of 1 % warns. Without a split it counts the rows that have a copy in the same data.
 */
export function auditExactDuplicates(data: Prepared, copies: Uint8Array): Finding {
  if (data.raw.length === 0) return notApplicable(NO_RAW_COLUMN);
  const { split } = data.input;
  const rows = split?.test ?? data.trainRows;
  const found = split === undefined ? repeatedRows(data) : copies.reduce((sum, one) => sum + one, 0);
  const expected = expectedCopies(data, rows);
  const excess = found - expected;
  const share = found / rows.length;
  const what =
    split === undefined
      ? 'rows have an exact copy in the data'
      : 'test rows are exact copies of training rows';
  const words = `${found} of ${rows.length} ${what} (${percent(share)}; by chance about ${Math.round(expected)})`;
  // Within one set a copy makes two rows copies, which doubles the variance.
  const spread = Math.sqrt((split === undefined ? 2 : 1) * expected * (1 - expected / rows.length));
  const isMuch = excess > Math.max(MAX_SHARE * rows.length, 2 + 3 * spread);
  const numbers = { copies: found, rows: rows.length, share, expected };
  return finding(isMuch ? 'warn' : 'pass', words, {
    numbers,
    ...(isMuch ? { fix: FIX } : {}),
  });
}

const FIX =
  'split by time, session or source so that copies stay on one side, and look at the score without them';

/** Returns how many rows are equal to another row. */
function repeatedRows({ rawRows: { codes, count } }: Prepared): number {
  const sizes = new Uint32Array(count);
  for (const code of codes) sizes[code] = sizes[code]! + 1;
  return sizes.reduce((sum, size) => sum + (size > 1 ? size : 0), 0);
}

/**
 * Returns how many of the rows would have an equal training row, were the columns of a class independent of one another;
 * of many rows it looks at as many, evenly spaced, as tell.
 */
function expectedCopies(data: Prepared, rows: Uint32Array): number {
  const step = Math.ceil(rows.length / MAX_ROWS_LOOKED_AT);
  const some = rows.filter((_, i) => i % step === 0);
  // Without a split a row is among those that it is compared with, and is no copy of itself.
  const others = data.input.split === undefined ? 1 - 1 / data.trainRows.length : 1;
  const perRow = new Float64Array(some.length);
  for (const trained of rowsByClass(data)) {
    const logChance = logChances(data, trained, some);
    logChance.forEach((chance, i) => {
      perRow[i] = perRow[i]! + trained.length * others * Math.exp(chance);
    });
  }
  return (perRow.reduce((sum, mean) => sum - Math.expm1(-mean), 0) * rows.length) / some.length;
}

/** Returns how likely each of `rows` is, as a logarithm, where each column is drawn from `trained` on its own. */
function logChances(data: Prepared, trained: readonly number[], rows: Uint32Array): Float64Array {
  const logChance = new Float64Array(rows.length);
  for (const column of data.raw) {
    const { codes, count } = data.codes(column);
    if (count <= 1) continue;
    const counts = new Uint32Array(count);
    for (const row of trained) counts[codes[row]!] = counts[codes[row]!]! + 1;
    rows.forEach((row, i) => {
      logChance[i] = logChance[i]! + Math.log(counts[codes[row]!]! / trained.length);
    });
  }
  return logChance;
}

function rowsByClass({ trainRows, labels }: Prepared): number[][] {
  const byClass: number[][] = labels.classes.map(() => []);
  for (const row of trainRows) byClass[labels.codes[row]!]!.push(row);
  return byClass.filter((rows) => rows.length > 0);
}
