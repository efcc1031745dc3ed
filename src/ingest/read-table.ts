import { type ColumnRole, concatTables, type Table, type TableColumn } from '../data/index.js';
import type { EventSource } from './open-bytes.js';
import { readDeclared } from './read-declared.js';
import { checkOptions, type ReadOptions } from './read-options.js';
import { readRowTable } from './read-row-table.js';
import { type IngestReport, newReport, type OpenReport } from './rejects.js';

import { TableBuilder } from './table-builder.js';
import { TABLE_SOURCES, type TableFormat } from './table-sources.js';

/** How a labelled table is read; the options mean what they mean for events. */
export interface ReadTableOptions
  extends Pick<ReadOptions, 'keepSecrets' | 'maxRejects' | 'onReject' | 'maxRecordBytes' | 'batchRows'> {
  readonly format: TableFormat;
  /** `table` only: the column that is the label, so no feature. */
  readonly label?: string;
  /** `table` only: what columns are for, where their name and values do not tell. */
  readonly roles?: Readonly<Record<string, ColumnRole>>;
  /** `table` only: columns as another file has them; their types and roles hold for this one. */
  readonly columns?: readonly TableColumn[];
}

/** Batches of rows in file order, and a report that grows with them and is complete when they end. */
export type TableStream = AsyncGenerator<Table, void> & { readonly report: IngestReport };

/**
 * Returns the rows of a labelled table in batches, in file order. With declared columns memory is constant, and a row
 * without a value of its kind in every column is rejected: counted in the report and handed to `onReject`. Of the format
 * `table` (CSV with a header, JSON lines or Parquet) there is one batch of all rows, since what a column is, only all of
 * them tell: a number where every value is one, else a category; an empty cell is missing. Throws as `readEvents` does.
 *
 * @example
 * ```ts
 * import { Readable } from 'node:stream';
 * const row = ['0,tcp,http,SF', ...Array(37).fill('0'), 'normal', '21'].join();
 * const stream = readTable(Readable.from([row]), { format: 'nsl-kdd' });
 * for await (const table of stream) table.values.get('service'); // ['http']
 * stream.report.accepted; // 1
 * ```
 */
export function readTable(source: EventSource, options: ReadTableOptions): TableStream {
  const report = newReport(source, options.format);
  return Object.assign(generate(source, options, report), { report });
}

async function* generate(
  source: EventSource,
  options: ReadTableOptions,
  report: OpenReport,
): AsyncGenerator<Table, void> {
  const { format } = options;
  const checked = { ...options, ...checkOptions(options) };
  if (format === 'table') yield* readRowTable(source, checked, report);
  else yield* readDeclared(source, { ...checked, format }, report);
}

/** Returns all rows of a labelled table and the report. Throws as `readTable` does. Memory grows with the input. */
export async function readWholeTable(
  source: EventSource,
  options: ReadTableOptions,
): Promise<{ readonly table: Table; readonly report: IngestReport }> {
  const stream = readTable(source, options);
  const tables: Table[] = [];
  for await (const table of stream) tables.push(table);
  const { report } = stream;
  const [first = noTable(options.format, report.file), ...rest] = tables;
  return { table: concatTables([first, ...rest]), report };
}

function noTable(format: TableFormat, file: string): Table {
  const source = format === 'table' ? { name: format, columns: [] } : TABLE_SOURCES[format];
  return new TableBuilder(source, file).take();
}
