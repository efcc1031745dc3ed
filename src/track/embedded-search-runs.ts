import {
  type Condition,
  decodePageToken,
  encodePageToken,
  type Order,
  type Page,
  pageSize,
  parseRunFilter,
  parseRunOrder,
} from '../mlflow/index.js';
import { joinSql, type MlflowDatabase, type SqlPart, type SqlRow } from '../storage/index.js';
import { experimentNumber, stagesOf } from './embedded-experiments.js';
import { loadRunsUpTo } from './embedded-run-rows.js';
import {
  allOf,
  amongExperiments,
  metricCondition,
  runColumn,
  runCondition,
} from './embedded-search-conditions.js';
import type { Run, RunQuery } from './port.js';

/** How many rows are few enough to look at each of them. */
const FEW = 2_000;
/** A page ends early where its params and tags are longer together: thousands of large runs would fill the memory. */
const MAX_PAGE_CHARACTERS = 32 * 1024 * 1024;

/** A search of runs, read and checked. */
interface RunSearch {
  /** Which experiments and life cycle. */
  readonly scope: SqlPart;
  readonly conditions: readonly Condition[];
  readonly orders: readonly Order[];
  readonly limit: number;
  readonly offset: number;
}

/** A metric whose index is walked instead of the runs: only runs that have a number for it are found. */
interface Lead {
  readonly key: string;
  readonly conditions: readonly Condition[];
}

/**
 * Returns a page of the runs of some experiments, in MLflow's order: as asked, then newest start first, then by id;
 * runs without the value ordered by stand last, NaN before them. Throws INVALID_PARAMETER for what MLflow refuses.
 * A page of many large runs ends early, with a token. Cost: the page, where an index gives the order or few runs match; else every run of the experiments is looked at.
 */
export function searchRuns(db: MlflowDatabase, query: RunQuery): Page<Run> {
  const size = pageSize('runs', query.maxResults);
  const offset = decodePageToken(query.pageToken);
  const stages = stagesOf(query.viewType ?? 'ACTIVE_ONLY');
  const search: RunSearch = {
    conditions: parseRunFilter(query.filter),
    orders: parseRunOrder(query.orderBy),
    scope: allOf([
      amongExperiments('runs.experiment_id', query.experimentIds.map(experimentNumber)),
      { sql: `runs.lifecycle_stage IN (${stages})`, values: [] },
    ]),
    limit: size + 1,
    offset,
  };
  return db.sql.snapshot(() => {
    const rows = findRows(db, search);
    const items = loadRunsUpTo(db, rows.slice(0, size), MAX_PAGE_CHARACTERS);
    if (rows.length === items.length) return { items };
    return { items, nextPageToken: encodePageToken(offset + items.length) };
  });
}

function findRows(db: MlflowDatabase, search: RunSearch): SqlRow[] {
  const { conditions, orders } = search;
  const ranges = conditions.filter((c) => c.target === 'metric' && c.comparator !== '!=');
  const first = orders[0];
  const isByMetric = first?.target === 'metric';
  if ((!isByMetric && ranges.length === 0) || hasFewRuns(db, search)) return select(db, search);
  if (isByMetric) {
    const own = ranges.filter((c) => c.key === first.key);
    const rows = select(db, search, { key: first.key, conditions: own });
    // Whoever has no number stands behind all others, so a full page holds none of them.
    return own.length > 0 || rows.length === search.limit ? rows : select(db, search);
  }
  const rare = ranges.find((range) => isRare(db, range));
  return select(db, search, rare && { key: rare.key, conditions: [rare] });
}

function select(db: MlflowDatabase, search: RunSearch, lead?: Lead): SqlRow[] {
  const { conditions, orders, limit, offset } = search;
  const open = conditions.filter((condition) => !lead?.conditions.includes(condition));
  const sorts = [...orders.map((order, i) => toSort(order, i, lead)), ...tieBreaks(orders)];
  const from =
    lead === undefined
      ? { sql: 'FROM runs', values: [] }
      : { sql: 'FROM latest_metrics AS lead CROSS JOIN runs ON runs.run_uuid = lead.run_uuid', values: [] };
  const where = allOf([...leadConditions(lead), search.scope, ...open.map(runCondition)]);
  const joins = sorts.flatMap((sort) => (sort.join === undefined ? [] : [sort.join]));
  const statement = joinSql(
    [
      { sql: 'SELECT runs.*', values: [] },
      from,
      ...joins,
      { sql: 'WHERE', values: [] },
      where,
      { sql: `ORDER BY ${sorts.map((sort) => sort.by).join(', ')}`, values: [] },
      { sql: 'LIMIT ? OFFSET ?', values: [limit, offset] },
    ],
    ' ',
  );
  return db.sql.all(statement.sql, statement.values);
}

function leadConditions(lead: Lead | undefined): SqlPart[] {
  if (lead === undefined) return [];
  return [
    { sql: 'lead.key = ? AND lead.is_nan = 0', values: [lead.key] },
    ...lead.conditions.map((condition) => metricCondition('lead', condition)),
  ];
}

interface Sort {
  readonly by: string;
  readonly join?: SqlPart;
}

/** SQLite puts NULL last where it goes down; going up it has to be told. */
function toSort({ target, key, ascending }: Order, index: number, lead: Lead | undefined): Sort {
  const direction = ascending ? 'ASC NULLS LAST' : 'DESC';
  if (target === 'attribute') return { by: `${runColumn(key)} ${direction}` };
  if (index === 0 && target === 'metric' && lead?.key === key)
    return { by: `lead.value ${ascending ? 'ASC' : 'DESC'}` };
  const name = `o${index}`;
  const table = { metric: 'latest_metrics', param: 'params', tag: 'tags' }[target];
  const join = {
    sql: `LEFT JOIN ${table} AS ${name} ON ${name}.run_uuid = runs.run_uuid AND ${name}.key = ?`,
    values: [key],
  };
  const rank = target === 'metric' ? `CASE ${name}.is_nan WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 2 END, ` : '';
  return { by: `${rank}${name}.value ${direction}`, join };
}

function tieBreaks(orders: readonly Order[]): Sort[] {
  const isByStart = orders.some(({ target, key }) => target === 'attribute' && key === 'start_time');
  return [...(isByStart ? [] : [{ by: 'runs.start_time DESC' }]), { by: 'runs.run_uuid' }];
}

function hasFewRuns(db: MlflowDatabase, { scope }: RunSearch): boolean {
  return isAtMostFew(db, { sql: `SELECT 1 FROM runs WHERE ${scope.sql}`, values: scope.values });
}

function isRare(db: MlflowDatabase, condition: Condition): boolean {
  const { sql, values } = metricCondition('m', condition);
  return isAtMostFew(db, {
    sql: `SELECT 1 FROM latest_metrics AS m WHERE m.key = ? AND ${sql}`,
    values: [condition.key, ...values],
  });
}

/** Counts no further than it must. */
function isAtMostFew(db: MlflowDatabase, { sql, values }: SqlPart): boolean {
  const row = db.sql.get(`SELECT count(*) AS n FROM (${sql} LIMIT ${FEW + 1})`, values);
  return Number(row?.['n']) <= FEW;
}
