import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { applyRules, valueAt } from './field-rules.js';
import { parseRecord } from './json-source.js';
import { commandLine, plainText, secretArguments } from './login-command.js';
import type { EventSink, JsonRecord, LineReader, LogHead, LogSource } from './source.js';
import { BadValue, checkText } from './values.js';
import { COMMON, LOGS, zeekPath } from './zeek-fields.js';
import { ZeekTable } from './zeek-tsv.js';

/** The logs of Zeek, as tab-separated values with a header or as JSON lines, with or without labels. */
export const ZEEK: LogSource = {
  name: 'zeek',
  title: 'Zeek, a network monitor (conn.log, http.log and others, with a header or as JSON)',
  lines: 'in-order',
  recognise,
  open,
};

function recognise({ lines, records }: LogHead): number {
  if (lines.some((line) => /^#(?:separator |fields\tts\t)/.test(line))) return 1;
  return records.filter(isZeek).length / Math.max(1, records.length);
}

function isZeek(record: JsonRecord): boolean {
  const has = (name: string) => Object.hasOwn(record, name);
  return has('ts') && (has('id.orig_h') || has('_path') || (has('uid') && has('proto')) || has('fuid'));
}

function open(): LineReader {
  const table = new ZeekTable();
  return (line, sink) => {
    if (line.startsWith('{')) {
      const parsed = parseRecord(line);
      return 'fault' in parsed ? parsed.fault : readRecord(parsed.record, zeekPath(parsed.record), sink);
    }
    const read = table.read(line);
    if (read === 'header') return undefined;
    return 'code' in read ? read : readRecord(read.record, read.path ?? zeekPath(read.record), sink);
  };
}

function readRecord(record: JsonRecord, path: string, sink: EventSink): RowFault | undefined {
  const checked = checkText(path);
  if (checked instanceof BadValue) return { code: checked.code, reason: checked.reason, column: '_path' };
  const log = LOGS.get(path);
  const fields: EventFields = { 'event.dataset': `zeek.${path}`, 'event.action': `zeek.${path}` };
  if (log !== undefined) fields['event.category'] = log.category;
  if (log?.protocol !== undefined) fields['network.protocol'] = log.protocol;
  const fault =
    applyRules(COMMON, record, fields, sink) ?? applyRules(log?.rules ?? [], record, fields, sink);
  if (fault !== undefined) return fault;
  // Of ICMP, Zeek writes type and code where ports stand otherwise.
  if (fields['network.transport'] === 'icmp') {
    delete fields['source.port'];
    delete fields['destination.port'];
  }
  if (path === 'ftp') noteArgument(record, fields, sink);
  return sink.add(fields, passwordsOf(record));
}

function noteArgument(record: JsonRecord, fields: EventFields, sink: EventSink): void {
  const argument = plainText(valueAt(record, ['arg']));
  const command = fields['process.command_line'];
  if (argument === '' || typeof command !== 'string' || checkText(argument) !== argument) return;
  fields['process.command_line'] = commandLine(command, argument);
  sink.trace?.({ from: 'arg', to: 'process.command_line' });
}

/** Zeek itself hides passwords unless it is told not to. */
function passwordsOf(record: JsonRecord): string[] {
  return [
    plainText(valueAt(record, ['password'])),
    plainText(valueAt(record, ['community'])),
    ...secretArguments(plainText(valueAt(record, ['command'])), plainText(valueAt(record, ['arg']))),
  ].filter((password) => password !== '' && password !== '<hidden>');
}
