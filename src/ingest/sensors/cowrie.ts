import { hash } from 'node:crypto';
import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { applyRules, type FieldRule, fieldRule, requiredText, valueAt } from './field-rules.js';
import { jsonSource } from './json-source.js';
import { passwordsIn, plainText } from './login-command.js';
import type { EventSink, JsonRecord } from './source.js';
import { address, count, isoTime, lowerText, port, seconds, text } from './values.js';

interface CowrieEvent {
  readonly category: string;
  readonly outcome?: 'success' | 'failure';
  readonly rules?: readonly FieldRule[];
  /** Adds what is made of several values of the record. */
  readonly finish?: (record: JsonRecord, fields: EventFields, sink: EventSink) => void;
}

const command = [fieldRule('process.command_line', 'input', text)];
const download = [
  fieldRule('url.original', 'url', text),
  // With scp the command stands where a URL does otherwise.
  fieldRule('process.command_line', 'input', text),
  fieldRule('file.name', 'filename', text),
  fieldRule('file.name', 'destfile', text),
  fieldRule('file.hash.sha256', 'shasum', lowerText),
];
const ttyLog = [fieldRule('file.size', 'size', count), fieldRule('file.hash.sha256', 'shasum', lowerText)];
const sent = [fieldRule('payload', 'data', text)];

/** What Cowrie logs, of all its versions, with what kind of event each is. */
const EVENTS: ReadonlyMap<string, CowrieEvent> = new Map(
  Object.entries({
    'cowrie.session.connect': { category: 'session' },
    'cowrie.session.closed': { category: 'session' },
    'cowrie.session.params': { category: 'session' },
    'cowrie.client.version': {
      category: 'session',
      rules: [fieldRule('ssh.client.version', 'version', text)],
      finish: addHassh,
    },
    'cowrie.client.kex': { category: 'session', rules: [fieldRule('ssh.client.hassh', 'hassh', lowerText)] },
    'cowrie.client.size': { category: 'session' },
    'cowrie.client.var': { category: 'session' },
    'cowrie.client.fingerprint': { category: 'authentication' },
    'cowrie.login.success': { category: 'authentication', outcome: 'success' },
    'cowrie.login.failed': { category: 'authentication', outcome: 'failure' },
    'cowrie.command.input': { category: 'process', rules: command },
    'cowrie.command.success': { category: 'process', outcome: 'success', rules: command },
    'cowrie.command.failed': { category: 'process', outcome: 'failure', rules: command },
    'cowrie.session.input': { category: 'process', rules: command },
    'cowrie.session.file_download': { category: 'file', outcome: 'success', rules: download },
    'cowrie.session.file_download.failed': { category: 'file', outcome: 'failure', rules: download },
    'cowrie.session.file_upload': { category: 'file', outcome: 'success', rules: download },
    'cowrie.direct-tcpip.request': { category: 'network' },
    'cowrie.direct-tcpip.data': { category: 'network', rules: sent },
    'cowrie.direct-tcpip.ja4': { category: 'network', rules: [fieldRule('tls.client.ja4', 'ja4', text)] },
    'cowrie.direct-tcpip.ja4h': { category: 'network' },
    'cowrie.tunnelproxy-tcpip.data': { category: 'network', rules: sent },
    'cowrie.log.open': { category: 'session' },
    'cowrie.log.closed': { category: 'session', rules: ttyLog },
    'cowrie.telnet.naws': { category: 'session' },
    'cowrie.virustotal.scanfile': { category: 'file' },
    'cowrie.virustotal.scanurl': { category: 'file' },
  } satisfies Record<string, CowrieEvent>),
);

const COMMON: readonly FieldRule[] = [
  fieldRule('@timestamp', 'timestamp', isoTime),
  fieldRule('observer.name', 'sensor', text),
  fieldRule('session', 'session', text),
  fieldRule('source.ip', 'src_ip', address),
  fieldRule('source.port', 'src_port', port),
  fieldRule('destination.ip', 'dst_ip', address),
  fieldRule('destination.port', 'dst_port', port),
  fieldRule('network.protocol', 'protocol', lowerText),
  fieldRule('event.duration', 'duration', seconds),
  fieldRule('user.name', 'username', text),
];

/** Cowrie, an SSH and Telnet honeypot: `cowrie.json`, from 2018 to now. */
export const COWRIE = jsonSource({
  name: 'cowrie',
  title: 'Cowrie, an SSH and Telnet honeypot (cowrie.json)',
  actions: new Set(EVENTS.keys()),
  recognise: ({ records }) =>
    records.filter((record) => plainText(valueAt(record, ['eventid'])).startsWith('cowrie.')).length /
    Math.max(1, records.length),
  readRecord,
});

function readRecord(record: JsonRecord, sink: EventSink, line: string): RowFault | undefined {
  const action = requiredText(record, ['eventid']);
  if (typeof action !== 'string') return action;
  const event = EVENTS.get(action);
  const fields: EventFields = {
    'event.dataset': 'cowrie',
    'event.action': action,
    'network.transport': 'tcp',
  };
  sink.trace?.({ from: 'eventid', to: 'event.action' });
  if (event !== undefined) fields['event.category'] = event.category;
  if (event?.outcome !== undefined) fields['event.outcome'] = event.outcome;
  const fault =
    applyRules(COMMON, record, fields, sink) ?? applyRules(event?.rules ?? [], record, fields, sink);
  if (fault !== undefined) return fault;
  event?.finish?.(record, fields, sink);
  return sink.add(fields, passwordsIn(valueAt(record, ['password']), line));
}

/** Versions before the fingerprint log the client's algorithms: it is made of them as Cowrie itself made it later. */
function addHassh(record: JsonRecord, fields: EventFields, sink: EventSink): void {
  const keys = ['kexAlgs', 'encCS', 'macCS', 'compCS'];
  const lists = keys.map((key) => valueAt(record, [key]));
  if (!lists.every((list) => Array.isArray(list) && list.every((name) => typeof name === 'string'))) return;
  fields['ssh.client.hassh'] = hash('md5', lists.map((list) => (list as string[]).join(',')).join(';'));
  for (const from of keys) sink.trace?.({ from, to: 'ssh.client.hassh' });
}
