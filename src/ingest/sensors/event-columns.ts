import { EVENT_FIELDS, type EventFieldName, type EventFieldType, fieldSpellings } from '../../data/index.js';
import { type FieldRule, fieldRule } from './field-rules.js';
import {
  address,
  amount,
  anyTime,
  count,
  list,
  otherProtocol,
  type ReadValue,
  text,
  transport,
  wholePort,
} from './values.js';

/** The usual names of columns that are no fields of the event form, beside those of week 6; of two, the first is taken. */
const USUAL: Readonly<Partial<Record<EventFieldName, readonly string[]>>> = {
  '@timestamp': ['time', 'ts', 'datetime', 'date_time', 'event_time'],
  'event.action': ['action', 'event_type', 'event_name', 'eventid'],
  'event.outcome': ['outcome'],
  'observer.name': ['sensor', 'sensor_id', 'sensor_name'],
  session: ['session_id'],
  'source.ip': ['src_ip', 'srcip', 'source_address', 'client_ip'],
  'source.port': ['source_port', 'src_port', 'sport'],
  'destination.ip': ['destination_ip', 'dest_ip', 'dst_ip', 'dstip'],
  'destination.port': ['destination_port', 'dest_port', 'dst_port', 'dport'],
  'user.name': ['username', 'user_name', 'user'],
  'process.command_line': ['command', 'command_line', 'cmd', 'input'],
  'http.request.method': ['http_method'],
  'http.response.status_code': ['status_code', 'status'],
  'url.original': ['url', 'uri', 'request_uri'],
  'user_agent.original': ['http_user_agent'],
  'file.name': ['filename'],
  'file.hash.sha256': ['sha256'],
  'file.hash.md5': ['md5'],
  payload: ['message'],
};

/** Text, or a list of texts; an object is no value of its own, its members may be. */
const plain: ReadValue = (value, sink) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? null : list(value, sink);

const READ: Readonly<Record<EventFieldType, ReadValue>> = {
  time: anyTime,
  text: plain,
  address,
  port: wholePort,
  integer: count,
  number: amount,
};

/** Columns whose values are passwords: counted and replaced, in no event. */
export const PASSWORD_COLUMNS: readonly string[] = ['credential.text', 'password', 'passwd', 'pass'];
/** Columns of which one must hold the time. */
export const TIME_COLUMNS = namesOf('@timestamp');
/** Columns of which one names what happened. */
export const ACTION_COLUMNS = namesOf('event.action');

/** Columns that say what happened in words, where none names an action. */
export const MESSAGE_COLUMNS = namesOf('payload');

function namesOf(field: EventFieldName): readonly string[] {
  return [...fieldSpellings(field), ...(USUAL[field] ?? [])];
}

/**
 * Returns the rules by which any row becomes an event: its own name first, in one key or nested as in JSON of the Elastic
 * Common Schema, then the usual ones.
 */
export function columnRules(): readonly FieldRule[] {
  const fields = EVENT_FIELDS.filter(({ name }) => name !== 'credential.text');
  return [
    ...fields.flatMap(({ name, type }) => {
      const read = name === 'payload' ? text : READ[type];
      const nested = name.includes('.') ? [fieldRule(name, name.split('.'), read)] : [];
      return [...namesOf(name).map((column) => fieldRule(name, column, read)), ...nested];
    }),
    // One word for what carries and what is spoken.
    ...['protocol', 'proto'].flatMap((column) => [
      fieldRule('network.transport', column, transport),
      fieldRule('network.protocol', column, otherProtocol),
    ]),
  ];
}

const KNOWN_COLUMNS: ReadonlySet<string> = new Set([
  ...columnRules().flatMap(({ path }) => (path.length === 1 ? path : [])),
  ...PASSWORD_COLUMNS,
]);

/** Returns whether a field of an event is made of a column of this name, or may be. */
export function isKnownColumn(name: string): boolean {
  return KNOWN_COLUMNS.has(name);
}
