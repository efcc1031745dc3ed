import type { HoneypotEvent } from '../data/index.js';
import { buildEvent, type EventRules } from './build-event.js';
import { csvFormat } from './csv.js';
import { jsonLinesFormat } from './json-lines.js';
import type { EventSource } from './open-bytes.js';
import { checkOptions, noRows, type ReadOptions, toReject } from './read-options.js';
import { type RecordFormat, readRecords } from './record-reader.js';
import { type IngestReport, newReport, type OpenReport, RejectTally } from './rejects.js';
import { isFault, type RawRow, type RowChunk } from './row.js';
import { type OpenSource, openSource } from './source.js';

/** Batches of events in file order, and a report that grows with them and is complete when they end. */
export type EventStream = AsyncGenerator<readonly HoneypotEvent[], void> & { readonly report: IngestReport };

const MAX_BATCH_BYTES = 4_194_304;

/**
 * Returns the events of an input in batches, in file order, in constant memory. A row that cannot be read is rejected: counted
 * in the report and handed to `onReject`, never dropped in silence.
 *
 * Throws BAD_DATA for an unusable header or an input without rows, after the last batch when more than `maxRejects` of all rows
 * were rejected, and before that when of at least 1,000 rows more than half (and more than `maxRejects`) were; NOT_FOUND,
 * PERMISSION_DENIED, UNSUPPORTED for the source; INVALID_PARAMETER for an option. All of them on the first or a later `next()`.
 *
 * @example
 * ```ts
 * const stream = readEvents('sample/honeypot-events.csv', { maxRejects: 0.01 });
 * let count = 0;
 * for await (const events of stream) count += events.length;
 * count; // 5001
 * stream.report.rejected; // 0
 * ```
 */
export function readEvents(source: EventSource, options: ReadOptions = {}): EventStream {
  const report = newReport(source, options.format ?? 'csv');
  return Object.assign(generate(source, options, report), { report });
}

/** Returns all events of an input and the report. Throws as `readEvents` does. Memory grows with the input. */
export async function readAllEvents(
  source: EventSource,
  options: ReadOptions = {},
): Promise<{ readonly events: readonly HoneypotEvent[]; readonly report: IngestReport }> {
  const stream = readEvents(source, options);
  const events: HoneypotEvent[] = [];
  for await (const batch of stream) for (const event of batch) events.push(event);
  return { events, report: stream.report };
}

async function* generate(
  source: EventSource,
  options: ReadOptions,
  report: OpenReport,
): AsyncGenerator<readonly HoneypotEvent[], void> {
  const { maxRejects, maxRecordBytes, batchRows } = checkOptions(options);
  const open = await openSource(source, options.format);
  report.format = open.format;
  const rules: EventRules = {
    file: open.file,
    requiredColumns: options.requiredColumns,
    keepSecrets: options.keepSecrets ?? false,
    maxRecordBytes,
  };
  const tally = new RejectTally(report, maxRejects, options.onReject);
  const format = open.format === 'csv' ? csvFormat(rules) : jsonLinesFormat();
  let batch: HoneypotEvent[] = [];
  let batchBytes = 0;
  try {
    for await (const chunk of await rowChunks(open, format, rules)) {
      report.blankLines += chunk.blankLines;
      for (const row of chunk.rows) {
        const event = takeRow(row, rules, tally);
        if (event === undefined) continue;
        batchBytes += row.sizeBytes;
        if (batch.push(event) < batchRows && batchBytes < MAX_BATCH_BYTES) continue;
        yield batch;
        batch = [];
        batchBytes = 0;
      }
    }
  } finally {
    await open.window.close();
  }
  if (report.rowsRead === 0) noRows(report, format.hasHeader() ? 'header' : 'no-header');
  if (batch.length > 0) yield batch;
  tally.checkAtEnd();
}

/** Returns the event of a row and counts it, or counts the row's reject and returns undefined. */
function takeRow(row: RawRow, rules: EventRules, tally: RejectTally): HoneypotEvent | undefined {
  const position = tally.nextPosition();
  const event = isFault(row.content)
    ? row.content
    : buildEvent(row.content, { line: row.line, position }, rules);
  if ('code' in event) {
    tally.reject(toReject(row, event, { position, rules }));
    return undefined;
  }
  tally.accept();
  return event;
}

async function rowChunks(
  open: OpenSource,
  format: RecordFormat,
  rules: EventRules,
): Promise<AsyncIterable<RowChunk>> {
  if (open.format === 'parquet') {
    await open.window.close();
    // DuckDB is loaded only where a Parquet file is read: it is large.
    const { readParquetRows } = await import('./parquet.js');
    return readParquetRows(open.file, rules);
  }
  return readRecords(open.window, format, rules.maxRecordBytes);
}
