import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { applyRules, type FieldRule, fieldRule, valueAt } from './field-rules.js';
import { jsonSource } from './json-source.js';
import { commandLine, plainText } from './login-command.js';
import { LOG_TYPES, type LogType } from './opencanary-types.js';
import type { EventSink, JsonRecord } from './source.js';
import { address, checkText, isoTime, lowerText, orNothing, port, text, utcTime } from './values.js';

const canaryPort = orNothing(port, -1, '-1');

const COMMON: readonly FieldRule[] = [
  // Where there is a `utc_time`, `local_time` is UTC too, and `local_time_adjusted` is what its name says.
  fieldRule('@timestamp', 'utc_time', utcTime),
  fieldRule('@timestamp', 'local_time_adjusted', isoTime),
  fieldRule('@timestamp', 'local_time', isoTime),
  fieldRule('observer.name', 'node_id', text),
  fieldRule('source.ip', 'src_host', address),
  fieldRule('source.port', 'src_port', canaryPort),
  fieldRule('destination.ip', 'dst_host', address),
  fieldRule('destination.port', 'dst_port', canaryPort),
  fieldRule('network.transport', ['logdata', 'PROTO'], lowerText),
  fieldRule('user.name', ['logdata', 'USERNAME'], text),
  fieldRule('user.name', ['logdata', 'USER'], text),
  fieldRule('user.name', ['logdata', 'username'], text),
  fieldRule('ssh.client.version', ['logdata', 'REMOTEVERSION'], text),
  fieldRule('file.name', ['logdata', 'FILENAME'], text),
  fieldRule('payload', ['logdata', 'DATA'], text),
  fieldRule('payload', ['logdata', 'HEADERS'], text),
];

const WEB: readonly FieldRule[] = [
  fieldRule('url.domain', ['logdata', 'HOSTNAME'], lowerText),
  fieldRule('url.original', ['logdata', 'PATH'], text),
  fieldRule('user_agent.original', ['logdata', 'USERAGENT'], text),
  fieldRule('http.request.method', ['logdata', 'REQUEST_TYPE'], text),
];

const GIT: readonly FieldRule[] = [
  fieldRule('url.domain', ['logdata', 'HOST'], lowerText),
  fieldRule('url.original', ['logdata', 'REPO'], text),
];

/** OpenCanary, a honeypot of many services: `opencanary.log`. */
export const OPENCANARY = jsonSource({
  name: 'opencanary',
  title: 'OpenCanary, a honeypot of many services (opencanary.log)',
  actions: new Set([...LOG_TYPES.values()].map(({ name }) => `opencanary.${name}`)),
  recognise: ({ records }) => records.filter(isCanary).length / Math.max(1, records.length),
  readRecord,
});

function isCanary(record: JsonRecord): boolean {
  return ['logtype', 'node_id', 'logdata'].every((name) => Object.hasOwn(record, name));
}

function readRecord(record: JsonRecord, sink: EventSink): RowFault | undefined {
  const number = valueAt(record, ['logtype']);
  if (!Number.isSafeInteger(number))
    return { code: 'missing-value', reason: 'the record has no logtype', column: 'logtype' };
  sink.trace?.({ from: 'logtype', to: 'event.action' });
  const type = LOG_TYPES.get(Number(number));
  const fields: EventFields = {
    'event.dataset': 'opencanary',
    'event.action': `opencanary.${type?.name ?? number}`,
  };
  if (type !== undefined) fillByType(fields, type);
  const rules = type?.protocol === 'http' ? WEB : type?.protocol === 'git' ? GIT : [];
  const fault = applyRules(COMMON, record, fields, sink) ?? applyRules(rules, record, fields, sink);
  if (fault !== undefined) return fault;
  noteCommand(record, fields, sink);
  return sink.add(fields, passwordsOf(record));
}

function fillByType(fields: EventFields, { category, protocol, transport, method }: LogType): void {
  if (category !== undefined) fields['event.category'] = category;
  if (protocol !== undefined) fields['network.protocol'] = protocol;
  if (transport !== undefined) fields['network.transport'] = transport;
  if (method !== undefined) fields['http.request.method'] = method;
}

/** Notes the command of a Redis or MongoDB client with its arguments. */
function noteCommand(record: JsonRecord, fields: EventFields, sink: EventSink): void {
  for (const [command, given] of [
    ['CMD', 'ARGS'],
    ['command', 'query'],
  ] as const) {
    const name = plainText(valueAt(record, ['logdata', command]));
    const line = commandLine(name, plainText(valueAt(record, ['logdata', given])));
    if (name === '' || checkText(line) !== line) continue;
    fields['process.command_line'] = line;
    sink.trace?.({ from: `logdata.${command}`, to: 'process.command_line' });
  }
}

/** The first is the one that was tried; the others are only to be hidden. */
function passwordsOf(record: JsonRecord): string[] {
  const isAuth = plainText(valueAt(record, ['logdata', 'CMD'])).toUpperCase() === 'AUTH';
  const given = plainText(valueAt(record, ['logdata', 'ARGS']));
  const vnc = plainText(valueAt(record, ['logdata', 'VNC Password']));
  const tried = [
    plainText(valueAt(record, ['logdata', 'PASSWORD'])),
    vnc.startsWith('<') ? '' : vnc,
    plainText(valueAt(record, ['logdata', 'COMMUNITY_STRING'])),
    // Redis takes a user's name before the password, or none.
    isAuth ? given.slice(given.lastIndexOf(' ') + 1) : '',
  ].find((password) => password !== '');
  const hidden = [isAuth ? given : '', plainText(valueAt(record, ['logdata', 'SECRET_STRING']))];
  return [tried ?? '', ...hidden.filter((secret) => secret !== '')];
}
