import type { PythonValue, Table, TableColumn, TableSource, TableValues } from '../data/index.js';
import type { RowFault } from './row.js';

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MAX_TEXT_LENGTH = 256;
const CONTROL = /\p{Cc}/u;

interface GrowingColumn {
  readonly column: TableColumn;
  readonly numbers: number[];
  readonly texts: string[];
}

/** Collects rows of cells into the columns of a table. A row that does not fit leaves no trace in them. */
export class TableBuilder {
  readonly #source: TableSource;
  readonly #file: string;
  /** Equal texts are kept once, however many rows have them. */
  readonly #known = new Map<string, string>();
  #columns: GrowingColumn[];
  #positions: number[] = [];
  #lines: number[] = [];

  constructor(source: TableSource, file: string) {
    this.#source = source;
    this.#file = file;
    this.#columns = emptyColumns(source);
  }

  get nRows(): number {
    return this.#positions.length;
  }

  /** Takes the cells of a row, one a column in the source's order, or returns why they are no row. */
  add(
    cells: readonly (readonly [name: string, value: PythonValue])[],
    place: { readonly line: number; readonly position: number },
  ): RowFault | undefined {
    const values: (number | string)[] = [];
    for (const [i, { column }] of this.#columns.entries()) {
      const value = readCell(cells[i]![1] as string | null, column);
      if (typeof value === 'object') return value;
      values.push(value);
    }
    for (const [i, { numbers, texts }] of this.#columns.entries()) {
      const value = values[i]!;
      if (typeof value === 'number') numbers.push(value);
      else texts.push(this.#once(value));
    }
    this.#positions.push(place.position);
    this.#lines.push(place.line);
    return undefined;
  }

  /** Returns the rows taken since the last call, and forgets them. */
  take(): Table {
    const values = this.#columns.map(({ column, numbers, texts }): [string, TableValues] => [
      column.name,
      column.type === 'numeric' ? Float64Array.from(numbers) : texts,
    ]);
    const table: Table = {
      file: this.#file,
      source: this.#source,
      nRows: this.nRows,
      positions: Uint32Array.from(this.#positions),
      lines: Uint32Array.from(this.#lines),
      values: new Map(values),
    };
    this.#columns = emptyColumns(this.#source);
    this.#positions = [];
    this.#lines = [];
    return table;
  }

  #once(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, text);
    return text;
  }
}

function emptyColumns({ columns }: TableSource): GrowingColumn[] {
  return columns.map((column) => ({ column, numbers: [], texts: [] }));
}

function readCell(text: string | null, { name, type, isInteger }: TableColumn): number | string | RowFault {
  if (text === null || text === '')
    return { code: 'missing-value', reason: 'the cell has no value', column: name };
  if (type === 'categorical') {
    if (text.length <= MAX_TEXT_LENGTH && !CONTROL.test(text)) return text;
    const reason = `the cell is no word of at most ${MAX_TEXT_LENGTH} characters`;
    return { code: 'bad-text', reason, column: name };
  }
  const value = text.length <= MAX_TEXT_LENGTH && NUMBER.test(text) ? Number(text) : Number.NaN;
  // Features are single precision, and beyond its range there is no such number.
  if (Number.isFinite(Math.fround(value)) && (!isInteger || Number.isInteger(value))) return value;
  return {
    code: 'bad-number',
    reason: `the cell is no ${isInteger ? 'whole ' : ''}number`,
    column: name,
  };
}
