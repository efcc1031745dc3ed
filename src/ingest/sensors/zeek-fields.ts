import { type FieldRule, fieldRule } from './field-rules.js';
import type { JsonRecord } from './source.js';
import {
  address,
  BadValue,
  count,
  inRange,
  isoTime,
  list,
  lowerText,
  orNothing,
  port,
  type ReadValue,
  seconds,
  success,
  text,
} from './values.js';

interface ZeekLog {
  readonly category: string;
  /** The protocol that the log is about. */
  readonly protocol?: string;
  readonly rules?: readonly FieldRule[];
}

const NO_BASE = new BadValue(
  'bad-time',
  'the time counts from the start of the capture: say when that was with --time-base',
);
/** Times below are no date after 1990: they count from the start of the capture. */
const EARLIEST_SECONDS = Date.UTC(1990, 0, 1) / 1000;

/** Zeek's `ts`: seconds since 1970, ISO 8601, or seconds since the capture began. */
const zeekTime: ReadValue = (value, sink) => {
  const number = typeof value === 'string' && /^\d{1,12}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return isoTime(value, sink);
  const ms = Math.floor(number * 1000);
  if (number < 0 || number >= EARLIEST_SECONDS) return inRange(ms);
  return sink.timeBaseMs === undefined ? NO_BASE : inRange(sink.timeBaseMs + ms);
};

/** What is called ssl here is tls in the event form, whoever logs it. */
const service: ReadValue = (value, sink) => {
  const names = list(value, sink);
  return typeof names === 'string' ? names.toLowerCase().replace(/\bssl\b/g, 'tls') : names;
};
const given = orNothing(text, '-', '(empty)');

/** What most logs hold. */
export const COMMON: readonly FieldRule[] = [
  fieldRule('@timestamp', 'ts', zeekTime),
  fieldRule('event.id', 'uid', text),
  fieldRule('session', 'uid', text),
  fieldRule('source.ip', 'id.orig_h', address),
  fieldRule('source.port', 'id.orig_p', port),
  fieldRule('destination.ip', 'id.resp_h', address),
  fieldRule('destination.port', 'id.resp_p', port),
  fieldRule('network.transport', 'proto', lowerText),
  fieldRule('observer.name', '_system_name', text),
  fieldRule('label', 'label', given),
  fieldRule('label.detail', 'detailedlabel', given),
  fieldRule('label.detail', 'detailed-label', given),
];

const conn = [
  fieldRule('network.protocol', 'service', service),
  fieldRule('event.duration', 'duration', seconds),
  fieldRule('source.bytes', 'orig_bytes', count),
  fieldRule('destination.bytes', 'resp_bytes', count),
  fieldRule('source.packets', 'orig_pkts', count),
  fieldRule('destination.packets', 'resp_pkts', count),
  fieldRule('network.state', 'conn_state', text),
  fieldRule('network.history', 'history', text),
];
const http = [
  fieldRule('http.request.method', 'method', text),
  fieldRule('http.response.status_code', 'status_code', count),
  fieldRule('url.original', 'uri', text),
  fieldRule('url.domain', 'host', lowerText),
  fieldRule('user_agent.original', 'user_agent', text),
  fieldRule('user.name', 'username', text),
];
const dns = [
  fieldRule('dns.question.name', 'query', lowerText),
  fieldRule('dns.question.type', 'qtype_name', text),
  fieldRule('dns.response_code', 'rcode_name', text),
];
const ssh = [
  fieldRule('ssh.client.version', 'client', text),
  fieldRule('ssh.client.hassh', 'hassh', lowerText),
  fieldRule('event.outcome', 'auth_success', success),
];
const ftp = [
  fieldRule('user.name', 'user', text),
  fieldRule('process.command_line', 'command', text),
  fieldRule('file.size', 'file_size', count),
];
const smtp = [
  fieldRule('email.from.address', 'mailfrom', text),
  fieldRule('email.from.address', 'from', text),
  fieldRule('email.to.address', 'rcptto', list),
  fieldRule('email.to.address', 'to', list),
  fieldRule('user_agent.original', 'user_agent', text),
];
const ssl = [
  fieldRule('tls.version', 'version', text),
  fieldRule('tls.cipher', 'cipher', text),
  fieldRule('tls.client.server_name', 'server_name', lowerText),
  fieldRule('tls.client.ja3', 'ja3', lowerText),
  fieldRule('tls.client.ja4', 'ja4', text),
  fieldRule('tls.server.ja3s', 'ja3s', lowerText),
];
const files = [
  fieldRule('event.id', 'fuid', text),
  fieldRule('file.name', 'filename', text),
  fieldRule('file.size', 'total_bytes', count),
  fieldRule('file.hash.sha256', 'sha256', lowerText),
  fieldRule('file.hash.md5', 'md5', lowerText),
];

/** The logs of which more than the common fields are read, by their `#path`. */
export const LOGS: ReadonlyMap<string, ZeekLog> = new Map(
  Object.entries({
    conn: { category: 'network', rules: conn },
    http: { category: 'web', protocol: 'http', rules: http },
    dns: { category: 'network', protocol: 'dns', rules: dns },
    ssh: { category: 'network', protocol: 'ssh', rules: ssh },
    ftp: { category: 'network', protocol: 'ftp', rules: ftp },
    smtp: { category: 'email', protocol: 'smtp', rules: smtp },
    ssl: { category: 'network', protocol: 'tls', rules: ssl },
    files: { category: 'file', rules: files },
    notice: { category: 'intrusion_detection', rules: [fieldRule('rule.name', 'note', text)] },
    weird: { category: 'network', rules: [fieldRule('rule.name', 'name', text)] },
  } satisfies Record<string, ZeekLog>),
);

/** Fields that only one log has, in the order in which they are looked for. */
const TELLING: readonly (readonly [path: string, ...fields: string[]])[] = [
  ['conn', 'conn_state'],
  ['smtp', 'helo', 'mailfrom', 'rcptto', 'last_reply'],
  ['http', 'uri', 'status_code', 'request_body_len', 'trans_depth'],
  ['dns', 'qtype_name', 'rcode_name', 'trans_id', 'query'],
  ['ssh', 'auth_attempts', 'auth_success', 'kex_alg', 'hassh'],
  ['ftp', 'reply_code', 'data_channel.passive'],
  ['ssl', 'cipher', 'ssl_history', 'server_name', 'ja3', 'established'],
  ['files', 'fuid'],
  ['notice', 'note'],
];

/** Returns the log that a record is of: what it says itself, else what its fields tell, else `other`. */
export function zeekPath(record: JsonRecord): string {
  const said = Object.hasOwn(record, '_path') ? record['_path'] : undefined;
  if (typeof said === 'string' && said !== '') return said;
  return (
    TELLING.find(([, ...fields]) => fields.some((field) => Object.hasOwn(record, field)))?.[0] ?? 'other'
  );
}
