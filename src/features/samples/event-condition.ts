import { didYouMean, PhantomNetError, show } from '../../core/index.js';
import { EVENT_FIELDS, type EventFieldName, type EventFields } from '../../data/index.js';

/** What a field must be: a value, one of several, or text with `*` for any characters. */
export type FieldTest = string | number | readonly (string | number)[];

/** Fields and what each of them must be; all must hold. A list of conditions holds where one of them does. */
export type EventCondition =
  | Readonly<Record<string, FieldTest>>
  | readonly Readonly<Record<string, FieldTest>>[];

/** A condition that was checked and can be asked. */
export interface EventMatcher {
  /** The fields it reads. */
  readonly fields: readonly EventFieldName[];
  matches(event: EventFields): boolean;
}

const NAMES: readonly string[] = EVENT_FIELDS.map(({ name }) => name);

/** Returns the name of an event field. Throws INVALID_CONFIG, with the nearest, for one there is not. */
export function eventFieldNamed(name: string, where: string): EventFieldName {
  if (NAMES.includes(name)) return name as EventFieldName;
  throw new PhantomNetError('INVALID_CONFIG', `${where}: events have no field ${show(name)}`, {
    hint: didYouMean(name, NAMES) ?? 'the fields are listed in docs/formats/event-v1.md',
    details: { key: where, field: name },
  });
}

/**
 * Returns a condition ready to be asked. `where` is the key of the config it stands under.
 * Throws INVALID_CONFIG for an unknown field, and for a condition without one, which every event would fulfil.
 */
export function eventMatcher(condition: EventCondition, where: string): EventMatcher {
  const all = (Array.isArray(condition) ? condition : [condition]) as readonly Readonly<
    Record<string, FieldTest>
  >[];
  const alternatives = all.map((one) =>
    Object.entries(one).map(([name, test]) => ({
      field: eventFieldNamed(name, where),
      test: valueTest(test),
    })),
  );
  if (all.some((one) => Object.values(one).some((test) => Array.isArray(test) && test.length === 0)))
    throw new PhantomNetError('INVALID_CONFIG', `${where}: a field may be none of no values`, {
      hint: 'list at least one value of the field, or leave the field out',
      details: { key: where },
    });
  if (alternatives.length === 0 || alternatives.some((tests) => tests.length === 0))
    throw new PhantomNetError('INVALID_CONFIG', `${where}: a condition names no field`, {
      hint: 'write a field and what it must be, as in { event.action: cowrie.login.* }',
      details: { key: where },
    });
  return {
    fields: [...new Set(alternatives.flat().map(({ field }) => field))],
    matches: (event) =>
      alternatives.some((tests) => tests.every(({ field, test }) => test(event[field] ?? null))),
  };
}

/** Returns what tells whether a value is one of those of a test. Asking costs O(length of the value) a pattern. */
export function valueTest(test: FieldTest): (value: string | number | null) => boolean {
  const tests = (Array.isArray(test) ? test : [test]) as readonly (string | number)[];
  const exact = new Set(tests.filter((t) => typeof t === 'number' || !t.includes('*')).map(String));
  const patterns = tests.flatMap((t) => (typeof t === 'string' && t.includes('*') ? [t.split('*')] : []));
  return (value) => {
    if (value === null) return false;
    const text = String(value);
    return exact.has(text) || patterns.some((parts) => matchesParts(text, parts));
  };
}

/** Returns whether text is the parts in order with anything in between. Linear: each part is looked for once. */
function matchesParts(text: string, parts: readonly string[]): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
