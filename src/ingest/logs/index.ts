export { expandInputs } from './expand-inputs.js';
export { type ExplainedField, type ExplainedLine, explainLine } from './explain-line.js';
export { type FollowLogOptions, followLog } from './follow-log.js';
export { type EventsUse, type IngestLogsOptions, ingestLogs } from './ingest-logs.js';
export {
  type ActionCount,
  type DayCount,
  type LogFileReport,
  type LogIngestReport,
  rejectOf,
} from './log-report.js';
export type { LineFault } from './parse-lines.js';
export { readEventFile } from './read-event-file.js';
export { type LogEvents, type ReadLogEventsOptions, readLogEvents } from './read-log.js';
export type { ReadLogOptions } from './read-log-options.js';
export { recogniseLog } from './recognise-log.js';
