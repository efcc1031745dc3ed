import type { Condition, Order } from '../mlflow/index.js';
import { joinSql, type MlflowDatabase, type SqlPart } from '../storage/index.js';
import { allOf, idsOfRuns, LOGGED_TABLES, runColumn, valueCondition } from './embedded-search-conditions.js';

/** How many runs are few enough to look at each of them. */
const FEW = 2_000;
/** How many are too many to be sorted by their ids, to find those that meet another condition too. */
const MANY = 20_000;

/** What is read first in place of all runs: a few of them, or those that have a value to be ordered by, in that order. */
export interface Lead {
  readonly from: SqlPart;
  readonly where: readonly SqlPart[];
  /** Conditions that `from` and `where` meet. */
  readonly meets: readonly Condition[];
  /** The column that holds the value of the first order. */
  readonly sortedBy?: string;
  /** A run without a value can meet the conditions too, and stands behind. */
  readonly leavesOut: boolean;
}

/** Conditions on one value, and the query that gives the ids of the runs that meet them. */
interface Found {
  readonly by: readonly Condition[];
  readonly ids: SqlPart;
}

/**
 * Returns the lead by the first condition, or conditions on one value, that few runs meet, by those runs; else by all that
 * not too many meet, where few meet them together; undefined where many do. Cost: at most two reads of a key's index a
 * condition.
 */
export function leadByFew(db: MlflowDatabase, conditions: readonly Condition[]): Lead | undefined {
  const narrow: Found[] = [];
  for (const condition of conditions) {
    const by = onSameValue(condition, conditions);
    const ids = by[0] === condition ? idsOfRuns(condition, by.slice(1)) : undefined;
    if (ids === undefined) continue;
    const lead = by.every(isRange) && hasMoreThan(db, ids, FEW) ? undefined : leadBy(db, { by, ids });
    if (lead !== undefined) return lead;
    if (!hasMoreThan(db, ids, MANY)) narrow.push({ by, ids });
  }
  if (narrow.length < 2) return undefined;
  const ids = joinSql(
    narrow.map((found) => found.ids),
    ' INTERSECT ',
  );
  return leadBy(db, { by: narrow.flatMap((found) => found.by), ids });
}

function leadBy(db: MlflowDatabase, { by, ids }: Found): Lead | undefined {
  const list = fewIds(db, ids);
  if (list === undefined) return undefined;
  const from = {
    sql: 'FROM json_each(?) AS lead CROSS JOIN runs ON runs.run_uuid = lead.value',
    values: [list],
  };
  return { from, where: [], meets: by, leavesOut: false };
}

/** Returns the conditions on the value that this one looks at, in their order: 0.8 < x AND x < 0.9 is one stretch of an index. */
function onSameValue(condition: Condition, conditions: readonly Condition[]): readonly Condition[] {
  const looksAtValue = ({ comparator }: Condition) =>
    comparator !== 'IS NULL' && comparator !== 'IS NOT NULL';
  if (tableOf(condition) === undefined || !looksAtValue(condition)) return [condition];
  return conditions.filter(
    (other) => other.target === condition.target && other.key === condition.key && looksAtValue(other),
  );
}

/**
 * Returns the lead by the index of what the runs are ordered by: only runs that have a value for it (NaN is none) are
 * found. Undefined where no index has that order.
 */
export function leadByOrder(order: Order, conditions: readonly Condition[]): Lead | undefined {
  const own = conditions.filter((c) => isOnValueOf(c, order));
  const where = hasValue('lead', order);
  const leavesOut = own.length === 0;
  if (order.target === 'attribute' && order.key === 'end_time') {
    const from = { sql: 'FROM runs', values: [] };
    return { from, where: [where], meets: [], sortedBy: 'runs.end_time', leavesOut };
  }
  const table = tableOf(order);
  if (table === undefined) return undefined;
  return {
    from: { sql: `FROM ${table} AS lead CROSS JOIN runs ON runs.run_uuid = lead.run_uuid`, values: [] },
    where: [where, ...own.map((condition) => valueCondition('lead', condition))],
    meets: own,
    sortedBy: 'lead.value',
    leavesOut,
  };
}

/** Returns the condition that a run's first value in an order is its value, where many runs have that value: ties that are better read in the order that breaks them. */
export function commonFirst(db: MlflowDatabase, order: Order, lead: Lead): Condition | undefined {
  const table = tableOf(order);
  if (table === undefined) return undefined;
  const where = allOf(lead.where);
  const row = db.sql.get(
    `SELECT lead.value AS first FROM ${table} AS lead WHERE ${where.sql}
     ORDER BY lead.value ${order.ascending ? 'ASC' : 'DESC'} LIMIT 1`,
    where.values,
  );
  if (row === undefined) return undefined;
  const value = row['first'] as string | number;
  const condition: Condition = { target: order.target, key: order.key, comparator: '=', value };
  return hasMoreThanFew(db, idsOfRuns(condition)!) ? condition : undefined;
}

/** Returns the condition that a run has no value for what it is ordered by. */
export function hasNoValue(order: Order): SqlPart {
  if (order.target === 'attribute') return { sql: `${runColumn(order.key)} IS NULL`, values: [] };
  const { sql, values } = hasValue('f', order);
  const rows = `SELECT 1 FROM ${tableOf(order)} AS f WHERE f.run_uuid = runs.run_uuid AND ${sql}`;
  return { sql: `NOT EXISTS (${rows})`, values };
}

/** Returns whether a query finds more rows than can be looked at one by one; reads no further than it must. */
export function hasMoreThanFew(db: MlflowDatabase, found: SqlPart): boolean {
  return hasMoreThan(db, found, FEW);
}

function hasMoreThan(db: MlflowDatabase, { sql, values }: SqlPart, count: number): boolean {
  return db.sql.row(`SELECT 1 FROM (${sql} LIMIT 1 OFFSET ${count})`, values) !== undefined;
}

/** One stretch of an index, which is counted for a quarter of what its ids cost. */
function isRange({ target, comparator }: Condition): boolean {
  return target === 'metric' && comparator !== '!=';
}

/** Returns the ids as a JSON list, for one value to hold them all. */
function fewIds(db: MlflowDatabase, { sql, values }: SqlPart): string | undefined {
  const row = db.sql.row(`SELECT count(*), json_group_array(run_id) FROM (${sql} LIMIT ${FEW + 1})`, values);
  return Number(row![0]) > FEW ? undefined : String(row![1]);
}

function hasValue(table: string, { target, key }: Order): SqlPart {
  if (target === 'attribute') return { sql: `${runColumn(key)} IS NOT NULL`, values: [] };
  const filled = target === 'metric' ? `${table}.is_nan = 0` : `${table}.value IS NOT NULL`;
  return { sql: `${table}.key = ? AND ${filled}`, values: [key] };
}

function isOnValueOf({ target, key, comparator }: Condition, order: Order): boolean {
  if (target !== order.target || key !== order.key) return false;
  // NaN is different from every number, and not in the lead.
  if (target === 'metric') return comparator !== '!=';
  return comparator !== 'IS NULL' && comparator !== 'IS NOT NULL';
}

function tableOf({ target }: Pick<Condition, 'target'>): string | undefined {
  return target === 'metric' || target === 'param' || target === 'tag' ? LOGGED_TABLES[target] : undefined;
}
