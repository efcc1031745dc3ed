import { PhantomNetError } from '../core/index.js';
import type { ColumnSchema } from './column.js';

/** A source's declaration of one column of a table: what it is for, and what its values are. */
export interface TableColumn extends ColumnSchema {
  readonly type: 'numeric' | 'categorical';
  /** Every value is a whole number. */
  readonly isInteger: boolean;
}

/** A kind of labelled table: rows whose columns are features already. */
export interface TableSource {
  /** The name that `--format` takes. */
  readonly name: string;
  /** Every column, in the order of the file. */
  readonly columns: readonly TableColumn[];
}

/** The values of one column: numbers, NaN where one is missing, or text, null where one is. */
export type TableValues = Float64Array | readonly (string | null)[];

/** Rows of a labelled table by column, with where each row stands in its input. */
export interface Table {
  /** File the rows came from, as the user named it; `-` is standard input. */
  readonly file: string;
  readonly source: TableSource;
  readonly nRows: number;
  /** Zero-based position of each row among the rows of the input, rejected ones counted. */
  readonly positions: Uint32Array;
  /** One-based line of each row. */
  readonly lines: Uint32Array;
  /** File of each line, where rows were made of the events of several logs; else all are of `file`. */
  readonly files?: readonly string[];
  /** The values of every column of the source, by its name. */
  readonly values: ReadonlyMap<string, TableValues>;
}

/** Returns where a row stands: file and one-based line. */
export function tablePlace(table: Table, row: number): { readonly file: string; readonly line: number } {
  return { file: table.files?.[row] ?? table.file, line: table.lines[row]! };
}

/** Returns the rows of `table` at `rows`, in that order. Cost O(rows × columns). */
export function takeTableRows(table: Table, rows: ArrayLike<number>): Table {
  const index = Uint32Array.from(rows);
  for (const row of index)
    if (row >= table.nRows)
      throw new PhantomNetError('INTERNAL', `row ${row} is outside 0..${table.nRows - 1}`);
  const pick = (values: TableValues): TableValues =>
    values instanceof Float64Array
      ? Float64Array.from(index, (row) => values[row]!)
      : Array.from(index, (row) => values[row]!);
  return {
    ...table,
    nRows: index.length,
    positions: index.map((row) => table.positions[row]!),
    lines: index.map((row) => table.lines[row]!),
    ...(table.files === undefined ? {} : { files: Array.from(index, (row) => table.files![row]!) }),
    values: new Map([...table.values].map(([name, values]) => [name, pick(values)])),
  };
}

/** Returns the rows of all `tables`, one after the other; all of them are of one input. Cost O(rows × columns). */
export function concatTables(tables: readonly [Table, ...Table[]]): Table {
  const [first] = tables;
  const nRows = tables.reduce((sum, table) => sum + table.nRows, 0);
  const whole = <T extends Uint32Array | Float64Array>(empty: T, part: (table: Table) => T): T => {
    let at = 0;
    for (const table of tables) {
      empty.set(part(table), at);
      at += table.nRows;
    }
    return empty;
  };
  const column = (name: string, values: TableValues): TableValues =>
    values instanceof Float64Array
      ? whole(new Float64Array(nRows), (table) => table.values.get(name) as Float64Array)
      : tables.flatMap((table) => table.values.get(name) as readonly (string | null)[]);
  return {
    ...first,
    nRows,
    positions: whole(new Uint32Array(nRows), (table) => table.positions),
    lines: whole(new Uint32Array(nRows), (table) => table.lines),
    ...(first.files === undefined ? {} : { files: tables.flatMap((table) => table.files!) }),
    values: new Map([...first.values].map(([name, values]) => [name, column(name, values)])),
  };
}
