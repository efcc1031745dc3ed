import type { Table } from '../data/index.js';
import { csvFormat } from './csv.js';
import { jsonLinesFormat } from './json-lines.js';
import type { EventSource } from './open-bytes.js';
import type { TableReading } from './read-declared.js';
import { noRows, toReject } from './read-options.js';
import { readRecords } from './record-reader.js';
import { type OpenReport, RejectTally } from './rejects.js';
import { isFault, type RowChunk } from './row.js';
import { RowColumns, type RowColumnsOptions } from './row-columns.js';
import { openSource } from './source.js';

/** Yields the rows of a table whose columns nobody declared, as one batch, and fills the report. */
export async function* readRowTable(
  input: EventSource,
  options: TableReading & Omit<RowColumnsOptions, 'file' | 'keepSecrets'>,
  report: OpenReport,
): AsyncGenerator<Table, void> {
  const open = await openSource(input, undefined);
  const rules = { file: open.file, requiredColumns: [], keepSecrets: options.keepSecrets ?? false };
  const tally = new RejectTally(report, options.maxRejects, options.onReject);
  const columns = new RowColumns({ ...options, ...rules });
  const format = open.format === 'csv' ? csvFormat(rules) : jsonLinesFormat();
  const text = () => readRecords(open.window, format, options.maxRecordBytes);
  try {
    const chunks = open.format === 'parquet' ? await parquetRows(open.file, rules.keepSecrets) : text();
    for await (const chunk of chunks) {
      report.blankLines += chunk.blankLines;
      for (const row of chunk.rows) {
        const position = tally.nextPosition();
        const fault = isFault(row.content)
          ? row.content
          : columns.add(row.content, { line: row.line, position });
        if (fault === undefined) tally.accept();
        else tally.reject(toReject(row, fault, { position, rules }));
      }
    }
  } finally {
    await open.window.close();
  }
  if (report.rowsRead === 0) noRows(report, format.hasHeader() ? 'header' : 'no-header');
  if (report.accepted > 0) yield columns.table();
  tally.checkAtEnd();
}

/** DuckDB is loaded only where a Parquet file is read: it is large. */
async function parquetRows(file: string, keepSecrets: boolean): Promise<AsyncIterable<RowChunk>> {
  const { readParquetRows } = await import('./parquet.js');
  return readParquetRows(file, { requiredColumns: [], keepSecrets });
}
