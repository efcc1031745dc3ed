import { concatTables, type Table, type TableSource } from '../data/index.js';
import { csvFormat } from './csv.js';
import type { EventSource } from './open-bytes.js';
import { checkOptions, noRows, type ReadOptions, toReject } from './read-options.js';
import { readRecords } from './record-reader.js';
import { type IngestReport, newReport, type OpenReport, RejectTally } from './rejects.js';
import { isFault } from './row.js';
import { openSource } from './source.js';
import { TableBuilder } from './table-builder.js';
import { TABLE_SOURCES, type TableFormat } from './table-sources.js';

/** How a labelled table is read; the options mean what they mean for events. */
export interface ReadTableOptions
  extends Pick<ReadOptions, 'keepSecrets' | 'maxRejects' | 'onReject' | 'maxRecordBytes' | 'batchRows'> {
  readonly format: TableFormat;
}

/** Batches of rows in file order, and a report that grows with them and is complete when they end. */
export type TableStream = AsyncGenerator<Table, void> & { readonly report: IngestReport };

/**
 * Returns the rows of a labelled table in batches, in file order, in constant memory. Every column must have a value of its
 * kind; a row that has not is rejected: counted in the report and handed to `onReject`. Throws as `readEvents` does.
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

/** Returns all rows of a labelled table and the report. Throws as `readTable` does. Memory grows with the input. */
export async function readWholeTable(
  source: EventSource,
  options: ReadTableOptions,
): Promise<{ readonly table: Table; readonly report: IngestReport }> {
  const stream = readTable(source, options);
  const tables: Table[] = [];
  for await (const table of stream) tables.push(table);
  const [first = new TableBuilder(TABLE_SOURCES[options.format], stream.report.file).take(), ...rest] =
    tables;
  return { table: concatTables([first, ...rest]), report: stream.report };
}

async function* generate(
  input: EventSource,
  options: ReadTableOptions,
  report: OpenReport,
): AsyncGenerator<Table, void> {
  const { maxRejects, maxRecordBytes, batchRows } = checkOptions(options);
  const source: TableSource = TABLE_SOURCES[options.format];
  const open = await openSource(input, options.format);
  const rules = { file: open.file, keepSecrets: options.keepSecrets ?? false };
  const tally = new RejectTally(report, maxRejects, options.onReject);
  const builder = new TableBuilder(source, open.file);
  const format = csvFormat(
    { file: open.file, requiredColumns: [] },
    source.columns.map((column) => column.name),
  );
  try {
    for await (const chunk of readRecords(open.window, format, maxRecordBytes)) {
      report.blankLines += chunk.blankLines;
      for (const row of chunk.rows) {
        const position = tally.nextPosition();
        const fault = isFault(row.content)
          ? row.content
          : builder.add(row.content, { line: row.line, position });
        if (fault === undefined) tally.accept();
        else tally.reject(toReject(row, fault, { position, rules }));
        if (builder.nRows >= batchRows) yield builder.take();
      }
    }
  } finally {
    await open.window.close();
  }
  if (report.rowsRead === 0) noRows(report, 'no-header');
  if (builder.nRows > 0) yield builder.take();
  tally.checkAtEnd();
}
