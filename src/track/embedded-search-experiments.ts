import {
  type Condition,
  decodePageToken,
  encodePageToken,
  type Page,
  pageSize,
  parseExperimentFilter,
  parseExperimentOrder,
  type SearchQuery,
} from '../mlflow/index.js';
import {
  bytesOf,
  comparisonSql,
  fromPage,
  type MlflowDatabase,
  measureOf,
  type SqlComparator,
  type SqlPart,
  selectPage,
  type TextBudget,
  withinBudget,
} from '../storage/index.js';
import { stagesOf, toExperiments } from './embedded-experiments.js';
import { allOf } from './embedded-search-conditions.js';
import type { Experiment, ViewType } from './port.js';

/** The texts of a page's experiments, for `withinBudget`. Tags have no index by experiment: they are gone through once. */
const TEXTS = measureOf(
  `SELECT experiments.rowid AS item, ${bytesOf('name', 'artifact_location')} ${fromPage('experiments')}`,
  `SELECT experiment_id, ${bytesOf('key', 'value')} FROM experiment_tags
   WHERE experiment_id IN (SELECT value FROM json_each(?1))`,
);

/**
 * Returns a page of experiments, newest first, or in the order asked for (ties by id, highest first). Throws
 * INVALID_PARAMETER for what MLflow refuses. A page of large ones ends early; CONFLICT where one is too large for a page.
 */
export function searchExperiments(
  db: MlflowDatabase,
  query: SearchQuery & { readonly viewType?: ViewType },
  budget?: TextBudget,
): Page<Experiment> {
  const size = pageSize('experiments', query.maxResults);
  const offset = decodePageToken(query.pageToken);
  const where = allOf([
    {
      sql: `workspace = 'default' AND lifecycle_stage IN (${stagesOf(query.viewType ?? 'ACTIVE_ONLY')})`,
      values: [],
    },
    ...parseExperimentFilter(query.filter).map(toSql),
  ]);
  const statement = `SELECT experiments.rowid FROM experiments WHERE ${where.sql} ORDER BY ${orderSql(query.orderBy)} LIMIT ? OFFSET ?`;
  return db.sql.snapshot(() => {
    const found = db.sql.rows(statement, [...where.values, size + 1, offset]).map((row) => row[0]!);
    const page = withinBudget(db.sql, TEXTS, { rowids: found.slice(0, size), budget });
    const items = toExperiments(
      db,
      db.sql.all(selectPage('experiments.*', 'experiments'), [JSON.stringify(page)]),
    );
    if (found.length === items.length) return { items };
    return { items, nextPageToken: encodePageToken(offset + items.length) };
  });
}

function orderSql(orderBy: readonly string[] | undefined): string {
  const orders = parseExperimentOrder(orderBy);
  if (orders.length === 0) return 'creation_time DESC, experiment_id ASC';
  const sorts = orders.map(({ key, ascending }) => `${key} ${ascending ? 'ASC' : 'DESC'}`);
  return orders.some(({ key }) => key === 'experiment_id')
    ? sorts.join(', ')
    : [...sorts, 'experiment_id DESC'].join(', ');
}

function toSql({ target, key, comparator, value }: Condition): SqlPart {
  if (target === 'attribute') return comparisonSql(`experiments.${key}`, comparator as SqlComparator, value);
  const tagged = `SELECT 1 FROM experiment_tags AS f WHERE f.experiment_id = experiments.experiment_id AND f.key = ?`;
  if (comparator === 'IS NULL') return { sql: `NOT EXISTS (${tagged})`, values: [key] };
  if (comparator === 'IS NOT NULL') return { sql: `EXISTS (${tagged})`, values: [key] };
  const compared = comparisonSql('f.value', comparator, value);
  return { sql: `EXISTS (${tagged} AND ${compared.sql})`, values: [key, ...compared.values] };
}
