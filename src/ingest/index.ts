/**
 * Takes log files, streams and plain objects and gives HoneypotEvents, with a report of what was rejected and why.
 * Never computes a label or a feature, never repairs a row, and lets no secret out unless asked to.
 */
export { type EventStream, type ReadOptions, readAllEvents, readEvents } from './read-events.js';
export { eventsFromRecords, type RecordOptions } from './records.js';
export {
  describeReject,
  type IngestReport,
  type Reject,
  type RejectsWriter,
  rejectsWriter,
} from './rejects.js';
export type { RejectCode } from './row.js';
export { WEEK6_REQUIRED_COLUMNS, WEEK6_SCHEMA } from './schema.js';
export type { EventFormat, EventSource } from './source.js';
