import type { TableValues } from '../data/index.js';

/** A value of each row as a number from 0, equal where the values are. */
export interface Codes {
  readonly codes: Int32Array;
  readonly count: number;
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

/** Returns how many of the rows have each pair of group and class: nGroups × nClasses, row-major. */
export function countByGroup(
  { codes, count }: Codes,
  labels: ArrayLike<number>,
  nClasses: number,
): Uint32Array {
  const counts = new Uint32Array(count * nClasses);
  for (let i = 0; i < codes.length; i++) {
    const at = codes[i]! * nClasses + labels[i]!;
    counts[at] = counts[at]! + 1;
  }
  return counts;
}
