import { type FieldRule, fieldRule } from './field-rules.js';
import { address, count, isoTime, list, lowerText, orNothing, port, type ReadValue, text } from './values.js';

interface SuricataEvent {
  readonly category?: string;
  readonly rules?: readonly FieldRule[];
}

/** Suricata writes `failed` where it could not tell the protocol. */
const protocol = orNothing(lowerText, 'failed', 'unknown');
const tlsVersion = orNothing(text, 'UNDETERMINED');
/** Numbers stay numbers of a signature, and are kept as text. */
const id: ReadValue = (value, sink) =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? null : text(value, sink);

/** A flow's record is written when it has ended, and when a capture is read from a file its time is that of the first packet. */
export const FLOW_TIME: readonly FieldRule[] = [
  fieldRule('@timestamp', ['flow', 'start'], isoTime),
  fieldRule('@timestamp', ['netflow', 'start'], isoTime),
];

const http = [
  fieldRule('http.request.method', ['http', 'http_method'], text),
  fieldRule('http.response.status_code', ['http', 'status'], count),
  fieldRule('url.original', ['http', 'url'], text),
  fieldRule('url.domain', ['http', 'hostname'], lowerText),
  fieldRule('user_agent.original', ['http', 'http_user_agent'], text),
];
const dns = [
  fieldRule('dns.question.name', ['dns', 'rrname'], lowerText),
  fieldRule('dns.question.name', ['dns', 'queries', '0', 'rrname'], lowerText),
  fieldRule('dns.question.name', ['dns', 'query', '0', 'rrname'], lowerText),
  fieldRule('dns.question.type', ['dns', 'rrtype'], text),
  fieldRule('dns.question.type', ['dns', 'queries', '0', 'rrtype'], text),
  fieldRule('dns.question.type', ['dns', 'query', '0', 'rrtype'], text),
  fieldRule('dns.response_code', ['dns', 'rcode'], text),
];
const tls = [
  fieldRule('tls.version', ['tls', 'version'], tlsVersion),
  fieldRule('tls.client.server_name', ['tls', 'sni'], lowerText),
  fieldRule('tls.client.ja3', ['tls', 'ja3', 'hash'], lowerText),
  fieldRule('tls.client.ja4', ['tls', 'ja4'], text),
  fieldRule('tls.server.ja3s', ['tls', 'ja3s', 'hash'], lowerText),
];
const ssh = [
  fieldRule('ssh.client.version', ['ssh', 'client', 'software_version'], text),
  fieldRule('ssh.client.hassh', ['ssh', 'client', 'hassh', 'hash'], lowerText),
];
const file = [
  fieldRule('file.name', ['fileinfo', 'filename'], text),
  fieldRule('file.size', ['fileinfo', 'size'], count),
  fieldRule('file.hash.sha256', ['fileinfo', 'sha256'], lowerText),
  fieldRule('file.hash.md5', ['fileinfo', 'md5'], lowerText),
];
const smtp = [
  fieldRule('email.from.address', ['smtp', 'mail_from'], text),
  fieldRule('email.from.address', ['email', 'from'], text),
  fieldRule('email.to.address', ['smtp', 'rcpt_to'], list),
  fieldRule('email.to.address', ['email', 'to'], list),
];
const ftp = [fieldRule('process.command_line', ['ftp', 'command'], text)];
const others = [
  fieldRule('user.name', ['rdp', 'cookie'], text),
  fieldRule('user.name', ['mqtt', 'connect', 'username'], text),
  fieldRule('file.name', ['tftp', 'file'], text),
  fieldRule('file.name', ['smb', 'filename'], text),
];
const alert = [
  fieldRule('rule.id', ['alert', 'signature_id'], id),
  fieldRule('rule.name', ['alert', 'signature'], text),
  fieldRule('rule.category', ['alert', 'category'], text),
  fieldRule('event.severity', ['alert', 'severity'], count),
  fieldRule('payload', 'payload_printable', text),
];
const anomaly = [
  fieldRule('rule.name', ['anomaly', 'event'], text),
  fieldRule('rule.category', ['anomaly', 'type'], text),
];
const netflow = [
  fieldRule('source.bytes', ['netflow', 'bytes'], count),
  fieldRule('source.packets', ['netflow', 'pkts'], count),
];

/** What every record may hold. In an alert the sender of the packet may be the server; `flow` says who the client is. */
export const COMMON: readonly FieldRule[] = [
  fieldRule('@timestamp', 'timestamp', isoTime),
  fieldRule('observer.name', 'host', text),
  fieldRule('source.ip', ['flow', 'src_ip'], address),
  fieldRule('source.ip', 'src_ip', address),
  fieldRule('source.port', ['flow', 'src_port'], port),
  fieldRule('source.port', 'src_port', port),
  fieldRule('destination.ip', ['flow', 'dest_ip'], address),
  fieldRule('destination.ip', 'dest_ip', address),
  fieldRule('destination.port', ['flow', 'dest_port'], port),
  fieldRule('destination.port', 'dest_port', port),
  fieldRule('network.transport', 'proto', lowerText),
  fieldRule('network.protocol', 'app_proto', protocol),
  fieldRule('source.bytes', ['flow', 'bytes_toserver'], count),
  fieldRule('source.packets', ['flow', 'pkts_toserver'], count),
  fieldRule('destination.bytes', ['flow', 'bytes_toclient'], count),
  fieldRule('destination.packets', ['flow', 'pkts_toclient'], count),
];

/** Every type of record that is known, with its kind; an alert holds what its protocol's record holds, too. */
export const EVENTS: ReadonlyMap<string, SuricataEvent> = new Map(
  Object.entries({
    alert: {
      category: 'intrusion_detection',
      rules: [...alert, ...http, ...dns, ...tls, ...ssh, ...smtp, ...ftp, ...others],
    },
    anomaly: { category: 'network', rules: anomaly },
    drop: { category: 'network', rules: alert },
    flow: { category: 'network' },
    netflow: { category: 'network', rules: netflow },
    http: { category: 'web', rules: http },
    http2: { category: 'web', rules: http },
    fileinfo: { category: 'file', rules: [...file, ...http, ...smtp] },
    dns: { category: 'network', rules: dns },
    mdns: { category: 'network', rules: dns },
    tls: { category: 'network', rules: tls },
    quic: { category: 'network' },
    ssh: { category: 'network', rules: ssh },
    smtp: { category: 'email', rules: smtp },
    ftp: { category: 'network', rules: ftp },
    ftp_data: { category: 'file' },
    tftp: { category: 'file', rules: others },
    smb: { category: 'file', rules: others },
    rdp: { category: 'network', rules: others },
    mqtt: { category: 'network', rules: others },
    ...Object.fromEntries(
      'bittorrent_dht dcerpc dhcp dnp3 enip ike krb5 ldap modbus nfs pgsql pop3 rfb sip snmp telnet websocket'
        .split(' ')
        .map((type) => [type, { category: 'network' }]),
    ),
    stats: {},
  } satisfies Record<string, SuricataEvent>),
);

/** The types that are named after the protocol they hold. */
export const PROTOCOLS: ReadonlySet<string> = new Set(
  [...EVENTS.keys()].filter(
    (type) =>
      !['alert', 'anomaly', 'drop', 'flow', 'netflow', 'fileinfo', 'ftp_data', 'stats'].includes(type),
  ),
);
