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
import {
  joinSql,
  type MlflowDatabase,
  type SqlPart,
  type SqlValue,
  type TextBudget,
  withinBudget,
} from '../storage/index.js';
import { experimentNumber, stagesOf } from './embedded-experiments.js';
import { loadRuns, RUN_TEXTS } from './embedded-run-rows.js';
import {
  allOf,
  amongExperiments,
  LOGGED_TABLES,
  runColumn,
  runCondition,
} from './embedded-search-conditions.js';
import {
  commonFirst,
  hasMoreThanFew,
  hasNoValue,
  type Lead,
  leadByFew,
  leadByOrder,
} from './embedded-search-leads.js';
import type { Run, RunQuery } from './port.js';

/** A search of runs, read and checked. */
interface RunSearch {
  /** Which experiments and life cycle. */
  readonly scope: SqlPart;
  readonly conditions: readonly Condition[];
  readonly orders: readonly Order[];
  readonly limit: number;
  readonly offset: number;
}

/**
 * Returns a page of the runs of some experiments, in MLflow's order: as asked, then newest start first, then by id;
 * runs without the value ordered by stand last, NaN before them. Throws INVALID_PARAMETER for what MLflow refuses.
 * A page of large runs ends early, with a token; throws CONFLICT where one run is too large for a page. Cost: the page, where an index gives the order or few runs match; else every run of the experiments is looked at.
 */
export function searchRuns(db: MlflowDatabase, query: RunQuery, budget?: TextBudget): Page<Run> {
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
    const found = findRuns(db, search);
    const items = loadRuns(db, withinBudget(db.sql, RUN_TEXTS, { rowids: found.slice(0, size), budget }));
    if (found.length === items.length) return { items };
    return { items, nextPageToken: encodePageToken(offset + items.length) };
  });
}

/**
 * Returns the rowids of the page's runs and of the one behind it: sorting whole rows would cost more than to read those of
 * the page afterwards.
 */
function findRuns(db: MlflowDatabase, search: RunSearch): SqlValue[] {
  const { conditions, orders, scope } = search;
  const few = { sql: `SELECT 1 FROM runs WHERE ${scope.sql}`, values: scope.values };
  if (!hasMoreThanFew(db, few)) return select(db, search);
  const rare = leadByFew(db, conditions);
  if (rare !== undefined) return select(db, search, rare);
  const [first, ...others] = orders;
  const lead = first && leadByOrder(first, conditions);
  return lead ? findInOrder(db, search, { first, others, lead }) : select(db, search);
}

/** Whoever has no value stands behind all others, so a full page holds none of them. */
function findInOrder(
  db: MlflowDatabase,
  search: RunSearch,
  { first, others, lead }: { readonly first: Order; readonly others: readonly Order[]; readonly lead: Lead },
): SqlValue[] {
  const { conditions, limit, offset } = search;
  const tied = isIndexed(others) ? commonFirst(db, first, lead) : undefined;
  if (tied !== undefined) {
    const rows = select(db, { ...search, conditions: [...conditions, tied], orders: others });
    if (rows.length === limit) return rows;
  }
  const rows = select(db, search, lead);
  if (rows.length === limit || !lead.leavesOut) return rows;
  if (first.target === 'metric' || (rows.length === 0 && offset > 0)) return select(db, search);
  const scope = allOf([search.scope, hasNoValue(first)]);
  const rest = { ...search, scope, orders: others, limit: limit - rows.length, offset: 0 };
  return [...rows, ...select(db, rest)];
}

/** Returns whether an index of the runs gives this order. */
function isIndexed([first]: readonly Order[]): boolean {
  return first === undefined || (first.target === 'attribute' && /^(start|end)_time$/.test(first.key));
}

function select(db: MlflowDatabase, search: RunSearch, lead?: Lead): SqlValue[] {
  const { conditions, orders, limit, offset } = search;
  const open = conditions.filter((condition) => !lead?.meets.includes(condition));
  const sorts = [...orders.map((order, i) => toSort(order, i, lead)), ...tieBreaks(orders)];
  const where = allOf([...(lead?.where ?? []), search.scope, ...open.map(runCondition)]);
  const joins = sorts.flatMap((sort) => (sort.join === undefined ? [] : [sort.join]));
  const statement = joinSql(
    [
      { sql: 'SELECT runs.rowid', values: [] },
      lead?.from ?? { sql: 'FROM runs', values: [] },
      ...joins,
      { sql: 'WHERE', values: [] },
      where,
      { sql: `ORDER BY ${sorts.map((sort) => sort.by).join(', ')}`, values: [] },
      { sql: 'LIMIT ? OFFSET ?', values: [limit, offset] },
    ],
    ' ',
  );
  return db.sql.rows(statement.sql, statement.values).map((row) => row[0]!);
}

interface Sort {
  readonly by: string;
  readonly join?: SqlPart;
}

/** SQLite puts NULL last where it goes down; going up it has to be told. */
function toSort({ target, key, ascending }: Order, index: number, lead: Lead | undefined): Sort {
  const direction = ascending ? 'ASC NULLS LAST' : 'DESC';
  if (index === 0 && lead?.sortedBy) return { by: `${lead.sortedBy} ${ascending ? 'ASC' : 'DESC'}` };
  if (target === 'attribute') return { by: `${runColumn(key)} ${direction}` };
  const name = `o${index}`;
  const table = LOGGED_TABLES[target];
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
