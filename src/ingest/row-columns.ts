import { getHeapStatistics } from 'node:v8';
import { PhantomNetError, show } from '../core/index.js';
import {
  type PythonValue,
  pythonRepr,
  type Table,
  type TableColumn,
  type TableValues,
} from '../data/index.js';
import { cellNumber, type DeclaredRoles, inferColumn, numbersOf } from './infer-columns.js';
import { redactFields } from './redact.js';
import type { RowFault } from './row.js';
import { isSecretKey, spelledSecrets } from './secrets.js';

/** A row of a table of its own columns is that, whatever they are. */
const SOURCE_NAME = 'table';
/** The most columns the rows of one input may have between them. */
const MAX_COLUMNS = 4096;
/** What a cell and a text that no other cell has take, but for its characters, as measured. */
const CELL_BYTES = 16;
const TEXT_BYTES = 64;
/** A Map holds no more than twice as many. */
const MAX_KNOWN = 2 ** 23;

/** What is known of an input before its rows are read. */
export interface RowColumnsOptions extends DeclaredRoles {
  readonly file: string;
  readonly keepSecrets: boolean;
  /** Columns as another input has them: their types and roles hold here too. */
  readonly columns?: readonly TableColumn[] | undefined;
  /** Most bytes that the rows may take, about; half of what Node may have when absent. */
  readonly maxBytes?: number;
}

type Cells = readonly (readonly [name: string, value: PythonValue])[];

/** Collects rows whose columns nobody declared; what they are is told once all rows are there. */
export class RowColumns {
  readonly #options: RowColumnsOptions;
  readonly #numeric: ReadonlySet<string>;
  readonly #columns = new Map<string, (string | null)[]>();
  /** Equal texts are kept once, however many rows have them. */
  readonly #known = new Map<string, string>();
  readonly #isSecret = new Map<string, boolean>();
  readonly #positions: number[] = [];
  readonly #lines: number[] = [];
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(options: RowColumnsOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? getHeapStatistics().heap_size_limit / 2;
    const numeric = (options.columns ?? []).filter((column) => column.type === 'numeric');
    this.#numeric = new Set(numeric.map((column) => column.name));
  }

  /**
   * Takes the cells of a row, or returns why they are no row. Throws BAD_DATA for too many columns, and UNSUPPORTED for more
   * rows than fit into memory.
   */
  add(cells: Cells, place: { readonly line: number; readonly position: number }): RowFault | undefined {
    const texts = this.#hide(cells.map(([name, value]) => [name, textOf(value)] as const));
    for (const [name, text] of texts)
      if (text !== null && this.#numeric.has(name) && numbersOf([text, '0']) === undefined)
        return { code: 'bad-number', reason: 'the cell is no number', column: name };
    const nRows = this.#positions.length;
    for (const [name, text] of texts) {
      const column = this.#columns.get(name) ?? this.#begin(name);
      this.#bytes += CELL_BYTES * (nRows + 1 - column.length);
      while (column.length < nRows) column.push(null);
      column.push(text === null ? null : this.#once(text));
    }
    if (this.#bytes > this.#maxBytes) this.#refuse(place.line);
    this.#positions.push(place.position);
    this.#lines.push(place.line);
    return undefined;
  }

  /** Returns all rows as a table, with the columns that they turned out to have. */
  table(): Table {
    const nRows = this.#positions.length;
    const columns: TableColumn[] = [];
    const values = new Map<string, TableValues>();
    for (const [name, cells] of this.#columns) {
      while (cells.length < nRows) cells.push(null);
      const made = this.#column(name, cells);
      columns.push(made.column);
      values.set(name, made.values);
    }
    return {
      file: this.#options.file,
      source: { name: SOURCE_NAME, columns },
      nRows,
      positions: Uint32Array.from(this.#positions),
      lines: Uint32Array.from(this.#lines),
      values,
    };
  }

  #column(name: string, cells: readonly (string | null)[]): { column: TableColumn; values: TableValues } {
    const declared = this.#options.columns?.find((column) => column.name === name);
    if (declared === undefined) return inferColumn(name, cells, this.#options);
    if (declared.type === 'categorical') return { column: declared, values: cells };
    const values = Float64Array.from(cells, (cell) => (cell === null ? NaN : (cellNumber(cell) ?? NaN)));
    return { column: declared, values };
  }

  #begin(name: string): (string | null)[] {
    const { file } = this.#options;
    if (this.#columns.size >= MAX_COLUMNS)
      throw new PhantomNetError('BAD_DATA', `${show(file)} has more than ${MAX_COLUMNS} columns`, {
        hint: 'give rows that have the same keys',
        details: { file },
      });
    const column: (string | null)[] = [];
    this.#columns.set(name, column);
    return column;
  }

  #refuse(line: number): never {
    const { file } = this.#options;
    const most = `${Math.floor(this.#maxBytes / 2 ** 20)} MiB`;
    throw new PhantomNetError(
      'UNSUPPORTED',
      `${show(file)}: the rows up to line ${line} take more than ${most}, and a table is held in memory as a whole`,
      {
        hint: 'give fewer rows or columns, or Node more memory: NODE_OPTIONS=--max-old-space-size=16384 is 16 GiB, of which a table may have half',
        details: { file, line, maxBytes: this.#maxBytes },
      },
    );
  }

  /** Numbers are no secrets here: a number that happens to be a password would blind a whole column. */
  #hide(texts: readonly (readonly [string, string | null])[]): typeof texts {
    if (this.#options.keepSecrets) return texts;
    const words = texts.filter(([, text]) => text !== null && cellNumber(text) === undefined);
    if (!words.some(([name, text]) => this.#secretName(name) || spelledSecrets(text!).length > 0))
      return texts;
    const hidden = redactFields(Object.fromEntries(words), null);
    // What went in as text comes out as text.
    return texts.map(([name, text]) => [name, (hidden[name] as string | undefined) ?? text] as const);
  }

  #secretName(name: string): boolean {
    const known = this.#isSecret.get(name);
    if (known !== undefined) return known;
    const isSecret = isSecretKey(name);
    this.#isSecret.set(name, isSecret);
    return isSecret;
  }

  #once(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size < MAX_KNOWN) this.#known.set(text, text);
    this.#bytes += TEXT_BYTES + text.length;
    return text;
  }
}

/** Empty cells are missing; what is neither text nor a number is written as Python does. */
function textOf(value: PythonValue): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : pythonRepr(value);
}
