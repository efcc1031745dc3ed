/**
 * Takes log files, streams and plain objects and gives HoneypotEvents, or the rows of a labelled table, with a report of
 * what was rejected and why.
 * Never computes a label or a feature, never repairs a row, and lets no secret out unless asked to.
 */
export { inferColumn } from './infer-columns.js';
export { isEventFile } from './is-event-file.js';
export { isoTimeMs } from './known-values.js';
export {
  type ActionCount,
  type DayCount,
  type EventsUse,
  type ExplainedField,
  type ExplainedLine,
  expandInputs,
  explainLine,
  type FollowLogOptions,
  followLog,
  type IngestLogsOptions,
  ingestLogs,
  type LineFault,
  type LogEvents,
  type LogFileReport,
  type LogIngestReport,
  type ReadLogEventsOptions,
  type ReadLogOptions,
  readEventFile,
  readLogEvents,
  recogniseLog,
  rejectOf,
} from './logs/index.js';
export { NSL_KDD } from './nsl-kdd.js';
export type { EventSource } from './open-bytes.js';
export { beforeAddedLines, refuseInputs, writeFailure } from './output-file.js';
export { type EventStream, readAllEvents, readEvents } from './read-events.js';
export type { ReadOptions } from './read-options.js';
export { type ReadTableOptions, readTable, readWholeTable, type TableStream } from './read-table.js';
export { recogniseTable } from './recognise-table.js';
export { eventsFromRecords, type RecordOptions } from './records.js';
export {
  describeReject,
  type IngestReport,
  type Reject,
  type RejectsWriter,
  rejectsWriter,
} from './rejects.js';
export type { RejectCode } from './row.js';
export { EVENT_REQUIRED_COLUMNS, EVENT_SCHEMA, WEEK6_REQUIRED_COLUMNS, WEEK6_SCHEMA } from './schema.js';
export { LOG_SOURCES } from './sensors/log-sources.js';
export type { LogSource } from './sensors/source.js';
export type { EventFormat, InputFormat } from './source.js';
export {
  type DeclaredTableFormat,
  isTableFormat,
  TABLE_SOURCES,
  type TableFormat,
  tableSource,
} from './table-sources.js';
