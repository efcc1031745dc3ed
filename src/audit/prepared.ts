import { invalidParameter } from '../core/index.js';
import type { Labels } from '../data/index.js';
import type { AuditColumn, AuditInput } from './audit.js';
import { type Codes, codesOf, groupRows } from './row-groups.js';

/** What several audits need of one input; codes and groups are made once, when first asked for. */
export class Prepared {
  readonly input: AuditInput;
  readonly nRows: number;
  readonly labels: Labels;
  readonly randomState: number;
  readonly #codes = new Map<string, Codes>();
  #rawRows: Codes | undefined;

  constructor(input: AuditInput) {
    this.input = input;
    this.labels = input.labels;
    this.nRows = input.labels.codes.length;
    this.randomState = input.randomState ?? 42;
    for (const { name, values } of [...input.columns, ...(input.derived ?? [])])
      if (values.length !== this.nRows)
        invalidParameter(`columns.${name}`, `${this.nRows} values, one a label`, values.length);
  }

  /** The columns of a raw row that say what happened: no id, no time, nothing of the label or the outcome. */
  get raw(): readonly AuditColumn[] {
    const { columns, label, reach, derived } = this.input;
    if (reach === 'history' && derived === undefined) return [];
    return columns.filter(({ role, name }) => role === 'feature' && name !== label);
  }

  /** The columns that the model is to read, or might: none is the label itself. */
  get candidates(): readonly AuditColumn[] {
    const { used, columns, label } = this.input;
    return columns.filter(({ name }) => name !== label && (used === undefined || used.includes(name)));
  }

  /** What the model reads as it is: the columns made from raw ones where there are some, since then no raw one is read. */
  get read(): readonly AuditColumn[] {
    return this.input.derived ?? this.candidates.filter(({ role }) => role === 'feature');
  }

  /** The rows that an audit may learn from: the training rows, all where there is no split. */
  get trainRows(): Uint32Array {
    return this.input.split?.train ?? Uint32Array.from({ length: this.nRows }, (_, row) => row);
  }

  codes({ name, values }: AuditColumn): Codes {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const codes = codesOf(values);
    this.#codes.set(name, codes);
    return codes;
  }

  /** Which raw rows are equal. */
  get rawRows(): Codes {
    this.#rawRows ??= this.group(this.raw);
    return this.#rawRows;
  }

  group(columns: readonly AuditColumn[]): Codes {
    return groupRows(
      columns.map((column) => this.codes(column)),
      this.nRows,
    );
  }

  column(name: string | undefined): AuditColumn | undefined {
    return name === undefined ? undefined : this.input.columns.find((column) => column.name === name);
  }
}
