import { invalidParameter } from '../../core/index.js';
import { type Clause, parseClauses } from './clauses.js';
import {
  type Condition,
  checkComparator,
  integerOf,
  listOf,
  NUMBER_COMPARATORS,
  TEXT_COMPARATORS,
  textOf,
  trimKey,
} from './condition.js';
import { readPlainIdentifier } from './experiment-search.js';
import { checkOrderCount, type Order, parseOrder, refuseDuplicates } from './order-by.js';
import { refuseSearch } from './refuse.js';

const MODEL_ORDERS = new Map([
  ['name', 'name'],
  ['timestamp', 'last_updated_timestamp'],
  ['last_updated_timestamp', 'last_updated_timestamp'],
]);
const VERSION_ATTRIBUTES = ['name', 'run_id', 'source_path', 'version_number'];
const VERSION_ORDERS = ['name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'];
/** Attributes that IN takes a list for. */
const LISTED = ['name', 'run_id'];

/** Returns the comparisons of a filter of registered models, by name and tags. Throws INVALID_PARAMETER. */
export function parseRegisteredModelFilter(filter: string | undefined): Condition[] {
  return parseClauses(filter).map((clause) => toCondition(clause, ['name']));
}

/**
 * Returns the comparisons of a filter of model versions, by name, run_id, source_path, version_number and tags. Throws
 * INVALID_PARAMETER.
 */
export function parseModelVersionFilter(filter: string | undefined): Condition[] {
  return parseClauses(filter).map((clause) => toCondition(clause, VERSION_ATTRIBUTES));
}

/** Returns what registered models are ordered by: name or last_updated_timestamp. Throws INVALID_PARAMETER. */
export function parseRegisteredModelOrder(orderBy: readonly string[] | undefined): Order[] {
  checkOrderCount(orderBy);
  const orders = (orderBy ?? []).map((text): Order => {
    const { identifier, ascending } = parseOrder(text);
    const key =
      MODEL_ORDERS.get(identifier) ??
      invalidParameter('order_by of registered models', [...MODEL_ORDERS.keys()].join(', '), identifier);
    return { target: 'attribute', key, ascending };
  });
  return refuseDuplicates(orders);
}

/**
 * Returns what model versions are ordered by: name, version_number, creation_timestamp or last_updated_timestamp. Throws
 * INVALID_PARAMETER.
 */
export function parseModelVersionOrder(orderBy: readonly string[] | undefined): Order[] {
  checkOrderCount(orderBy);
  const orders = (orderBy ?? []).map((text): Order => {
    const { identifier, ascending } = parseOrder(text);
    const key = trimKey(readPlainIdentifier(identifier).key);
    if (!VERSION_ORDERS.includes(key)) {
      invalidParameter('order_by of model versions', VERSION_ORDERS.join(', '), identifier);
    }
    return { target: 'attribute', key, ascending };
  });
  return refuseDuplicates(orders);
}

function toCondition(clause: Clause, attributes: readonly string[]): Condition {
  const { target, key } = readPlainIdentifier(clause.identifier);
  if (target === 'tag') {
    const comparator = checkComparator(clause, TEXT_COMPARATORS);
    return { target, key: trimKey(key), comparator, value: textOf(clause) };
  }
  // The registry's attributes are never quoted.
  if (!attributes.includes(key)) invalidParameter('an attribute of the search', attributes.join(', '), key);
  if (key === 'version_number') return versionCondition(clause);
  const isListed = LISTED.includes(key);
  const comparator = checkComparator(
    clause,
    isListed ? [...TEXT_COMPARATORS, 'IN', 'NOT IN'] : TEXT_COMPARATORS,
  );
  const value = comparator === 'IN' || comparator === 'NOT IN' ? listOf(clause) : textOf(clause);
  return { target, key, comparator, value };
}

/** A version may be a number or a text that reads as one. */
function versionCondition(clause: Clause): Condition {
  const comparator = checkComparator(clause, NUMBER_COMPARATORS);
  const { value } = clause;
  if (value?.kind === 'list')
    refuseSearch('version_number takes no list', value.text, 'compare with a number');
  const text = value?.kind === 'number' ? value.text : textOf(clause).trim();
  return { target: 'attribute', key: 'version_number', comparator, value: integerOf('version_number', text) };
}
