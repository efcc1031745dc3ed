import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { CONNECTION_TYPES, endsOf, serviceProtocol } from './dionaea-fields.js';
import { readRow, tableOf } from './dionaea-rows.js';
import { TABLES } from './dionaea-tables.js';
import { applyRules, type FieldRule, fieldRule, requiredText, valueAt } from './field-rules.js';
import { jsonSource } from './json-source.js';
import { commandLine, plainText, secretArguments } from './login-command.js';
import type { EventSink, Json, JsonRecord } from './source.js';
import {
  address,
  BadValue,
  checkText,
  inRange,
  lowerText,
  port,
  type ReadValue,
  text,
  utcTime,
} from './values.js';

const CONNECTION: readonly FieldRule[] = [
  fieldRule('@timestamp', 'timestamp', utcTime),
  fieldRule('source.ip', 'src_ip', address),
  fieldRule('source.port', 'src_port', port),
  fieldRule('destination.ip', 'dst_ip', address),
  fieldRule('destination.port', 'dst_port', port),
  fieldRule('network.transport', ['connection', 'transport'], lowerText),
  fieldRule('network.protocol', ['connection', 'protocol'], serviceProtocol),
];

/** A time as MongoDB exports it: `{"$date": …}` with text, milliseconds, or `{"$numberLong": "…"}`. */
const mongoTime: ReadValue = (value, sink) => {
  const date = isRecord(value)
    ? (valueAt(value, ['$date', '$numberLong']) ?? valueAt(value, ['$date']))
    : value;
  const ms = typeof date === 'string' && /^\d{1,15}$/.test(date) ? Number(date) : date;
  return typeof ms === 'number' ? inRange(Math.floor(ms)) : utcTime(ms ?? null, sink);
};

const SESSION: readonly FieldRule[] = [
  fieldRule('@timestamp', 'timestamp', mongoTime),
  fieldRule('event.id', ['_id', '$oid'], text),
  fieldRule('observer.name', 'identifier', text),
  fieldRule('source.ip', 'source_ip', address),
  fieldRule('source.port', 'source_port', port),
  fieldRule('destination.ip', 'destination_ip', address),
  fieldRule('destination.port', 'destination_port', port),
  fieldRule('network.protocol', 'protocol', serviceProtocol),
];

/** Dionaea, which collects malware: its `log_json`, its database row by row, and its sessions as MHN exports them. */
export const DIONAEA = jsonSource({
  name: 'dionaea',
  title: 'Dionaea, which collects malware (log_json, dionaea.sqlite, sessions exported from MHN)',
  actions: new Set([
    ...CONNECTION_TYPES.map((type) => `dionaea.connection.${type}`),
    'dionaea.login',
    'dionaea.ftp.command',
    'dionaea.session',
    ...TABLES.map(({ action }) => action),
  ]),
  recognise: ({ records }) =>
    records.filter((record) => isConnection(record) || isSession(record) || tableOf(record) !== undefined)
      .length / Math.max(1, records.length),
  readRecord(record, sink) {
    const table = tableOf(record);
    if (table !== undefined) return readRow(record, table, sink);
    return isSession(record) ? readSession(record, sink) : readConnection(record, sink);
  },
});

function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isConnection(record: JsonRecord): boolean {
  const connection = valueAt(record, ['connection']);
  return isRecord(connection) && Object.hasOwn(connection, 'protocol') && Object.hasOwn(record, 'src_ip');
}

function isSession(record: JsonRecord): boolean {
  return valueAt(record, ['honeypot']) === 'dionaea' && Object.hasOwn(record, 'source_ip');
}

function readSession(record: JsonRecord, sink: EventSink): RowFault | undefined {
  const fields: EventFields = {
    'event.dataset': 'dionaea',
    'event.action': 'dionaea.session',
    'event.category': 'network',
  };
  return applyRules(SESSION, record, fields, sink) ?? sink.add(fields);
}

/** A connection is written when it has ended: itself, and one event for each FTP command and each pair of credentials. */
function readConnection(record: JsonRecord, sink: EventSink): RowFault | undefined {
  const type = requiredText(record, ['connection', 'type']);
  if (typeof type !== 'string') return type;
  const read: EventFields = { 'event.dataset': 'dionaea' };
  const fault = applyRules(CONNECTION, record, read, sink);
  if (fault !== undefined) return fault;
  sink.trace?.({ from: 'connection.type', to: 'event.action' });
  const all = endsOf(read, type);
  return (
    sink.add({ ...all, 'event.action': `dionaea.connection.${type}`, 'event.category': 'network' }) ??
    addCommands(rowsOf(valueAt(record, ['ftp', 'commands']), ['command', 'arguments']), all, sink) ??
    addCredentials(rowsOf(valueAt(record, ['credentials']), ['username', 'password']), all, sink)
  );
}

/** Yields the objects of a list, or of columns: `{"user": ["a", "b"]}` are two. Of columns only the named are read. */
function* rowsOf(value: Json | undefined, names: readonly string[]): Generator<JsonRecord> {
  if (Array.isArray(value)) for (const row of value) if (isRecord(row)) yield row;
  if (!isRecord(value)) return;
  const columns = names.flatMap((name): [string, readonly Json[]][] => {
    const column = valueAt(value, [name]);
    return Array.isArray(column) ? [[name, column]] : [];
  });
  const length = Math.max(0, ...columns.map(([, column]) => column.length));
  for (let i = 0; i < length; i++)
    yield Object.fromEntries(columns.map(([name, column]) => [name, column[i] ?? null]));
}

function addCommands(rows: Iterable<JsonRecord>, all: EventFields, sink: EventSink): RowFault | undefined {
  for (const row of rows) {
    const command = plainText(valueAt(row, ['command']));
    const given = plainText(valueAt(row, ['arguments']));
    if (command === '') continue;
    const line = commandLine(command, given);
    const checked = checkText(line);
    if (checked instanceof BadValue)
      return { code: checked.code, reason: checked.reason, column: 'ftp.commands' };
    sink.trace?.({ from: 'ftp.commands', to: 'process.command_line' });
    const fields = { ...all, 'event.action': 'dionaea.ftp.command', 'event.category': 'process' };
    // The pair of credentials is counted; here the password is only hidden.
    const fault = sink.add({ ...fields, 'process.command_line': line }, [
      '',
      ...secretArguments(command, given),
    ]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function addCredentials(rows: Iterable<JsonRecord>, all: EventFields, sink: EventSink): RowFault | undefined {
  for (const row of rows) {
    const fields: EventFields = {
      ...all,
      'event.action': 'dionaea.login',
      'event.category': 'authentication',
    };
    const user = text(valueAt(row, ['username']) ?? null, sink);
    if (user instanceof BadValue)
      return { code: user.code, reason: user.reason, column: 'credentials.username' };
    if (user !== null) fields['user.name'] = user;
    sink.trace?.({ from: 'credentials.username', to: 'user.name' });
    const fault = sink.add(fields, [plainText(valueAt(row, ['password']))]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
