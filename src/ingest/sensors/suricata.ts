import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { applyRules, requiredText, valueAt } from './field-rules.js';
import { jsonSource } from './json-source.js';
import { commandLine, plainText, secretArguments } from './login-command.js';
import type { EventSink, Json, JsonRecord } from './source.js';
import { COMMON, EVENTS, FLOW_TIME, PROTOCOLS } from './suricata-fields.js';
import { checkText, isoTime } from './values.js';

/** Suricata's event log `eve.json`: one JSON object a line, whatever the type. */
export const SURICATA = jsonSource({
  name: 'suricata',
  title: 'Suricata, a network intrusion detection system (eve.json)',
  actions: new Set([...EVENTS.keys()].map((type) => `suricata.${type}`)),
  recognise: ({ records }) => records.filter(isEve).length / Math.max(1, records.length),
  readRecord,
});

function isEve(record: JsonRecord): boolean {
  return (
    typeof valueAt(record, ['event_type']) === 'string' &&
    typeof valueAt(record, ['timestamp']) === 'string' &&
    (Object.hasOwn(record, 'flow_id') || Object.hasOwn(record, 'stats') || Object.hasOwn(record, 'dest_ip'))
  );
}

function readRecord(record: JsonRecord, sink: EventSink, line: string): RowFault | undefined {
  const type = requiredText(record, ['event_type']);
  if (typeof type !== 'string') return type;
  sink.trace?.({ from: 'event_type', to: 'event.action' });
  const event = EVENTS.get(type);
  const fields: EventFields = { 'event.dataset': `suricata.${type}`, 'event.action': `suricata.${type}` };
  if (event?.category !== undefined) fields['event.category'] = event.category;
  const fault =
    applyRules(type === 'flow' || type === 'netflow' ? FLOW_TIME : [], record, fields, sink) ??
    applyRules(COMMON, record, fields, sink) ??
    applyRules(event?.rules ?? [], record, fields, sink);
  if (fault !== undefined) return fault;
  if (PROTOCOLS.has(type) && fields['network.protocol'] === undefined) fields['network.protocol'] = type;
  noteFlow(record, line, fields, sink);
  noteClient(record, fields, sink);
  return sink.add(fields, passwordsOf(record));
}

/** Notes the flow's number, its duration and whether it raised an alert. */
function noteFlow(record: JsonRecord, line: string, fields: EventFields, sink: EventSink): void {
  const id = flowId(valueAt(record, ['flow_id']), line);
  if (id !== undefined) {
    fields['event.id'] = id;
    fields['session'] = id;
    sink.trace?.({ from: 'flow_id', to: 'event.id' });
    sink.trace?.({ from: 'flow_id', to: 'session' });
  }
  const alerted = valueAt(record, ['flow', 'alerted']);
  if (typeof alerted === 'boolean') {
    fields['event.alerted'] = alerted ? 1 : 0;
    sink.trace?.({ from: 'flow.alerted', to: 'event.alerted' });
  }
  const start = isoTime(valueAt(record, ['flow', 'start']) ?? null, sink);
  const end = isoTime(valueAt(record, ['flow', 'end']) ?? null, sink);
  if (typeof start !== 'number' || typeof end !== 'number' || end < start || end - start > 9e9) return;
  fields['event.duration'] = (end - start) * 1e6;
  sink.trace?.({ from: 'flow.end', to: 'event.duration' });
}

/** Returns the digits of a flow's number. Those beyond 2^53 are rounded in the record, so they are read from its line. */
function flowId(value: Json | undefined, line: string): string | undefined {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return value;
  if (typeof value !== 'number' || value < 0) return undefined;
  if (Number.isSafeInteger(value)) return String(value);
  // Inside a text the quote before the name would stand behind a backslash.
  for (const [, digits] of line.matchAll(/(?<!\\)"flow_id"\s*:\s*(\d{16,20})(?!\d|[.eE])/g))
    if (Number(digits) === value) return digits;
  return undefined;
}

/** Writes the SSH client's version as it sends it, and the FTP command as it was typed. */
function noteClient(record: JsonRecord, fields: EventFields, sink: EventSink): void {
  const protocol = valueAt(record, ['ssh', 'client', 'proto_version']);
  const software = fields['ssh.client.version'];
  if (typeof software === 'string' && typeof protocol === 'string' && /^[\d.]{1,8}$/.test(protocol))
    fields['ssh.client.version'] = `SSH-${protocol}-${software}`;
  const command = plainText(valueAt(record, ['ftp', 'command']));
  const given = plainText(valueAt(record, ['ftp', 'command_data']));
  if (fields['process.command_line'] === undefined || given === '' || checkText(given) !== given) return;
  fields['process.command_line'] = commandLine(command, given);
  sink.trace?.({ from: 'ftp.command_data', to: 'process.command_line' });
  if (command.toUpperCase() === 'USER') fields['user.name'] = given;
}

function passwordsOf(record: JsonRecord): string[] {
  const [command, given] = [valueAt(record, ['ftp', 'command']), valueAt(record, ['ftp', 'command_data'])];
  return [
    ...secretArguments(plainText(command), plainText(given)),
    plainText(valueAt(record, ['mqtt', 'connect', 'password'])),
    plainText(valueAt(record, ['snmp', 'community'])),
  ].filter((password) => password !== '');
}
