import type { Table } from '../data/index.js';
import { csvFormat } from './csv.js';
import type { EventSource } from './open-bytes.js';
import { noRows, type ReadOptions, toReject } from './read-options.js';
import { readRecords } from './record-reader.js';
import { type OpenReport, RejectTally } from './rejects.js';
import { isFault } from './row.js';
import { openSource } from './source.js';
import { TableBuilder } from './table-builder.js';
import { type DeclaredTableFormat, TABLE_SOURCES } from './table-sources.js';

/** The checked options of one reading. */
export interface TableReading extends Pick<ReadOptions, 'keepSecrets' | 'onReject'> {
  readonly maxRejects: number;
  readonly maxRecordBytes: number;
}

/** Yields the rows of a table whose columns are declared, in batches, in constant memory, and fills the report. */
export async function* readDeclared(
  input: EventSource,
  options: TableReading & { readonly format: DeclaredTableFormat; readonly batchRows: number },
  report: OpenReport,
): AsyncGenerator<Table, void> {
  const source = TABLE_SOURCES[options.format];
  const open = await openSource(input, options.format);
  const rules = { file: open.file, keepSecrets: options.keepSecrets ?? false };
  const tally = new RejectTally(report, options.maxRejects, options.onReject);
  const builder = new TableBuilder(source, open.file);
  const format = csvFormat(
    { file: open.file, requiredColumns: [] },
    source.columns.map((column) => column.name),
  );
  try {
    for await (const chunk of readRecords(open.window, format, options.maxRecordBytes)) {
      report.blankLines += chunk.blankLines;
      for (const row of chunk.rows) {
        const position = tally.nextPosition();
        const fault = isFault(row.content)
          ? row.content
          : builder.add(row.content, { line: row.line, position });
        if (fault === undefined) tally.accept();
        else tally.reject(toReject(row, fault, { position, rules }));
        if (builder.nRows >= options.batchRows) yield builder.take();
      }
    }
  } finally {
    await open.window.close();
  }
  if (report.rowsRead === 0) noRows(report, 'no-header');
  if (builder.nRows > 0) yield builder.take();
  tally.checkAtEnd();
}
