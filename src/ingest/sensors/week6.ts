import {
  type EventFields,
  type PythonValue,
  parseJsonLiteral,
  parsePythonLiteral,
  payloadStatistics,
  pythonRepr,
} from '../../data/index.js';
import type { RowFault } from '../row.js';
import { findSecrets, secretText } from '../secrets.js';
import { applyRules, type FieldRule, fieldRule, requiredText, valueAt } from './field-rules.js';
import { jsonSource } from './json-source.js';
import type { EventSink, Json, JsonRecord } from './source.js';
import { address, BadValue, isoTime, lowerText, text, wholePort } from './values.js';

const RULES: readonly FieldRule[] = [
  fieldRule('@timestamp', 'timestamp', isoTime),
  fieldRule('source.ip', 'source_ip', address),
  fieldRule('destination.port', 'port', wholePort),
  fieldRule('network.protocol', 'honeypot_type', lowerText),
  fieldRule('http.request.method', 'method', text),
  fieldRule('url.original', 'path', text),
  fieldRule('user_agent.original', 'user_agent', text),
  fieldRule('log.level', 'level', text),
];

/** The events of the week-6 honeypots, as rows of CSV or Parquet or as JSON lines. */
export const WEEK6 = jsonSource({
  name: 'week6',
  title: 'the week-6 honeypot schema (CSV, JSON lines or Parquet with honeypot_type, event and data)',
  recognise: ({ records }) => records.filter(isWeek6).length / Math.max(1, records.length),
  readRecord,
});

function isWeek6(record: JsonRecord): boolean {
  return ['honeypot_type', 'event', 'data'].every((name) => Object.hasOwn(record, name));
}

function readRecord(record: JsonRecord, sink: EventSink): RowFault | undefined {
  const action = requiredText(record, ['event']);
  if (typeof action !== 'string') return action;
  sink.trace?.({ from: 'event', to: 'event.action' });
  const honeypot = requiredText(record, ['honeypot_type']);
  if (typeof honeypot !== 'string') return honeypot;
  const fields: EventFields = {
    'event.dataset': 'week6',
    'event.action': action,
    'network.transport': 'tcp',
  };
  const fault = applyRules(RULES, record, fields, sink);
  if (fault !== undefined) return fault;
  const payload = payloadOf(valueAt(record, ['data']) ?? null, sink);
  if ('code' in payload) return payload;
  if (payload.text === null) return sink.add(fields);
  fields['payload'] = payload.text;
  fields['payload.statistics'] = JSON.stringify(payloadStatistics(payload.text, payload.value));
  sink.trace?.({ from: 'data', to: 'payload' });
  const user = memberText(payload.value, /^user(?:name)?$/i);
  if (user !== '') fields['user.name'] = user;
  return sink.add(fields, passwordsOf(payload.text, payload.value));
}

/** Returns `data` as it is written in a CSV, and what it holds; an object becomes the text that Python prints for it. */
function payloadOf(
  data: Json,
  sink: EventSink,
): { readonly text: string | null; readonly value: PythonValue } | RowFault {
  const written = text(data, sink);
  if (written instanceof BadValue) return { code: written.code, reason: written.reason, column: 'data' };
  if (typeof written !== 'string') return { text: null, value: null };
  const value = literalOf(written);
  if (value === undefined)
    return { code: 'bad-data', reason: 'the field is neither a Python literal nor JSON', column: 'data' };
  return { text: typeof data === 'string' ? written : pythonRepr(value), value };
}

function literalOf(written: string): PythonValue | undefined {
  for (const parse of [parsePythonLiteral, parseJsonLiteral])
    try {
      return parse(written, { maxLength: written.length });
    } catch {
      // The other form, or none.
    }
  return undefined;
}

function memberText(value: PythonValue, name: RegExp): string {
  if (value === null || typeof value !== 'object' || value.kind !== 'dict') return '';
  const member = value.entries.find(([key]) => typeof key === 'string' && name.test(key))?.[1];
  return member === undefined ? '' : (secretText(member) ?? '');
}

/** The password that was tried first, then whatever else is secret, and short arguments of a log-in where they stand. */
function passwordsOf(written: string, value: PythonValue): string[] {
  const secrets = [...findSecrets({}, value).whole];
  if (secrets.length === 0) return [];
  const isLogin = /^(?:PASS|AUTH)$/i.test(memberText(value, /^(?:command|cmd|verb)$/i).trim());
  const tried = memberText(value, isLogin ? /^arg(?:s|uments?)?$/i : /^pass(?:word|wd)?$/i);
  const argument = isLogin ? [...written.matchAll(/(['"])args?\1\s*:\s*(['"]).*?\2/gi)] : [];
  return [tried, ...secrets, ...argument.map(([stretch]) => stretch)];
}
