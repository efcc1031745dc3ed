import {
  type Condition,
  decodePageToken,
  encodePageToken,
  type Page,
  pageSize,
  parseRegisteredModelFilter,
  parseRegisteredModelOrder,
  type SearchQuery,
} from '../mlflow/index.js';
import {
  comparisonSql,
  joinSql,
  type MlflowDatabase,
  type SqlComparator,
  type SqlPart,
  selectPage,
  type TextBudget,
  withinBudget,
} from '../storage/index.js';
import { toModel, withModelDetails } from './embedded-rows.js';
import { withoutPrompts } from './embedded-search-prompts.js';
import { MODEL_TEXTS } from './embedded-texts.js';
import type { RegisteredModel } from './port.js';

const COLUMNS: Readonly<Record<string, string>> = { last_updated_timestamp: 'last_updated_time' };

const MODELS_OF_PAGE = withModelDetails(selectPage('registered_models.*', 'registered_models'));

/**
 * Returns a page of registered models, by name unless ordered otherwise. Throws INVALID_PARAMETER for what MLflow refuses.
 * A page of large ones ends early; CONFLICT where one is too large for a page.
 */
export function searchRegisteredModels(
  db: MlflowDatabase,
  query: SearchQuery,
  budget?: TextBudget,
): Page<RegisteredModel> {
  const size = pageSize('registeredModels', query.maxResults);
  const offset = decodePageToken(query.pageToken);
  const { counting, exclusion } = withoutPrompts(parseRegisteredModelFilter(query.filter), {
    table: 'registered_models',
    tagTable: 'registered_model_tags',
  });
  const where = joinSql(
    [{ sql: "workspace = 'default'", values: [] }, ...counting.map(toSql), ...exclusion],
    ' AND ',
  );
  const statement = `SELECT rowid FROM registered_models WHERE ${where.sql}
    ORDER BY ${orderSql(query.orderBy)} LIMIT ? OFFSET ?`;
  return db.sql.snapshot(() => {
    const found = db.sql.rows(statement, [...where.values, size + 1, offset]).map((row) => row[0]!);
    const page = withinBudget(db.sql, MODEL_TEXTS, { rowids: found.slice(0, size), budget });
    const items = db.sql.all(MODELS_OF_PAGE, [JSON.stringify(page)]).map((row) => toModel(db, row));
    if (found.length === items.length) return { items };
    return { items, nextPageToken: encodePageToken(offset + items.length) };
  });
}

function orderSql(orderBy: readonly string[] | undefined): string {
  const orders = parseRegisteredModelOrder(orderBy);
  const sorts = orders.map(({ key, ascending }) => `${COLUMNS[key] ?? key} ${ascending ? 'ASC' : 'DESC'}`);
  return [...sorts, ...(orders.some(({ key }) => key === 'name') ? [] : ['name'])].join(', ');
}

function toSql({ target, key, comparator, value }: Condition): SqlPart {
  if (target === 'attribute')
    return comparisonSql(`registered_models.${key}`, comparator as SqlComparator, value);
  const compared = comparisonSql('t.value', comparator as SqlComparator, value);
  return {
    sql: `EXISTS (SELECT 1 FROM registered_model_tags AS t WHERE t.workspace = 'default'
      AND t.name = registered_models.name AND t.key = ? AND ${compared.sql})`,
    values: [key, ...compared.values],
  };
}
