import { invalidParameter } from '../../core/index.js';
import type { Clause } from './clauses.js';
import { refuseSearch } from './refuse.js';
import type { ClauseValue } from './token-reader.js';

/** Every comparator of MLflow's search, in capitals. */
const COMPARATORS = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'LIKE',
  'ILIKE',
  'IN',
  'NOT IN',
  'IS NULL',
  'IS NOT NULL',
] as const;
/** One of MLflow's comparators. */
export type Comparator = (typeof COMPARATORS)[number];

/** What a comparison is about. */
export type SearchTarget = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset';

/** A checked comparison: its comparator fits its target, and its value has the target's type. */
export interface Condition {
  readonly target: SearchTarget;
  /** The key of a metric, param or tag; the name of an attribute, aliases resolved. */
  readonly key: string;
  readonly comparator: Comparator;
  /** null for IS NULL and IS NOT NULL; a bigint beyond 2^53; numbers may be infinite, never NaN. */
  readonly value: string | number | bigint | readonly string[] | null;
}

/** The comparators of numbers. */
export const NUMBER_COMPARATORS: readonly Comparator[] = ['=', '!=', '<', '<=', '>', '>='];
/** The comparators of text. */
export const TEXT_COMPARATORS: readonly Comparator[] = ['=', '!=', 'LIKE', 'ILIKE'];

/** Returns an identifier's entity and key, the entity undefined for a bare name; quotes stay. */
export function splitIdentifier(identifier: string): {
  readonly entity: string | undefined;
  readonly key: string;
} {
  const dot = identifier.indexOf('.');
  if (dot < 0) return { entity: undefined, key: identifier };
  return { entity: identifier.slice(0, dot), key: identifier.slice(dot + 1) };
}

/** Returns a name without the quotes or backticks around it; what is doubled inside stays so, as MLflow has it. */
export function trimKey(key: string): string {
  return trimPair(trimPair(trimPair(key, "'"), '"'), '`');
}

/** Returns text without this character at both its ends. */
export function trimPair(text: string, quote: string): string {
  const isQuoted = text.length >= 2 && text.startsWith(quote) && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

/** Returns the comparator in capitals. Throws INVALID_PARAMETER when it is none of `allowed`. */
export function checkComparator(clause: Clause, allowed: readonly Comparator[]): Comparator {
  const spelt = clause.comparator.toUpperCase();
  const found = allowed.find((comparator) => comparator === spelt);
  if (found !== undefined) return found;
  return invalidParameter(`the comparator of ${clause.identifier}`, allowed.join(', '), clause.comparator);
}

/** Returns the text of a quoted value. Throws INVALID_PARAMETER for any other. */
export function textOf({ identifier, value }: Clause): string {
  const text = value?.kind === 'text' ? value.text : undefined;
  if (text !== undefined && (trimPair(text, "'") !== text || trimPair(text, '"') !== text)) {
    return text.slice(1, -1);
  }
  return refuseSearch(
    `${identifier} needs a quoted text`,
    value?.text ?? '',
    "put the value in quotes: 'value'",
  );
}

/** Returns the texts of a list. Throws INVALID_PARAMETER for another value and for an empty list. */
export function listOf({ identifier, value }: Clause): readonly string[] {
  if (value?.kind === 'list' && value.items.length > 0) return value.items;
  return refuseSearch(`${identifier} needs a list`, value?.text ?? '', "write a list as ('first', 'second')");
}

/** Returns the number of a value. Throws INVALID_PARAMETER for any other. */
export function numberOf({ identifier, value }: Clause): number {
  if (value?.kind === 'number') return Number(value.text);
  return refuseSearch(
    `${identifier} needs a number`,
    value?.text ?? '',
    'write a number without quotes; times are milliseconds since 1970, and NaN cannot be searched for',
  );
}

/** Returns a whole number of 64 bits from its text. Throws INVALID_PARAMETER for any other text. */
export function integerOf(identifier: string, text: string): number | bigint {
  if (/^[+-]?\d{1,25}$/.test(text)) {
    const whole = BigInt(text.startsWith('+') ? text.slice(1) : text);
    if (BigInt.asIntN(64, whole) === whole) {
      return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
    }
  }
  return refuseSearch(`${identifier} needs a whole number of 64 bits`, text, 'write digits only');
}

/** Returns true for a number that is written as a whole one. */
export function isInteger(value: ClauseValue | null): boolean {
  return value?.kind === 'number' && /^-?\d+$/.test(value.text);
}
