import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { type ColumnSchema, eventFieldName } from '../data/index.js';
import { CATALOGUE } from './catalogue.js';
import type { FeatureDefinition } from './feature-definition.js';

const WHY_REFUSED: Readonly<Record<Exclude<ColumnSchema['role'], 'feature'>, string>> = {
  'label-defining': 'it defines the label',
  outcome: 'it is written from the outcome',
  identifier: 'it says who or where, not what',
  time: 'it says when, not what',
};

/** What a time is made into is the time of day and the day of the week, which come again; the time itself does not. */
const mayRead = (column: ColumnSchema | undefined): boolean =>
  column?.role === 'feature' || column?.role === 'time';

/** Throws INVALID_PARAMETER about the feature named `name`. */
export function refuse(message: string, name: string, hint: string): never {
  throw new PhantomNetError('INVALID_PARAMETER', message, {
    hint,
    details: { parameter: 'features', given: name },
  });
}

/** Returns why a column cannot be a feature, undefined where it can. */
export function whyRefused({ role, reason }: ColumnSchema): string | undefined {
  return role === 'feature' ? undefined : `${WHY_REFUSED[role]}: ${reason}`;
}

function refuseColumn(name: string, column: ColumnSchema): never {
  const why = whyRefused(column);
  if (why !== undefined) {
    const of = column.name === eventFieldName(name) ? '' : ` (made from column ${show(column.name)})`;
    const message = `features: ${show(name)}${of} cannot be a feature: ${why}`;
    refuse(message, name, `leave ${show(name)} out of features`);
  }
  const made = [...CATALOGUE.values()].filter((f) => f.columns.includes(column.name)).map((f) => f.name);
  refuse(
    `features: ${show(name)} is a column, not a feature`,
    name,
    made.length > 0
      ? `use a feature made from it: ${made.join(', ')}`
      : 'no feature is made from this column',
  );
}

/**
 * Returns the schema with `column`, a field or week-6 column, declared as the one that defines the label, so that no feature
 * is made from it. Names the schema does not have are added.
 */
export function withLabelColumn(schema: readonly ColumnSchema[], column: string): ColumnSchema[] {
  const field = eventFieldName(column);
  const declared = asLabelColumn(schema, field);
  const label: ColumnSchema = { name: field, ...LABEL_COLUMN };
  return schema.some((c) => c.name === field) ? declared : [...declared, label];
}

const LABEL_COLUMN = { role: 'label-defining', reason: 'the label is this column' } as const;

/** Returns the columns with the one named `label`, where there is one, declared as what defines the label. */
export function asLabelColumn<Column extends ColumnSchema>(
  columns: readonly Column[],
  label: string,
): Column[] {
  return columns.map((column) => (column.name === label ? { ...column, ...LABEL_COLUMN } : column));
}

/**
 * Returns the named features in the order given; `'all'` is every feature whose source columns the schema allows, in
 * the catalogue's order: of a schema without `event.dataset` only those of the set `every-log`. Throws INVALID_PARAMETER, with the reason, for a column that is label-defining, an outcome, an
 * identifier or a time, for an unknown or repeated name, and for an empty list.
 */
export function resolveFeatures(
  features: readonly string[] | 'all',
  schema: readonly ColumnSchema[],
): FeatureDefinition[] {
  const columns = new Map(schema.map((column) => [column.name, column]));
  if (features === 'all') {
    const isEventForm = columns.has('event.dataset');
    const allowed = [...CATALOGUE.values()].filter(
      (f) => (isEventForm || f.set === 'every-log') && f.columns.every((c) => mayRead(columns.get(c))),
    );
    if (allowed.length === 0) refuse('features: no column of the source may be a feature', 'all', noneHint());
    return allowed;
  }
  if (features.length === 0) refuse('features must name at least one feature, got none', '', noneHint());
  if (features.length === 1 && features[0] === 'all') return resolveFeatures('all', schema);
  return features.map((name, index) => {
    if (features.indexOf(name) !== index)
      refuse(`features: ${show(name)} is named twice`, name, 'name each feature once');
    return resolveFeature(name, columns);
  });
}

const noneHint = (): string => `choose among ${[...CATALOGUE.keys()].join(', ')}, or 'all'`;

function resolveFeature(name: string, columns: ReadonlyMap<string, ColumnSchema>): FeatureDefinition {
  const definition = CATALOGUE.get(name);
  if (definition === undefined) {
    const column = columns.get(eventFieldName(name));
    if (column !== undefined) refuseColumn(name, column);
    const near = didYouMean(name, [...CATALOGUE.keys()]);
    refuse(`features: no feature ${show(name)}`, name, near ?? noneHint());
  }
  for (const source of definition.columns) {
    const column = columns.get(source);
    if (column === undefined)
      refuse(
        `features: ${show(name)} is made from column ${show(source)}, which the source does not have`,
        name,
        `leave ${show(name)} out of features`,
      );
    if (!mayRead(column)) refuseColumn(name, column);
  }
  return definition;
}
