import {
  type Condition,
  decodePageToken,
  encodePageToken,
  type Page,
  pageSize,
  parseModelVersionFilter,
  parseModelVersionOrder,
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
import { DELETED_STAGE, toVersion, withVersionDetails } from './embedded-rows.js';
import { withoutPrompts } from './embedded-search-prompts.js';
import { VERSION_TEXTS } from './embedded-texts.js';
import type { ModelVersion } from './port.js';

const COLUMNS: Readonly<Record<string, string>> = {
  version_number: 'version',
  source_path: 'source',
  creation_timestamp: 'creation_time',
  last_updated_timestamp: 'last_updated_time',
};

const VERSIONS_OF_PAGE = withVersionDetails(selectPage('model_versions.*', 'model_versions'));

/**
 * Returns a page of model versions that are not deleted, last updated first unless ordered otherwise (ties by name, then
 * newest version). Throws INVALID_PARAMETER for what MLflow refuses. A page of large ones ends early; CONFLICT where one is
 * too large for a page.
 */
export function searchModelVersions(
  db: MlflowDatabase,
  query: SearchQuery,
  budget?: TextBudget,
): Page<ModelVersion> {
  const size = pageSize('modelVersions', query.maxResults);
  const offset = decodePageToken(query.pageToken);
  const { counting, exclusion } = withoutPrompts(parseModelVersionFilter(query.filter), {
    table: 'model_versions',
    tagTable: 'model_version_tags',
  });
  const where = joinSql(
    [
      { sql: `workspace = 'default' AND current_stage <> '${DELETED_STAGE}'`, values: [] },
      ...counting.map(toSql),
      ...exclusion,
    ],
    ' AND ',
  );
  const statement = `SELECT rowid FROM model_versions WHERE ${where.sql}
    ORDER BY ${orderSql(query.orderBy)} LIMIT ? OFFSET ?`;
  return db.sql.snapshot(() => {
    const found = db.sql.rows(statement, [...where.values, size + 1, offset]).map((row) => row[0]!);
    const page = withinBudget(db.sql, VERSION_TEXTS, { rowids: found.slice(0, size), budget });
    const items = db.sql.rows(VERSIONS_OF_PAGE, [JSON.stringify(page)]).map(toVersion);
    if (found.length === items.length) return { items };
    return { items, nextPageToken: encodePageToken(offset + items.length) };
  });
}

function orderSql(orderBy: readonly string[] | undefined): string {
  const orders = parseModelVersionOrder(orderBy?.length ? orderBy : ['last_updated_timestamp DESC']);
  const sorts = orders.map(({ key, ascending }) => `${columnOf(key)} ${ascending ? 'ASC' : 'DESC'}`);
  const isBy = (wanted: string) => orders.some(({ key }) => key === wanted);
  return [
    ...sorts,
    ...(isBy('name') ? [] : ['name']),
    ...(isBy('version_number') ? [] : ['version DESC']),
  ].join(', ');
}

function columnOf(key: string): string {
  return COLUMNS[key] ?? key;
}

function toSql({ target, key, comparator, value }: Condition): SqlPart {
  if (target === 'attribute') {
    return comparisonSql(`model_versions.${columnOf(key)}`, comparator as SqlComparator, value);
  }
  const compared = comparisonSql('t.value', comparator as SqlComparator, value);
  return {
    sql: `EXISTS (SELECT 1 FROM model_version_tags AS t WHERE t.workspace = 'default'
      AND t.name = model_versions.name AND t.version = model_versions.version AND t.key = ? AND ${compared.sql})`,
    values: [key, ...compared.values],
  };
}
