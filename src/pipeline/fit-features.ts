import { PhantomNetError } from '../core/index.js';
import {
  type ColumnSchema,
  type FeatureMatrix,
  type HoneypotEvent,
  isEventForm,
  type Labels,
  type TableColumn,
  type TableSource,
} from '../data/index.js';
import {
  asLabelColumn,
  type FeatureEncoding,
  type FeaturePipeline,
  fitFeatures,
  fitTableFeatures,
  resolveFeatures,
  resolveTableFeatures,
  type Sampling,
  tableToColumns,
  tableToMatrix,
  withLabelColumn,
} from '../features/index.js';
import { EVENT_SCHEMA, WEEK6_SCHEMA } from '../ingest/index.js';
import { columnNames, nearColumn } from './column-names.js';
import type { ExperimentConfig } from './config.js';
import { checkEncoding, encodeTraining, encodingOptions } from './encode-features.js';
import type { SampleData } from './read-data.js';
import { isTable, type Samples } from './samples.js';
import { sampleGroups } from './split-columns.js';

/** Which features are learnt from, of what kind of data. */
export interface FeatureRecipe {
  readonly features: ExperimentConfig['features'];
  /** The kind of labelled table the data is; undefined for events. */
  readonly table: TableSource | undefined;
  /** How the samples were made, where they were made of events. */
  readonly sampling?: Sampling | undefined;
  /** Column the label is, when it is one: no feature is made from it. */
  readonly labelColumn: string | undefined;
  /** What names the groups that target encoding keeps whole; undefined where the split and the folds tear them. */
  readonly encodeBy?: string | undefined;
}

/** A matrix of training rows, with what made it: of events a pipeline, then an encoding where one is asked for. */
export interface FittedFeatures {
  readonly matrix: FeatureMatrix;
  readonly pipeline: FeaturePipeline | undefined;
  readonly encoding?: FeatureEncoding | undefined;
}

/** Throws INVALID_PARAMETER for features that there are not, or that may not be one, and for encoders of such. */
export function checkFeatures(recipe: FeatureRecipe): void {
  if (recipe.table === undefined) resolveFeatures(recipe.features.names, schemaOf(recipe));
  else tableColumns(recipe, recipe.table);
  checkEncoding(recipe);
}

/** Returns features and their encoding fitted on these samples, which must be training rows only, and their matrix. */
export function fitSamples(
  recipe: FeatureRecipe & { readonly randomState: number },
  { samples, labels }: { readonly samples: Samples; readonly labels: Labels },
): FittedFeatures {
  const options = encodingOptions(recipe.features);
  const pipeline = isTable(samples) ? undefined : fitPipeline(recipe, samples);
  if (options !== undefined) {
    const columns = isTable(samples)
      ? tableToColumns(samples, tableColumns(recipe, samples.source))
      : pipeline!.columnsOf(samples);
    const { encoding, matrix } = encodeTraining(columns, options, {
      labels,
      groups: recipe.encodeBy === undefined ? undefined : sampleGroups(samples, recipe.encodeBy),
      randomState: recipe.randomState,
    });
    return { matrix, encoding, pipeline: pipeline?.withoutCategories() };
  }
  if (!isTable(samples)) return { matrix: pipeline!.transform(samples), pipeline };
  const features = fitTableFeatures(samples, tableColumns(recipe, samples.source));
  return { matrix: tableToMatrix(samples, features), pipeline };
}

/** Returns the pipeline of the recipe's features fitted on these events, which must be training rows only. */
export function fitPipeline(recipe: FeatureRecipe, events: readonly HoneypotEvent[]): FeaturePipeline {
  return fitFeatures(events, {
    schema: schemaOf(recipe),
    features: recipe.features.names,
    emptyAs: recipe.features.emptyAs,
  });
}

/** Returns the columns of a table that the recipe learns from. */
export function tableColumns(
  { features, labelColumn }: FeatureRecipe,
  { columns }: TableSource,
): TableColumn[] {
  const declared = labelColumn === undefined ? columns : asLabelColumn(columns, labelColumn);
  return resolveTableFeatures(features.names, declared);
}

/** Returns the names of the features that the recipe learns from. */
export function featureNames(recipe: FeatureRecipe): string[] {
  const features =
    recipe.table === undefined
      ? resolveFeatures(recipe.features.names, schemaOf(recipe))
      : tableColumns(recipe, recipe.table);
  return features.map(({ name }) => name);
}

/**
 * Returns the roles of the fields of events; one that is the label makes no feature. `all` is that of week 6 until
 * `presentFeatures` has seen samples in event form; a feature that is named may be made from any field.
 */
function schemaOf(
  recipe: FeatureRecipe,
  schema: readonly ColumnSchema[] = asksForAll(recipe) ? WEEK6_SCHEMA : EVENT_SCHEMA,
): readonly ColumnSchema[] {
  return recipe.labelColumn === undefined ? schema : withLabelColumn(schema, recipe.labelColumn);
}

function asksForAll({ features: { names } }: FeatureRecipe): boolean {
  return names === 'all' || (names.length === 1 && names[0] === 'all');
}

/**
 * Returns the recipe's features that these samples have the columns for: of `all` those that can be made, of named ones
 * every one. Throws BAD_DATA for a named feature whose column is in no event. A table has all its columns.
 */
export function presentFeatures(recipe: FeatureRecipe, samples: Samples): FeatureRecipe['features'] {
  if (isTable(samples)) return recipe.features;
  const isForm = samples[0] !== undefined && isEventForm(samples[0].fields);
  const wanted = resolveFeatures(recipe.features.names, schemaOf(recipe, isForm ? EVENT_SCHEMA : undefined));
  const columns = [...new Set(wanted.flatMap((feature) => feature.columns))];
  const absentColumns = columns.filter(
    (column) => !samples.some(({ fields }) => Object.hasOwn(fields, column)),
  );
  const isAbsent = (column: string): boolean => absentColumns.includes(column);
  const present = wanted.filter((feature) => !feature.columns.some(isAbsent));
  if (asksForAll(recipe) && present.length > 0 && (isForm || absentColumns.length > 0))
    return { ...recipe.features, names: present.map((feature) => feature.name) };
  const absent = wanted.find((feature) => !present.includes(feature));
  if (absent === undefined) return recipe.features;
  const column = absent.columns.find(isAbsent)!;
  const known = Object.keys(samples[0]?.fields ?? {});
  throw new PhantomNetError(
    'BAD_DATA',
    `feature ${absent.name} is made from column ${columnNames(column)}, which the file does not have`,
    {
      hint: nearColumn(column, known) ?? `leave the feature out; the columns are ${known.join(', ')}`,
      details: { feature: absent.name, column },
    },
  );
}

/**
 * Returns the recipe with what only the samples tell: the columns of their table, the features there are. Throws
 * INVALID_PARAMETER for an encoder of a column that there is not, or of one of numbers.
 */
export function settleRecipe<Asked extends FeatureRecipe>(
  asked: Asked,
  { samples, sampling }: Pick<SampleData, 'samples' | 'sampling'>,
): Asked {
  const table = isTable(samples) ? samples.source : undefined;
  const recipe = { ...asked, table, sampling, features: presentFeatures(asked, samples) };
  checkEncoding(recipe);
  return recipe;
}

/** Returns the event columns that the recipe's features are read from; none for a table. */
export function eventColumns(recipe: FeatureRecipe): string[] {
  if (recipe.table !== undefined) return [];
  const features = resolveFeatures(recipe.features.names, schemaOf(recipe));
  return [...new Set(features.flatMap((feature) => feature.columns))];
}
