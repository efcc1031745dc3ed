import type { ColumnRole } from './column.js';

/** What the values of an event field are: whole numbers and numbers as such, all others as text. */
export type EventFieldType = 'time' | 'text' | 'address' | 'port' | 'integer' | 'number';

/** One field of the event form. */
export interface EventField {
  /** Name in the Elastic Common Schema, or ours where it has none. */
  readonly name: string;
  readonly type: EventFieldType;
  /** What the field may be used for; only a `feature` makes one. */
  readonly role: ColumnRole;
  readonly description: string;
}

const field =
  (role: ColumnRole) =>
  <Name extends string>(name: Name, type: EventFieldType, description: string) =>
    ({ name, type, role, description }) as const;

const feature = field('feature');
const identifier = field('identifier');
const outcome = field('outcome');
const labelDefining = field('label-defining');

/**
 * Every field of the event form, version 1, in the order of its columns. Names are those of the Elastic Common Schema
 */
export const EVENT_FIELDS = [
  field('time')('@timestamp', 'time', 'When it happened: whole milliseconds since 1970-01-01 UTC.'),
  feature('event.dataset', 'text', 'The log it came from: cowrie, zeek.conn, suricata.alert.'),
  labelDefining('event.action', 'text', 'What happened, as the sensor names it: cowrie.login.failed.'),
  feature('event.category', 'text', 'Kind of event, one of the categories of the schema.'),
  outcome('event.outcome', 'text', 'success, failure or unknown, where the sensor says it.'),
  outcome('event.duration', 'integer', 'How long it took, in nanoseconds.'),
  identifier('event.id', 'text', "The sensor's own number of the event, flow or connection."),
  identifier('observer.name', 'text', 'The sensor.'),
  identifier('session', 'text', "The sensor's name of the session."),
  identifier('source.ip', 'address', 'Address of the client.'),
  feature('source.port', 'port', 'Port of the client.'),
  outcome('source.bytes', 'integer', 'Bytes the client sent.'),
  outcome('source.packets', 'integer', 'Packets the client sent.'),
  identifier('destination.ip', 'address', 'Address that was talked to: the sensor, or a proxy target.'),
  feature('destination.port', 'port', 'Port that was talked to.'),
  outcome('destination.bytes', 'integer', 'Bytes that were answered.'),
  outcome('destination.packets', 'integer', 'Packets that were answered.'),
  feature('network.transport', 'text', 'tcp, udp, icmp.'),
  feature('network.protocol', 'text', 'The protocol that was spoken: ssh, http, smb.'),
  outcome('network.state', 'text', 'How the connection ended, as Zeek names it: SF, S0, REJ.'),
  outcome('network.history', 'text', "Zeek's letters of what was seen of the connection."),
  feature('user.name', 'text', 'The name that was tried.'),
  feature('credential.length', 'integer', 'Characters of the password.'),
  feature('credential.digits', 'integer', 'Digits of the password.'),
  feature('credential.letters', 'integer', 'Letters of the password.'),
  feature('credential.uppercase', 'integer', 'Upper-case letters of the password.'),
  feature(
    'credential.specials',
    'integer',
    'Characters of the password that are neither letters nor digits.',
  ),
  feature('credential.entropy', 'number', "Shannon entropy of the password's characters, in bits."),
  feature(
    'credential.is_user',
    'integer',
    '1 where the password is the name of the user, in any case, else 0.',
  ),
  identifier(
    'credential.hmac',
    'text',
    'HMAC-SHA-256 of the password, the first 16 hex digits: equal where they are.',
  ),
  identifier('credential.text', 'text', 'The password itself; only where secrets are kept.'),
  feature('process.command_line', 'text', 'The command that was typed.'),
  feature('http.request.method', 'text', 'HTTP method.'),
  outcome('http.response.status_code', 'integer', 'HTTP status.'),
  feature('url.original', 'text', 'What was asked for: a path with its query, or a whole URL.'),
  feature('url.domain', 'text', 'The host that was asked for.'),
  feature('user_agent.original', 'text', 'What the client says it is.'),
  feature('file.name', 'text', 'Name of a file that was fetched, sent or made.'),
  outcome('file.size', 'integer', 'Its size in bytes.'),
  outcome('file.hash.sha256', 'text', 'Its SHA-256.'),
  outcome('file.hash.md5', 'text', 'Its MD5.'),
  feature('ssh.client.version', 'text', 'What the SSH client says it is.'),
  feature('ssh.client.hassh', 'text', "Fingerprint of the SSH client's algorithms."),
  feature('tls.version', 'text', 'Version of TLS.'),
  feature('tls.cipher', 'text', 'Cipher of TLS.'),
  feature('tls.client.ja3', 'text', 'Fingerprint of the TLS client.'),
  feature('tls.client.ja4', 'text', 'Newer fingerprint of the TLS client.'),
  feature('tls.client.server_name', 'text', 'Name of the server the TLS client asked for.'),
  outcome('tls.server.ja3s', 'text', 'Fingerprint of the TLS server.'),
  feature('dns.question.name', 'text', 'Name that was asked for.'),
  feature('dns.question.type', 'text', 'Type of the question: A, AAAA, TXT.'),
  outcome('dns.response_code', 'text', 'How it was answered: NOERROR, NXDOMAIN.'),
  feature('email.from.address', 'text', 'Sender of a mail.'),
  feature('email.to.address', 'text', 'Receivers of a mail.'),
  labelDefining('rule.id', 'text', 'Signature that matched.'),
  labelDefining('rule.name', 'text', 'Words of the signature.'),
  labelDefining('rule.category', 'text', 'Class of the signature.'),
  labelDefining('event.severity', 'integer', 'Severity of the signature, as the sensor counts.'),
  labelDefining('event.alerted', 'integer', '1 where the flow raised an alert, 0 where not.'),
  labelDefining('label', 'text', 'Label that somebody gave the record.'),
  labelDefining('label.detail', 'text', 'The same in more words.'),
  outcome('log.level', 'text', 'Level that the sensor logged the event at.'),
  feature('payload', 'text', 'What the client sent, as the sensor wrote it.'),
  field('identifier')(
    'payload.statistics',
    'text',
    'Character statistics of the payload before secrets were replaced, as JSON.',
  ),
  identifier(
    'event.original',
    'text',
    'The raw line, secrets replaced; on demand. Of a line of very many events the first alone has it.',
  ),
  identifier('event.hash', 'text', 'Keyed hash of the raw line, 32 hex digits: equal where the lines are.'),
  identifier('log.file.path', 'text', 'The file it was read from.'),
  identifier('log.line', 'integer', 'One-based line in that file.'),
] as const satisfies readonly EventField[];

/** The name of a field of the event form. */
export type EventFieldName = (typeof EVENT_FIELDS)[number]['name'];

/** A value of an event: text, a number, or null where there is none. */
export type EventValue = string | number | null;

/** The fields of one event that have a value. */
export type EventFields = { -readonly [Name in EventFieldName]?: EventValue };

const TEXT_FIELDS: ReadonlySet<string> = new Set(
  EVENT_FIELDS.flatMap(({ name, type }) => (type === 'text' || type === 'address' ? [name] : [])),
);

/** Returns whether the values of a field are texts; otherwise they are numbers. */
export function isTextField(name: EventFieldName): boolean {
  return TEXT_FIELDS.has(name);
}
