import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { COWRIE } from './cowrie.js';
import { DIONAEA } from './dionaea.js';
import { applyRules, type FieldRule, fieldRule, requiredText, valueAt } from './field-rules.js';
import { type JsonLogSource, jsonSource } from './json-source.js';
import { passwordsIn, plainText } from './login-command.js';
import type { EventSink, Json, JsonRecord } from './source.js';
import { SURICATA } from './suricata.js';
import { address, lowerText, otherProtocol, port, text, transport, utcTime } from './values.js';

/** The honeypots of T-Pot, as it names them in `type`. */
const TYPES =
  'Adbhoney Beelzebub Ciscoasa CitrixHoneypot ConPot Cowrie Ddospot Dicompot Dionaea ElasticPot Endlessh Fatt Galah Glutton Go-pot Hellpot Heralding Honeyaml Honeypots Honeytrap Ipphoney Log4pot Mailoney Medpot Miniprint NGINX P0f Redishoneypot Sentrypeer Suricata Tanner Wordpot'.split(
    ' ',
  );

/** Those whose records are read by their own source. */
const OWN: ReadonlyMap<string, JsonLogSource> = new Map([
  ['Cowrie', COWRIE],
  ['Dionaea', DIONAEA],
  ['Suricata', SURICATA],
]);

/** What the records of most honeypots have, by the names that T-Pot gives them all. */
const COMMON: readonly FieldRule[] = [
  fieldRule('@timestamp', '@timestamp', utcTime),
  fieldRule('session', 'session', text),
  fieldRule('source.ip', 'src_ip', address),
  fieldRule('source.port', 'src_port', port),
  fieldRule('destination.ip', 'dest_ip', address),
  fieldRule('destination.port', 'dest_port', port),
  fieldRule('network.transport', 'proto', transport),
  fieldRule('network.transport', 'protocol', transport),
  fieldRule('network.protocol', 'proto', otherProtocol),
  fieldRule('network.protocol', 'protocol', otherProtocol),
  fieldRule('user.name', 'username', text),
  fieldRule('process.command_line', 'input', text),
  fieldRule('process.command_line', 'command', text),
  fieldRule('http.request.method', 'request_method', text),
  fieldRule('url.original', 'url', text),
  fieldRule('url.original', 'http.url', text),
  fieldRule('url.original', 'request_uri', text),
  fieldRule('user_agent.original', 'http_user_agent', text),
  fieldRule('ssh.client.hassh', ['fatt_ssh', 'hassh'], lowerText),
  fieldRule('tls.client.ja3', ['fatt_tls', 'ja3'], lowerText),
  fieldRule('payload', 'payload', text),
];

/** T-Pot, many honeypots behind one Logstash: its documents as Elasticsearch exports them, one a line. */
export const TPOT = jsonSource({
  name: 'tpot',
  title: 'T-Pot, many honeypots in one (documents exported from its Elasticsearch, one a line)',
  actions: new Set([
    ...[...OWN.values()].flatMap(({ actions }) => [...actions!]),
    ...TYPES.map((type) => `tpot.${type.toLowerCase()}`),
  ]),
  recognise: ({ records }) => records.filter(isTpot).length / Math.max(1, records.length),
  readRecord,
});

function isTpot(record: JsonRecord): boolean {
  const document = documentOf(record);
  const type = valueAt(document, ['type']);
  if (typeof type !== 'string' || !Object.hasOwn(document, '@timestamp')) return false;
  return TYPES.includes(type) || Object.keys(document).some((key) => key.startsWith('t-pot_'));
}

/** A document stands alone, or as Elasticsearch answers with it, below `_source`. */
function documentOf(record: JsonRecord): JsonRecord {
  const source = valueAt(record, ['_source']);
  return typeof source === 'object' && source !== null && !Array.isArray(source)
    ? (source as JsonRecord)
    : record;
}

function readRecord(record: JsonRecord, sink: EventSink, line: string): RowFault | undefined {
  const document = documentOf(record);
  const type = requiredText(document, ['type']);
  if (typeof type !== 'string') return type;
  const named = sinkOf(sink, {
    host: plainText(valueAt(document, ['t-pot_hostname'])),
    path: document === record ? '' : '_source.',
    document,
  });
  named.trace?.({ from: 'type', to: 'event.dataset' });
  const own = OWN.get(type);
  if (own !== undefined) return own.readRecord(asWritten(document, type), named, line);
  named.trace?.({ from: 'type', to: 'event.action' });
  const name = `tpot.${type.toLowerCase()}`;
  const fields: EventFields = { 'event.dataset': name, 'event.action': name };
  const fault = applyRules(COMMON, document, fields, named);
  if (fault !== undefined) return fault;
  const [tried = '', ...others] = passwordsIn(valueAt(document, ['password']), line);
  const passwords = [tried, ...others, ...attemptedPasswords(valueAt(document, ['auth_attempts']), line)];
  return named.add(fields, passwords.length === 1 && tried === '' ? [] : passwords);
}

/** Heralding lists the pairs of a session once more, users first. They are only to be hidden. */
function attemptedPasswords(attempts: Json | undefined, line: string): string[] {
  if (!Array.isArray(attempts)) return [];
  return passwordsIn(
    attempts.map((pair: Json) => (Array.isArray(pair) ? pair.slice(1) : null)),
    line,
  );
}

/** A document, which host it names, and where in the line it stands. */
interface DocumentFacts {
  readonly document: JsonRecord;
  readonly host: string;
  readonly path: string;
}

/** Returns a sink that names the host for the sensor where the record names none, and traces by the names of the line. */
function sinkOf(sink: EventSink, { document, host, path }: DocumentFacts): EventSink {
  const trace = sink.trace?.bind(sink);
  const nameOf = (from: string) => {
    const isAsWritten = Object.hasOwn(document, from.split('.', 1)[0]!);
    return `${path}${isAsWritten ? from : (RENAMED.get(from) ?? from)}`;
  };
  return {
    zoneMinutes: sink.zoneMinutes,
    timeBaseMs: sink.timeBaseMs,
    ...(trace && {
      trace: ({ from, to }) => trace({ from: from === null ? null : nameOf(from), to }),
    }),
    add(fields, passwords) {
      if (host !== '' && host.isWellFormed() && !host.includes('\0') && !fields['observer.name']) {
        fields['observer.name'] = host;
        trace?.({ from: `${path}t-pot_hostname`, to: 'observer.name' });
      }
      return sink.add(fields, passwords);
    },
  };
}

/** What Logstash renamed, by the names of those whose records are read by their own source. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['timestamp', '@timestamp'],
  ['dst_ip', 'dest_ip'],
  ['dst_port', 'dest_port'],
  ['credentials.username', 'username'],
]);

/** Returns the record as the honeypot wrote it, before Logstash renamed what is in it. */
function asWritten(document: JsonRecord, type: string): JsonRecord {
  const record: Record<string, Json> = Object.assign(Object.create(null), document);
  const take = (from: string, to: string) => {
    if (Object.hasOwn(record, from) && !Object.hasOwn(record, to)) record[to] = record[from]!;
  };
  take('@timestamp', 'timestamp');
  if (type === 'Suricata') return record;
  take('dest_ip', 'dst_ip');
  take('dest_port', 'dst_port');
  if (type === 'Dionaea' && Object.hasOwn(record, 'username'))
    record['credentials'] ??= [{ username: record['username']!, password: record['password'] ?? null }];
  return record;
}
