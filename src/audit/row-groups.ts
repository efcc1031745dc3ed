import type { TableValues } from '../data/index.js';

/** A value of each row as a number from 0, equal where the values are. */
export interface Codes {
  readonly codes: Int32Array;
  readonly count: number;
}

/** Returns the values at `rows`, in that order. */
export function valuesAt(values: TableValues, rows: Uint32Array): TableValues {
  return values instanceof Float64Array
    ? Float64Array.from(rows, (row) => values[row]!)
    : Array.from(rows, (row) => values[row]!);
}

/** Returns the values of a column as codes in order of appearance; a missing value is a value. Cost O(rows). */
export function codesOf(values: TableValues): Codes {
  const codes = new Int32Array(values.length);
  const known = new Map<number | string | null, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    let code = known.get(value);
    if (code === undefined) {
      code = known.size;
      known.set(value, code);
    }
    codes[i] = code;
  }
  return { codes, count: known.size };
}

/** Returns which rows are equal in all of these columns, exactly. Cost O(rows × columns). */
export function groupRows(columns: readonly Codes[], nRows: number): Codes {
  let group: Codes = { codes: new Int32Array(nRows), count: Math.min(1, nRows) };
  for (const column of columns) group = refine(group, column);
  return group;
}

function refine(group: Codes, column: Codes): Codes {
  if (column.count <= 1) return group;
  const codes = new Int32Array(group.codes.length);
  const known = new Map<number, number>();
  for (let i = 0; i < codes.length; i++) {
    const key = group.codes[i]! * column.count + column.codes[i]!;
    let code = known.get(key);
    if (code === undefined) {
      code = known.size;
      known.set(key, code);
    }
    codes[i] = code;
  }
  return { codes, count: known.size };
}

/** What the rows of each group have of another value, by group. */
interface GroupTally {
  /** The commonest value, of equally common ones the lowest; -1 where no row was counted. */
  readonly best: Int32Array;
  /** How many rows have it. */
  readonly most: Uint32Array;
  /** How many different values there are. */
  readonly distinct: Uint32Array;
}

/** Returns what the rows of each group have of `values`, those rows alone that `counts` holds of. Cost O(rows). */
export function tallyByGroup(
  { codes, count }: Codes,
  values: ArrayLike<number>,
  counts: (row: number) => boolean = () => true,
): GroupTally {
  const pairs = new Map<number, number>();
  for (let row = 0; row < codes.length; row++) {
    if (!counts(row)) continue;
    const key = values[row]! + codes[row]! * WIDTH;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
  }
  const tally = {
    best: new Int32Array(count).fill(-1),
    most: new Uint32Array(count),
    distinct: new Uint32Array(count),
  };
  for (const [key, rows] of pairs)
    addPair(tally, { group: Math.floor(key / WIDTH), value: key % WIDTH, rows });
  return tally;
}

/** A pair of group and value is one whole number: values are below this. */
const WIDTH = 2 ** 26;

function addPair(
  { best, most, distinct }: GroupTally,
  { group, value, rows }: { readonly group: number; readonly value: number; readonly rows: number },
): void {
  distinct[group] = distinct[group]! + 1;
  const isBetter = rows > most[group]! || (rows === most[group] && value < best[group]!);
  if (!isBetter) return;
  best[group] = value;
  most[group] = rows;
}
