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
import { comparisonSql, type MlflowDatabase, type SqlComparator, type SqlPart } from '../storage/index.js';
import { stagesOf, toExperiments } from './embedded-experiments.js';
import { allOf } from './embedded-search-conditions.js';
import type { Experiment, ViewType } from './port.js';

/**
 * Returns a page of experiments, newest first, or in the order asked for (ties by id, highest first). Throws
 * INVALID_PARAMETER for what MLflow refuses.
 */
export function searchExperiments(
  db: MlflowDatabase,
  query: SearchQuery & { readonly viewType?: ViewType },
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
  const statement = `SELECT * FROM experiments WHERE ${where.sql} ORDER BY ${orderSql(query.orderBy)} LIMIT ? OFFSET ?`;
  return db.sql.snapshot(() => {
    const rows = db.sql.all(statement, [...where.values, size + 1, offset]);
    const items = toExperiments(db, rows.slice(0, size));
    return rows.length > size ? { items, nextPageToken: encodePageToken(offset + size) } : { items };
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
