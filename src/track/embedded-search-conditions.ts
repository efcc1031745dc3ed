import type { Condition } from '../mlflow/index.js';
import { comparisonSql, joinSql, type SqlComparator, type SqlPart } from '../storage/index.js';
import { RUN_NAME_TAG } from './embedded-batch.js';

const TABLES = { metric: 'latest_metrics', param: 'params', tag: 'tags' } as const;
const COLUMNS: Readonly<Record<string, string>> = { run_id: 'run_uuid', run_name: 'name' };
const DATASET_CONTEXT = 'mlflow.data.context';

/** Returns the column of the runs table that holds an attribute. */
export function runColumn(attribute: string): string {
  return `runs.${COLUMNS[attribute] ?? attribute}`;
}

/** Returns the condition that a row of `runs` is what a filter asks for. */
export function runCondition(condition: Condition): SqlPart {
  const { target, key, comparator } = condition;
  if (target === 'dataset') return datasetCondition(condition);
  if (target === 'attribute' && key === 'run_name') {
    // Runs of old MLflow versions have their name in the tag only.
    return runCondition({ ...condition, target: 'tag', key: RUN_NAME_TAG });
  }
  if (target === 'attribute') return compare(runColumn(key), condition);
  const logged: SqlPart = {
    sql: `SELECT 1 FROM ${TABLES[target]} AS f WHERE f.run_uuid = runs.run_uuid AND f.key = ?`,
    values: [key],
  };
  if (comparator === 'IS NULL') return { ...logged, sql: `NOT EXISTS (${logged.sql})` };
  if (comparator === 'IS NOT NULL') return { ...logged, sql: `EXISTS (${logged.sql})` };
  const value = target === 'metric' ? metricCondition('f', condition) : compare('f.value', condition);
  return { sql: `EXISTS (${logged.sql} AND ${value.sql})`, values: [...logged.values, ...value.values] };
}

/** Returns the condition on the value of a row of latest_metrics: NaN is different from every number, and never more or less. */
export function metricCondition(table: string, condition: Condition): SqlPart {
  const { sql, values } = compare(`${table}.value`, condition);
  if (condition.comparator === '!=') return { sql: `(${sql} OR ${table}.is_nan = 1)`, values };
  return { sql: `${table}.is_nan = 0 AND ${sql}`, values };
}

/** Returns the condition that rows of `column` are those of experiments; one alone can be read in the order of an index. */
export function amongExperiments(column: string, experimentIds: readonly (number | bigint)[]): SqlPart {
  if (experimentIds.length === 1) return { sql: `${column} = ?`, values: [experimentIds[0]!] };
  return comparisonSql(column, 'IN', experimentIds.map(String));
}

function datasetCondition(condition: Condition): SqlPart {
  const from = `SELECT 1 FROM inputs JOIN datasets ON datasets.dataset_uuid = inputs.source_id`;
  const ofRun = `WHERE inputs.destination_type = 'RUN' AND inputs.destination_id = runs.run_uuid`;
  if (condition.key !== 'context') {
    const { sql, values } = compare(`datasets.${condition.key}`, condition);
    return { sql: `EXISTS (${from} ${ofRun} AND ${sql})`, values };
  }
  const { sql, values } = compare('input_tags.value', condition);
  const tags = `JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid AND input_tags.name = '${DATASET_CONTEXT}'`;
  return { sql: `EXISTS (${from} ${tags} ${ofRun} AND ${sql})`, values };
}

function compare(column: string, { comparator, value }: Condition): SqlPart {
  return comparisonSql(column, comparator as SqlComparator, value);
}

/** Returns the conditions joined by AND, at least one. */
export function allOf(parts: readonly SqlPart[]): SqlPart {
  return joinSql(parts, ' AND ');
}
