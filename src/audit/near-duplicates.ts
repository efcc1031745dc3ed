import { Xoshiro128 } from '../core/index.js';
import { type Finding, finding, NO_RAW_COLUMN, notApplicable, percent } from './audit.js';
import type { Prepared } from './prepared.js';
import { type Codes, groupRows } from './row-groups.js';

/** A pair may differ in this share of the columns, and in no more than MAX_DIFFERING. */
const DIFFERING_SHARE = 0.1;
const MAX_DIFFERING = 4;
const MIN_COLUMNS = 4;
/** How many training rows may agree as much with a row by chance. */
const MAX_CHANCE = 0.01;
/** Training rows of one key that a test row is compared with: what is found is a lower bound. */
const MAX_COMPARED = 16;
const MAX_SHARE = 0.05;

/** Returns how many columns a near duplicate may differ in; 0 where there are too few columns to tell. */
export function differingColumns(nColumns: number): number {
  if (nColumns < MIN_COLUMNS) return 0;
  return Math.min(MAX_DIFFERING, Math.max(1, Math.floor(DIFFERING_SHARE * nColumns)));
}

/**
 * Returns which test rows are near duplicates of a training row, and are no copies: they are equal to it in all but at most a
 * tenth of the columns that vary (at least one column, at most four), and by chance fewer than one in a hundred training
 * sets would hold a row that agrees as much. Two rows that differ in d columns are equal in at least two of any d + 2 blocks
 * of columns, so only rows with an equal pair of blocks are compared, at most 16 of each. Deterministic for a seed.
 */
export function nearCopies(data: Prepared, copies: Uint8Array): Uint8Array {
  const { split } = data.input;
  const columns = varying(data);
  const nDiffering = differingColumns(columns.length);
  const near = new Uint8Array(split?.test.length ?? 0);
  if (split === undefined || nDiffering === 0) return near;
  const random = new Xoshiro128(data.randomState, 1);
  const blocks = blocksOf(shuffled(columns, random), nDiffering + 2).map((block) =>
    groupRows(block, data.nRows),
  );
  const isClose = comparison(columns, { nDiffering, nTrain: split.train.length });
  const train = shuffled(distinct(split.train, data.rawRows), random);
  for (const [a, b] of pairs(blocks)) {
    const rowsOf = buckets(train, a, b);
    split.test.forEach((row, i) => {
      if (near[i] === 1 || copies[i] === 1) return;
      const like = rowsOf.get(a.codes[row]! * b.count + b.codes[row]!);
      if (like?.some((other) => isClose(row, other))) near[i] = 1;
    });
  }
  return near;
}

/** Returns how many test rows are near duplicates of a training row; a share of 5 % warns. */
export function auditNearDuplicates(data: Prepared, near: Uint8Array): Finding {
  if (data.input.split === undefined) return notApplicable('there are no test rows');
  if (data.raw.length === 0) return notApplicable(NO_RAW_COLUMN);
  const nColumns = varying(data).length;
  const nDiffering = differingColumns(nColumns);
  if (nDiffering === 0) return notApplicable(`fewer than ${MIN_COLUMNS} columns vary`);
  const found = near.reduce((sum, one) => sum + one, 0);
  const share = found / near.length;
  const within = `all but at most ${nDiffering} of ${nColumns} columns`;
  const words = `at least ${found} of ${near.length} test rows equal a training row in ${within} (${percent(share)})`;
  return finding(share >= MAX_SHARE ? 'warn' : 'pass', words, {
    numbers: { near: found, rows: near.length, share, columns: nColumns, differing: nDiffering },
    ...(share >= MAX_SHARE ? { fix: FIX } : {}),
  });
}

const FIX =
  'test on later rows, or on sessions and sources that training has not seen, and look at the score without them';

function varying(data: Prepared): Codes[] {
  return data.raw.map((column) => data.codes(column)).filter(({ count }) => count > 1);
}

function shuffled<T>(values: readonly T[], random: Xoshiro128): T[] {
  const mixed = [...values];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random.nextBelow(i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

/** Deals the columns into blocks, those of many values evenly, so that no block holds only what all rows share. */
function blocksOf(columns: readonly Codes[], nBlocks: number): Codes[][] {
  const blocks: Codes[][] = Array.from({ length: Math.min(nBlocks, columns.length) }, () => []);
  const byCount = columns.toSorted((a, b) => b.count - a.count);
  for (const [i, column] of byCount.entries()) blocks[i % blocks.length]!.push(column);
  return blocks;
}

function pairs(blocks: readonly Codes[]): [Codes, Codes][] {
  return blocks.flatMap((a, i) => blocks.slice(i + 1).map((b): [Codes, Codes] => [a, b]));
}

/** Of equal rows the first. */
function distinct(rows: Uint32Array, { codes, count }: Codes): number[] {
  const seen = new Uint8Array(count);
  return [...rows].filter((row) => {
    const isFirst = seen[codes[row]!] === 0;
    seen[codes[row]!] = 1;
    return isFirst;
  });
}

function buckets(rows: readonly number[], a: Codes, b: Codes): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const key = a.codes[row]! * b.count + b.codes[row]!;
    const bucket = found.get(key);
    if (bucket === undefined) found.set(key, [row]);
    else if (bucket.length < MAX_COMPARED) bucket.push(row);
  }
  return found;
}

/** Returns whether two rows are close: few columns differ, and those that agree are no matter of chance. */
function comparison(
  columns: readonly Codes[],
  { nDiffering, nTrain }: { readonly nDiffering: number; readonly nTrain: number },
): (row: number, other: number) => boolean {
  const logShares = columns.map(({ codes, count }) => {
    const counts = new Float64Array(count);
    for (const code of codes) counts[code] = counts[code]! + 1;
    return counts.map((value) => Math.log(value / codes.length));
  });
  const most = Math.log(MAX_CHANCE / nTrain);
  return (row, other) => {
    let differing = 0;
    let logChance = 0;
    for (let j = 0; j < columns.length; j++) {
      const { codes } = columns[j]!;
      if (codes[row] === codes[other]) logChance += logShares[j]![codes[row]!]!;
      else if (++differing > nDiffering) return false;
    }
    return logChance <= most;
  };
}
