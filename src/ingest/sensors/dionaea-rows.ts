import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';
import { endsOf } from './dionaea-fields.js';
import {
  CONNECTION_RULES,
  CONNECTIONS,
  type DionaeaTable,
  MAX_VALUE_BYTES,
  TABLES,
} from './dionaea-tables.js';
import { applyRules, requiredText } from './field-rules.js';
import { plainText } from './login-command.js';
import type { EventSink, JsonRecord } from './source.js';

const BY_NAME: ReadonlyMap<unknown, DionaeaTable> = new Map(
  [CONNECTIONS, ...TABLES].map((table) => [table.name, table]),
);

/** Returns the table of a row of Dionaea's database, as `dionaeaLines` writes it; undefined for any other record. */
export function tableOf(record: JsonRecord): DionaeaTable | undefined {
  return Object.hasOwn(record, 'table') ? BY_NAME.get(record['table']) : undefined;
}

/** Reads one row of Dionaea's database. */
export function readRow(record: JsonRecord, table: DionaeaTable, sink: EventSink): RowFault | undefined {
  for (const [column, value] of Object.entries(record))
    if (value === true)
      return { code: 'too-large', reason: `the value is longer than ${MAX_VALUE_BYTES} bytes`, column };
  const type = requiredText(record, ['connection_type']);
  if (typeof type !== 'string') return type;
  const fields: EventFields = { 'event.dataset': 'dionaea' };
  const fault =
    applyRules(CONNECTION_RULES, record, fields, sink) ?? applyRules(table.rules, record, fields, sink);
  if (fault !== undefined) return fault;
  sink.trace?.({ from: table === CONNECTIONS ? 'connection_type' : 'table', to: 'event.action' });
  fields['event.action'] = table === CONNECTIONS ? `${table.action}.${type}` : table.action;
  fields['event.category'] = table.category;
  const password = table.password === undefined ? '' : plainText(record[table.password]);
  return sink.add(endsOf(fields, type), password === '' ? [] : [password]);
}
