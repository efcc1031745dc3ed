/**
 * The values that pass between stages: events, feature matrices, labels, splits; and the literals payloads are written in.
 * Never reads a file and never fits anything.
 */
export type { ColumnRole, ColumnSchema } from './column.js';
export type { HoneypotEvent } from './event.js';
export {
  EVENT_FIELDS,
  type EventField,
  type EventFieldName,
  type EventFields,
  type EventFieldType,
  type EventValue,
  isTextField,
} from './event-fields.js';
export {
  EVENT_COLUMNS,
  type EventColumn,
  eventFieldName,
  fieldSpellings,
  fieldText,
  isEventForm,
  WEEK6_FIELDS,
} from './event-names.js';
export { parseJsonLiteral } from './json-literal.js';
export {
  type FeatureMatrix,
  type FeatureSpec,
  type Labels,
  type Split,
  takeLabels,
  takeRows,
} from './matrix.js';
export { type PayloadStatistics, payloadStatistics } from './payload.js';
export { parsePayloadStatistics } from './payload-json.js';
export type { AcceptedInput, Prediction } from './prediction.js';
export { parsePythonLiteral } from './python-literal.js';
export { pythonRepr } from './python-repr.js';
export type {
  LiteralLimits,
  PythonBytes,
  PythonDict,
  PythonList,
  PythonTuple,
  PythonValue,
} from './python-value.js';
export { type SubnetPrefixes, subnetOf } from './subnet.js';
export {
  concatTables,
  type Table,
  type TableColumn,
  type TableSource,
  type TableValues,
  tablePlace,
  takeTableRows,
} from './table.js';
