import { EVENT_FIELDS } from '../../data/index.js';
import { isMark, isSecretField, isSecretText } from '../secrets.js';
import { PASSWORD_COLUMNS } from './event-columns.js';
import { MAX_PASSWORDS, passwordsIn } from './login-command.js';
import type { JsonRecord } from './source.js';

/** Deepest names that are taken with those of the objects around them. */
const MAX_DEPTH = 4;
/** Names of columns whose kind is kept: the rows of a table have the same. */
const MAX_KEPT = 4096;
const MAX_KEPT_LENGTH = 128;
/** Objects whose members are fields of an event, as `credential` in JSON of the Elastic Common Schema. */
const FORM_OBJECTS: ReadonlySet<string> = new Set(
  EVENT_FIELDS.flatMap(({ name }) => {
    const keys = name.split('.');
    return keys.slice(1).map((_, i) => keys.slice(0, i + 1).join('.'));
  }),
);

/** A column is a password, any other secret, or neither. */
type ColumnKind = 'password' | 'secret' | 'open';

const known = new Map<string, ColumnKind>();

/**
 * Returns the secrets of a row: the password that is counted first, the empty text where there is none, then all others in
 * columns and members whose name says that they hold one. Marks that a reading before left are none.
 */
export function passwordsOfRow(record: JsonRecord, line: string): string[] {
  const tried: string[] = PASSWORD_COLUMNS.flatMap((name) => {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    return typeof value === 'object' ? [] : passwordsIn(value, line);
  });
  const others: string[] = [];
  const left: { readonly value: JsonRecord; readonly path: string; readonly depth: number }[] = [
    { value: record, path: '', depth: 0 },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path, depth } = next;
    for (const key of Object.keys(value)) {
      const member = value[key]!;
      if (member === null || typeof member === 'boolean') continue;
      // Each member of an object with a very long name would have it too.
      const isAlone = depth === 0 || depth > MAX_DEPTH || path.length > MAX_KEPT_LENGTH;
      const name = isAlone ? key : `${path}.${key}`;
      const isObject = typeof member === 'object';
      const kind = isObject && FORM_OBJECTS.has(name) ? 'open' : kindOf(name);
      if (kind === 'password') (isObject ? others : tried).push(...passwordsIn(member, line));
      else if (kind === 'secret' && typeof member !== 'number')
        others.push(...passwordsIn(member, line).filter(isSecretText));
      else if (isObject) left.push({ value: member as JsonRecord, path: name, depth: depth + 1 });
    }
  }
  const isSecret = (text: string): boolean => text !== '' && !isMark(text);
  const counted = tried.filter(isSecret);
  const all = new Set([counted[0] ?? '', ...counted, ...others.filter(isSecret)]);
  return all.size === 1 && all.has('') ? [] : [...all].slice(0, MAX_PASSWORDS);
}

function kindOf(name: string): ColumnKind {
  const before = known.get(name);
  if (before !== undefined) return before;
  const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const isPassword = name === 'credential.text' || PASSWORD_COLUMNS.includes(last);
  const kind: ColumnKind = isPassword ? 'password' : isSecretField(name) ? 'secret' : 'open';
  if (known.size < MAX_KEPT && name.length <= MAX_KEPT_LENGTH) known.set(name, kind);
  return kind;
}
