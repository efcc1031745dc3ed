import type { Condition } from '../mlflow/index.js';
import { comparisonSql, joinSql, type SqlComparator, type SqlPart } from '../storage/index.js';
import { RUN_NAME_TAG } from './embedded-batch.js';

/** The tables of what is logged to runs: one row a run and key. */
export const LOGGED_TABLES = { metric: 'latest_metrics', param: 'params', tag: 'tags' } as const;
const COLUMNS: Readonly<Record<string, string>> = { run_id: 'run_uuid', run_name: 'name' };
const DATASET_CONTEXT = 'mlflow.data.context';

/** Returns the column of the runs table that holds an attribute. */
export function runColumn(attribute: string): string {
  return `runs.${COLUMNS[attribute] ?? attribute}`;
}

/** Returns the condition that a row of `runs` is what a filter asks for. */
export function runCondition(given: Condition): SqlPart {
  const condition = byTag(given);
  const { target, key, comparator } = condition;
  if (target === 'attribute') return compare(runColumn(key), condition);
  const { from, where, runId } = foundRows(condition);
  const not = comparator === 'IS NULL' ? 'NOT ' : '';
  const sql = `${not}EXISTS (SELECT 1 FROM ${from} WHERE ${runId} = runs.run_uuid AND ${where.sql})`;
  return { sql, values: where.values };
}

/**
 * Returns the ids of the runs that meet a condition, and others on the same logged value, as a query that does not look at
 * the runs; undefined for a condition on what only the runs hold, and for IS NULL.
 */
export function idsOfRuns(given: Condition, onSameValue: readonly Condition[] = []): SqlPart | undefined {
  const condition = byTag(given);
  const { target, key, comparator, value } = condition;
  if (target === 'attribute') {
    if (key !== 'run_id' || (comparator !== '=' && comparator !== 'IN')) return undefined;
    const ids = comparator === 'IN' ? (value as readonly string[]) : [value];
    return { sql: 'SELECT DISTINCT value AS run_id FROM json_each(?)', values: [JSON.stringify(ids)] };
  }
  if (comparator === 'IS NULL') return undefined;
  const { from, where: first, runId } = foundRows(condition);
  const where = allOf([first, ...onSameValue.map((other) => valueCondition('f', other))]);
  const distinct = target === 'dataset' ? 'DISTINCT ' : '';
  return {
    sql: `SELECT ${distinct}${runId} AS run_id FROM ${from} WHERE ${where.sql}`,
    values: where.values,
  };
}

/** Rows beside the runs, of which a run that meets a condition has one; with IS NULL, has none. */
interface FoundRows {
  readonly from: string;
  readonly where: SqlPart;
  readonly runId: string;
}

function foundRows(condition: Condition): FoundRows {
  const { target, comparator } = condition;
  if (target === 'dataset' || target === 'attribute') return datasetRows(condition);
  const found = { from: `${LOGGED_TABLES[target]} AS f`, runId: 'f.run_uuid' };
  const ofKey: SqlPart = { sql: 'f.key = ?', values: [condition.key] };
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') return { ...found, where: ofKey };
  return { ...found, where: allOf([ofKey, valueCondition('f', condition)]) };
}

/** Runs of old MLflow versions have their name in the tag only. */
function byTag(condition: Condition): Condition {
  const isName = condition.target === 'attribute' && condition.key === 'run_name';
  return isName ? { ...condition, target: 'tag', key: RUN_NAME_TAG } : condition;
}

/** Returns the condition on the value of a row of metrics, params or tags: NaN is different from every number, and never more or less. */
export function valueCondition(table: string, condition: Condition): SqlPart {
  const { sql, values } = compare(`${table}.value`, condition);
  if (condition.target !== 'metric') return { sql, values };
  if (condition.comparator === '!=') return { sql: `(${sql} OR ${table}.is_nan = 1)`, values };
  return { sql: `${table}.is_nan = 0 AND ${sql}`, values };
}

/** Returns the condition that rows of `column` are those of experiments; one alone can be read in the order of an index. */
export function amongExperiments(column: string, experimentIds: readonly (number | bigint)[]): SqlPart {
  if (experimentIds.length === 1) return { sql: `${column} = ?`, values: [experimentIds[0]!] };
  return comparisonSql(column, 'IN', experimentIds.map(String));
}

/** The data set comes first: few have what is asked for, and each knows its runs. */
function datasetRows(condition: Condition): FoundRows {
  const isContext = condition.key === 'context';
  const tags = isContext ? ' JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid' : '';
  const from = `datasets JOIN inputs ON inputs.source_id = datasets.dataset_uuid${tags}`;
  const ofRuns: SqlPart = {
    sql: `inputs.source_type = 'DATASET' AND inputs.destination_type = 'RUN'${isContext ? ` AND input_tags.name = '${DATASET_CONTEXT}'` : ''}`,
    values: [],
  };
  const value = compare(isContext ? 'input_tags.value' : `datasets.${condition.key}`, condition);
  return { from, where: allOf([ofRuns, value]), runId: 'inputs.destination_id' };
}

function compare(column: string, { comparator, value }: Condition): SqlPart {
  return comparisonSql(column, comparator as SqlComparator, value);
}

/** Returns the conditions joined by AND, at least one. */
export function allOf(parts: readonly SqlPart[]): SqlPart {
  return joinSql(parts, ' AND ');
}
