import type { EventFields, Table, TableColumn, TableValues } from '../../data/index.js';

/** Where the event stands that a sample is named by. */
export interface SamplePlace {
  /** Zero-based position among the events. */
  readonly position: number;
  /** Its log, and the one-based line there. */
  readonly file: string;
  readonly line: number;
}

/** Returns the place of an event. */
export function placeOfEvent(event: EventFields, position: number): SamplePlace {
  return { position, file: String(event['log.file.path'] ?? ''), line: Number(event['log.line'] ?? 0) };
}

/** Collects rows of a table column by column. */
export class ColumnBuilder {
  readonly #columns: readonly TableColumn[];
  readonly #values: (Float64Array | (string | null)[])[];
  #positions = new Uint32Array(1024);
  #lines = new Uint32Array(1024);
  readonly #files: string[] = [];
  nRows = 0;

  constructor(columns: readonly TableColumn[]) {
    this.#columns = columns;
    this.#values = columns.map(({ type }) => (type === 'numeric' ? new Float64Array(1024) : []));
  }

  /** Adds a row; `cells` are in the order of the columns. */
  add(cells: readonly (number | string | null)[], place: SamplePlace): void {
    const row = this.nRows++;
    if (row === this.#positions.length) this.#grow();
    this.#positions[row] = place.position;
    this.#lines[row] = place.line;
    this.#files[row] = place.file;
    for (let j = 0; j < cells.length; j++) this.#values[j]![row] = cells[j]!;
  }

  /** Returns the rows, sorted by a column of numbers, equal ones in the order they were added. */
  finish(file: string, sortBy: string): Table {
    const { nRows } = this;
    const at = this.#columns.findIndex(({ name }) => name === sortBy);
    const keys = this.#values[at] as Float64Array;
    const order = Uint32Array.from({ length: nRows }, (_, i) => i).sort(
      (a, b) => keys[a]! - keys[b]! || a - b,
    );
    const sorted = (values: Float64Array | (string | null)[]): TableValues =>
      values instanceof Float64Array
        ? Float64Array.from(order, (row) => values[row]!)
        : Array.from(order, (row) => values[row]!);
    return {
      file,
      // Rows of columns that are told by themselves, as those of --format table.
      source: { name: 'table', columns: this.#columns },
      nRows,
      positions: order.map((row) => this.#positions[row]!),
      lines: order.map((row) => this.#lines[row]!),
      files: Array.from(order, (row) => this.#files[row]!),
      values: new Map(this.#columns.map(({ name }, j) => [name, sorted(this.#values[j]!)])),
    };
  }

  #grow(): void {
    const doubled = (values: Uint32Array): Uint32Array<ArrayBuffer> => {
      const larger = new Uint32Array(values.length * 2);
      larger.set(values);
      return larger;
    };
    this.#positions = doubled(this.#positions);
    this.#lines = doubled(this.#lines);
    for (const [j, values] of this.#values.entries()) {
      if (!(values instanceof Float64Array)) continue;
      const larger = new Float64Array(values.length * 2);
      larger.set(values);
      this.#values[j] = larger;
    }
  }
}
