import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import { type Clause, parseClauses } from './clauses.js';
import {
  type Condition,
  checkComparator,
  NUMBER_COMPARATORS,
  type SearchTarget,
  splitIdentifier,
  TEXT_COMPARATORS,
} from './condition.js';
import { checkOrderCount } from './order-by.js';
import { refuseSearch } from './refuse.js';

/** One thing that logged models are ordered by, as MLflow's request has it. */
export interface LoggedModelOrder {
  /** An attribute, or `metrics.<key>`. */
  readonly fieldName: string;
  /** Default true. */
  readonly ascending?: boolean;
  /** Only metrics that were logged on this data set. */
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

/** A data set that metrics must have been logged on; without a digest, on one that has none, as MLflow's server has it. */
export interface DatasetFilter {
  readonly datasetName: string;
  readonly datasetDigest?: string;
}

/** A checked order: the column of an attribute, or the key of a metric. */
export interface LoggedModelSort extends Omit<LoggedModelOrder, 'fieldName' | 'ascending'> {
  readonly target: 'attribute' | 'metric';
  readonly key: string;
  readonly ascending: boolean;
}

const TARGETS = new Map<string, SearchTarget>([
  ['attributes', 'attribute'],
  ['metrics', 'metric'],
  ['params', 'param'],
  ['tags', 'tag'],
]);
const ALIASES = new Map([
  ['creation_time', 'creation_timestamp_ms'],
  ['creation_timestamp', 'creation_timestamp_ms'],
  ['last_updated_timestamp', 'last_updated_timestamp_ms'],
]);
const NUMBERS = ['creation_timestamp_ms', 'last_updated_timestamp_ms'];
/** Columns of MLflow's table, which is what its search compares with. */
const ATTRIBUTES = [
  'name',
  'model_id',
  'model_type',
  'status',
  'source_run_id',
  'experiment_id',
  'artifact_location',
  'lifecycle_stage',
  'status_message',
  ...NUMBERS,
];

/**
 * Returns the comparisons of a filter of logged models. A status is the number MLflow stores; text may stand without
 * quotes, and double quotes are part of it. Throws INVALID_PARAMETER.
 */
export function parseLoggedModelFilter(filter: string | undefined): Condition[] {
  return parseClauses(filter).map(toCondition);
}

/** Returns what logged models are ordered by. Throws INVALID_PARAMETER. */
export function parseLoggedModelOrder(orderBy: readonly LoggedModelOrder[] | undefined): LoggedModelSort[] {
  checkOrderCount(orderBy);
  return (orderBy ?? []).map(({ fieldName, ascending = true, ...dataset }) => {
    const { entity, key } = splitIdentifier(fieldName);
    if (entity === undefined) {
      return {
        target: 'attribute',
        key: checkOrderAttribute(ALIASES.get(key) ?? key),
        ascending,
        ...dataset,
      };
    }
    if (entity !== 'metrics') invalidParameter('field_name', 'an attribute or metrics.<key>', fieldName);
    return { target: 'metric', key, ascending, ...dataset };
  });
}

function toCondition(clause: Clause): Condition {
  const { target, key } = readIdentifier(clause.identifier);
  const isNumber = target === 'metric' || (target === 'attribute' && NUMBERS.includes(key));
  if (isNumber) {
    return {
      target,
      key,
      comparator: checkComparator(clause, NUMBER_COMPARATORS),
      value: anyNumberOf(clause),
    };
  }
  const comparator = checkComparator(clause, [...TEXT_COMPARATORS, 'IN', 'NOT IN']);
  const isList = comparator === 'IN' || comparator === 'NOT IN';
  const { value } = clause;
  if (isList !== (value?.kind === 'list')) {
    refuseSearch(`${clause.identifier} takes a list with IN only`, value?.text ?? '', "write IN ('a', 'b')");
  }
  if (value?.kind === 'list') return { target, key, comparator, value: value.items };
  return { target, key, comparator, value: stripAll(value?.text ?? '', "'") };
}

function readIdentifier(identifier: string): { readonly target: SearchTarget; readonly key: string } {
  const prefix = /^([a-z]+)\.(.+)$/s.exec(identifier);
  if (prefix === null) {
    return { target: 'attribute', key: checkAttribute(stripAll(ALIASES.get(identifier) ?? identifier, '`')) };
  }
  const target = TARGETS.get(prefix[1]!);
  if (target === undefined) {
    return invalidParameter(`the prefix of ${show(identifier)}`, [...TARGETS.keys()].join(', '), prefix[1]);
  }
  const key = stripAll(prefix[2]!, '`');
  return { target, key: target === 'attribute' ? checkAttribute(key) : key };
}

function anyNumberOf({ identifier, value }: Clause): number {
  const text = value?.kind === 'list' ? '' : (value?.text ?? '');
  if (value?.kind === 'number') return Number(text);
  if (/^inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  return refuseSearch(`${identifier} needs a number`, text, 'write a number without quotes');
}

function checkAttribute(name: string): string {
  return ATTRIBUTES.includes(name)
    ? name
    : invalidParameter('an attribute of logged models', ATTRIBUTES.join(', '), name);
}

/** MLflow gives this one refusal a class of its own. */
function checkOrderAttribute(name: string): string {
  if (ATTRIBUTES.includes(name)) return name;
  throw new PhantomNetError('INVALID_PARAMETER', `logged models are not ordered by ${show(name)}`, {
    hint: `order by ${ATTRIBUTES.join(', ')}, or metrics.<key>`,
    details: { errorClass: 'ATTRIBUTE_NOT_FOUND' },
  });
}

/** Removes every such character at both ends. */
function stripAll(text: string, quote: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === quote) start += 1;
  while (end > start && text[end - 1] === quote) end -= 1;
  return text.slice(start, end);
}
