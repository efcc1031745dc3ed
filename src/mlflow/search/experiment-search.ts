import { invalidParameter, show } from '../../core/index.js';
import { type Clause, parseClauses } from './clauses.js';
import {
  type Comparator,
  type Condition,
  checkComparator,
  integerOf,
  isInteger,
  listOf,
  NUMBER_COMPARATORS,
  numberOf,
  splitIdentifier,
  TEXT_COMPARATORS,
  textOf,
  trimKey,
} from './condition.js';
import { checkOrderCount, type Order, parseOrder } from './order-by.js';
import { refuseSearch } from './refuse.js';

const NUMBERS = ['creation_time', 'last_update_time'];
const ATTRIBUTES = ['name', 'experiment_id', ...NUMBERS];

/**
 * Returns the comparisons of a filter of experiments, by name, experiment_id, creation_time, last_update_time and tags.
 * LIKE, ILIKE and IN must be in capitals here, as in MLflow. Throws INVALID_PARAMETER.
 */
export function parseExperimentFilter(filter: string | undefined): Condition[] {
  return parseClauses(filter).map(toCondition);
}

/** Returns what experiments are ordered by; one attribute may be named twice. Throws INVALID_PARAMETER. */
export function parseExperimentOrder(orderBy: readonly string[] | undefined): Order[] {
  checkOrderCount(orderBy);
  return (orderBy ?? []).map((text) => {
    const { identifier, ascending } = parseOrder(text);
    const { target, key } = readPlainIdentifier(identifier);
    if (target === 'tag') invalidParameter('order_by', ATTRIBUTES.join(', '), text);
    return { target, key: checkAttribute(trimKey(key)), ascending };
  });
}

/**
 * Returns target and key (with its quotes) of an identifier where only attributes and tags are searched, with the
 * prefixes attribute, tag and tags. Throws INVALID_PARAMETER.
 */
export function readPlainIdentifier(identifier: string): {
  readonly target: 'attribute' | 'tag';
  readonly key: string;
} {
  const { entity, key } = splitIdentifier(identifier);
  if (entity === undefined || entity === 'attribute') return { target: 'attribute', key };
  if (entity === 'tag' || entity === 'tags') return { target: 'tag', key };
  return invalidParameter(`the prefix of ${show(identifier)}`, 'attribute, tag or tags', entity);
}

function toCondition(clause: Clause): Condition {
  const { target, key } = readPlainIdentifier(clause.identifier);
  if (target === 'attribute') return attributeCondition(clause, checkAttribute(trimKey(key)));
  const comparator = checkSpelling(clause, [...TEXT_COMPARATORS, 'IS NULL', 'IS NOT NULL']);
  return { target, key: trimKey(key), comparator, value: clause.value === null ? null : textOf(clause) };
}

function attributeCondition(clause: Clause, key: string): Condition {
  const target = 'attribute';
  if (NUMBERS.includes(key)) {
    const comparator = checkSpelling(clause, NUMBER_COMPARATORS);
    if (!isInteger(clause.value)) {
      numberOf(clause);
      refuseSearch(`${key} needs a whole number`, clause.value!.text, 'times are epoch milliseconds');
    }
    return { target, key, comparator, value: integerOf(key, clause.value!.text) };
  }
  if (key === 'name')
    return { target, key, comparator: checkSpelling(clause, TEXT_COMPARATORS), value: textOf(clause) };
  const comparator = checkSpelling(clause, ['=', '!=', 'IN', 'NOT IN']);
  if (comparator === '=' || comparator === '!=') {
    return { target, key, comparator, value: experimentIdOf(textOf(clause)) };
  }
  return { target, key, comparator, value: listOf(clause).map((id) => String(experimentIdOf(id))) };
}

function experimentIdOf(text: string): number | bigint {
  return integerOf('experiment_id', text.trim());
}

function checkSpelling(clause: Clause, allowed: readonly Comparator[]): Comparator {
  const comparator = checkComparator(clause, allowed);
  if (comparator !== clause.comparator) {
    refuseSearch('the comparators of experiments are in capitals', clause.comparator, `write ${comparator}`);
  }
  return comparator;
}

function checkAttribute(name: string): string {
  return ATTRIBUTES.includes(name)
    ? name
    : invalidParameter('an attribute of experiments', ATTRIBUTES.join(', '), name);
}
