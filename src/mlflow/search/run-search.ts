import { invalidParameter, show } from '../../core/index.js';
import { type Clause, parseClauses } from './clauses.js';
import {
  type Condition,
  checkComparator,
  integerOf,
  isInteger,
  listOf,
  NUMBER_COMPARATORS,
  numberOf,
  type SearchTarget,
  splitIdentifier,
  TEXT_COMPARATORS,
  textOf,
  trimKey,
  trimPair,
} from './condition.js';
import { checkOrderCount, type Order, parseOrder, refuseDuplicates } from './order-by.js';

const TARGETS = new Map<string, SearchTarget>(
  (
    [
      ['metric', ['metric', 'metrics']],
      ['param', ['parameter', 'parameters', 'param', 'params']],
      ['tag', ['tag', 'tags']],
      ['attribute', ['attribute', 'attributes', 'attr', 'run']],
      ['dataset', ['dataset', 'datasets']],
    ] as const
  ).flatMap(([target, names]) => names.map((name) => [name, target] as const)),
);

const NUMBERS = new Map([
  ['start_time', 'start_time'],
  ['created', 'start_time'],
  ['Created', 'start_time'],
  ['end_time', 'end_time'],
]);
const TEXTS = new Map(
  ['run_id', 'run_name', 'user_id', 'status', 'artifact_uri'].map((name) => [name, name] as const),
);
/** Searched by, but not ordered by. */
const NAME_ALIASES = new Map(['run name', 'Run name', 'Run Name'].map((name) => [name, 'run_name'] as const));
const DATASET_KEYS = ['name', 'digest', 'context'];

/**
 * Returns the comparisons of a filter of runs. Attributes: run_id, run_name, user_id, status, artifact_uri (text),
 * start_time, end_time (numbers); datasets have name, digest and context. Throws INVALID_PARAMETER.
 */
export function parseRunFilter(filter: string | undefined): Condition[] {
  return parseClauses(filter).map(toCondition);
}

/**
 * Returns what runs are ordered by: attributes, metrics, params, tags. Throws INVALID_PARAMETER, for a key named twice
 * too (MLflow answers that with an internal error).
 */
export function parseRunOrder(orderBy: readonly string[] | undefined): Order[] {
  checkOrderCount(orderBy);
  const orders = (orderBy ?? []).map((text): Order => {
    const { identifier, ascending } = parseOrder(text);
    const { target, key } = readIdentifier(identifier);
    const attribute = NUMBERS.get(key) ?? TEXTS.get(key);
    if (target === 'dataset') invalidParameter('order_by', 'an attribute, metric, param or tag', text);
    if (target === 'attribute' && attribute === undefined) refuseAttribute(key);
    return { target, key: target === 'attribute' ? attribute! : key, ascending };
  });
  return refuseDuplicates(orders);
}

function toCondition(clause: Clause): Condition {
  const { target, key } = readIdentifier(clause.identifier);
  if (target === 'attribute') return attributeCondition(clause, key);
  if (target === 'metric') {
    const comparator = checkComparator(clause, NUMBER_COMPARATORS);
    return { target, key, comparator, value: numberOf(clause) };
  }
  if (target === 'dataset') {
    if (!DATASET_KEYS.includes(key)) invalidParameter('a key of datasets', DATASET_KEYS.join(', '), key);
    return textCondition(clause, { target, key }, ['IN', 'NOT IN']);
  }
  return textCondition(clause, { target, key }, ['IS NULL', 'IS NOT NULL']);
}

function attributeCondition(clause: Clause, name: string): Condition {
  const target = 'attribute';
  const number = NUMBERS.get(name);
  if (number !== undefined) {
    const comparator = checkComparator(clause, NUMBER_COMPARATORS);
    const value = isInteger(clause.value) ? integerOf(number, clause.value!.text) : numberOf(clause);
    return { target, key: number, comparator, value };
  }
  const key = TEXTS.get(name) ?? NAME_ALIASES.get(name) ?? refuseAttribute(name);
  return textCondition(clause, { target, key }, key === 'run_id' ? ['IN', 'NOT IN'] : []);
}

function textCondition(
  clause: Clause,
  on: Pick<Condition, 'target' | 'key'>,
  more: readonly Condition['comparator'][],
): Condition {
  const comparator = checkComparator(clause, [...TEXT_COMPARATORS, ...more]);
  if (comparator === 'IN' || comparator === 'NOT IN') return { ...on, comparator, value: listOf(clause) };
  return { ...on, comparator, value: clause.value === null ? null : textOf(clause) };
}

function readIdentifier(identifier: string): { readonly target: SearchTarget; readonly key: string } {
  const { entity, key } = splitIdentifier(identifier);
  const target = entity === undefined ? 'attribute' : TARGETS.get(trimPair(entity, '`'));
  if (target !== undefined) return { target, key: trimKey(key) };
  return invalidParameter(
    `the prefix of ${show(identifier)}`,
    'metrics, params, tags, attributes or datasets',
    entity,
  );
}

function refuseAttribute(name: string): never {
  return invalidParameter(
    'an attribute of runs',
    [...TEXTS.keys(), 'start_time', 'end_time'].join(', '),
    name,
  );
}
