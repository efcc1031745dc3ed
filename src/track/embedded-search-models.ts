import { invalidParameter } from '../core/index.js';
import {
  type Condition,
  type DatasetFilter,
  decodePageToken,
  encodePageToken,
  type LoggedModelOrder,
  type LoggedModelSort,
  type Page,
  pageSize,
  parseLoggedModelFilter,
  parseLoggedModelOrder,
} from '../mlflow/index.js';
import {
  bytesOf,
  comparisonSql,
  fromPage,
  joinSql,
  type MlflowDatabase,
  measureOf,
  type SqlComparator,
  type SqlPart,
  selectPage,
  type TextBudget,
  withinBudget,
} from '../storage/index.js';
import { experimentNumber } from './embedded-experiments.js';
import { toLoggedModels } from './embedded-models.js';
import { allOf, amongExperiments } from './embedded-search-conditions.js';
import type { LoggedModel, LoggedModelQuery } from './port.js';

/** The texts of a page's logged models, for `withinBudget`. */
const TEXTS = measureOf(
  `SELECT logged_models.rowid AS item, ${bytesOf('name', 'artifact_location', 'model_type', 'source_run_id')}
   ${fromPage('logged_models')}`,
  ...[
    ['logged_model_params', bytesOf('param_key', 'param_value')],
    ['logged_model_tags', bytesOf('tag_key', 'tag_value')],
    ['logged_model_metrics', bytesOf('metric_name', 'run_id', 'dataset_name', 'dataset_digest')],
  ].map(
    ([table, bytes]) => `SELECT logged_models.rowid, ${bytes} ${fromPage('logged_models')}
      CROSS JOIN ${table} AS t ON t.model_id = logged_models.model_id`,
  ),
);

/**
 * Returns a page of logged models that are not deleted, in the order asked for, then newest first, then by id. A page
 * token belongs to experiments, filter and order. Throws INVALID_PARAMETER for what MLflow refuses. A page of large ones
 * ends early; CONFLICT where one is too large for a page.
 */
export function searchLoggedModels(
  db: MlflowDatabase,
  query: LoggedModelQuery,
  budget?: TextBudget,
): Page<LoggedModel> {
  const size = pageSize('loggedModels', query.maxResults || undefined);
  const searched = [query.experimentIds, query.filter ?? '', query.orderBy ?? []];
  const offset = decodePageToken(query.pageToken, searched);
  const statement = toStatement(query, { limit: size + 1, offset });
  return db.sql.snapshot(() => {
    const found = db.sql.rows(statement.sql, statement.values).map((row) => row[0]!);
    const page = withinBudget(db.sql, TEXTS, { rowids: found.slice(0, size), budget });
    const rows = db.sql.all(selectPage('logged_models.*', 'logged_models'), [JSON.stringify(page)]);
    const items = toLoggedModels(db, rows);
    if (found.length === items.length) return { items };
    return { items, nextPageToken: encodePageToken(offset + items.length, searched) };
  });
}

function toStatement(
  query: LoggedModelQuery,
  page: { readonly limit: number; readonly offset: number },
): SqlPart {
  const datasets = query.datasets?.length ? onDatasets(query.datasets) : undefined;
  const conditions = parseLoggedModelFilter(query.filter);
  const isMeasured = conditions.some(({ target }) => target === 'metric');
  const sorts = parseLoggedModelOrder(query.orderBy).map(toSort);
  const where = allOf([
    amongExperiments('logged_models.experiment_id', query.experimentIds.map(experimentNumber)),
    { sql: "logged_models.lifecycle_stage <> 'deleted'", values: [] },
    ...conditions.map((condition) => toSql(condition, datasets)),
    ...(datasets === undefined || isMeasured ? [] : [among('logged_model_metrics', datasets)]),
  ]);
  const order = [...sorts.map((sort) => sort.by), ...tieBreaks(query.orderBy)].join(', ');
  return joinSql(
    [
      joinSql(
        [{ sql: 'SELECT logged_models.rowid', values: [] }, ...sorts.flatMap((sort) => sort.column ?? [])],
        ', ',
      ),
      { sql: 'FROM logged_models WHERE', values: [] },
      where,
      { sql: `ORDER BY ${order} LIMIT ? OFFSET ?`, values: [page.limit, page.offset] },
    ],
    ' ',
  );
}

function toSql(condition: Condition, datasets: SqlPart | undefined): SqlPart {
  const { target, key, value } = condition;
  const comparator = condition.comparator as SqlComparator;
  if (target === 'attribute') return comparisonSql(`logged_models.${key}`, comparator, value);
  const [table, name, column] = {
    metric: ['logged_model_metrics', 'metric_name', 'metric_value'],
    param: ['logged_model_params', 'param_key', 'param_value'],
    tag: ['logged_model_tags', 'tag_key', 'tag_value'],
    dataset: ['', '', ''],
  }[target] as [string, string, string];
  const compared = comparisonSql(`f.${column}`, comparator, value);
  return among(
    table,
    allOf([
      { sql: `f.${name} = ?`, values: [key] },
      compared,
      ...(target === 'metric' && datasets !== undefined ? [datasets] : []),
    ]),
  );
}

/** Returns the condition that the model has a row `f` in a table of its own. */
function among(table: string, { sql, values }: SqlPart): SqlPart {
  return {
    sql: `EXISTS (SELECT 1 FROM ${table} AS f WHERE f.model_id = logged_models.model_id AND ${sql})`,
    values,
  };
}

function onDatasets(datasets: readonly DatasetFilter[]): SqlPart {
  const parts = datasets.map(({ datasetName, datasetDigest }): SqlPart => {
    if (datasetName === '') invalidParameter('dataset_name', 'text that is not empty', datasetName);
    return datasetDigest
      ? { sql: '(f.dataset_name = ? AND f.dataset_digest = ?)', values: [datasetName, datasetDigest] }
      : { sql: '(f.dataset_name = ? AND f.dataset_digest IS NULL)', values: [datasetName] };
  });
  const { sql, values } = joinSql(parts, ' OR ');
  return { sql: `(${sql})`, values };
}

interface Sort {
  readonly by: string;
  readonly column?: SqlPart;
}

/** A metric counts with its newest value; models without the value stand last in both directions. */
function toSort(sort: LoggedModelSort, index: number): Sort {
  const direction = sort.ascending ? 'ASC NULLS LAST' : 'DESC';
  if (sort.target === 'attribute') return { by: `logged_models.${sort.key} ${direction}` };
  const where = allOf([
    { sql: 'm.model_id = logged_models.model_id AND m.metric_name = ?', values: [sort.key] },
    ...(sort.datasetName ? [{ sql: 'm.dataset_name = ?', values: [sort.datasetName] }] : []),
    ...(sort.datasetDigest ? [{ sql: 'm.dataset_digest = ?', values: [sort.datasetDigest] }] : []),
  ]);
  const column = {
    sql: `(SELECT m.metric_value FROM logged_model_metrics AS m WHERE ${where.sql}
      ORDER BY m.metric_timestamp_ms DESC, m.metric_step DESC, m.run_id LIMIT 1) AS order_${index}`,
    values: where.values,
  };
  return { by: `order_${index} ${direction}`, column };
}

function tieBreaks(orderBy: readonly LoggedModelOrder[] | undefined): string[] {
  const keys = parseLoggedModelOrder(orderBy).map(({ key, target }) => `${target} ${key}`);
  return [
    ...(keys.includes('attribute creation_timestamp_ms') ? [] : ['logged_models.creation_timestamp_ms DESC']),
    ...(keys.includes('attribute model_id') ? [] : ['logged_models.model_id']),
  ];
}
