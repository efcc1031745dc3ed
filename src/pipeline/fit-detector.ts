import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { ColumnSchema, HoneypotEvent, Labels, Split } from '../data/index.js';
import { takeLabels } from '../data/index.js';
import { type Evaluation, evaluate } from '../evaluate/index.js';
import {
  fitFeatures,
  IS_ATTACK,
  type LabelOptions,
  resolveFeatures,
  withLabelColumn,
} from '../features/index.js';
import { WEEK6_SCHEMA } from '../ingest/index.js';
import { predict } from '../model/index.js';
import { getEstimator } from '../train/index.js';
import type { ExperimentConfig } from './config.js';
import { Detector } from './detector.js';

/** What to train: an estimator by name with its params, on which features. */
export interface Recipe {
  readonly estimator: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly features: ExperimentConfig['features'];
  /** Column the label is, when it is one: no feature is made from it. */
  readonly labelColumn: string | undefined;
  readonly randomState: number;
}

/** Returns the labeller's options for a config. */
export function labelOptions({ target, attackEvents }: ExperimentConfig['label']): LabelOptions {
  return { label: target, ...(attackEvents === undefined ? {} : { attackEvents }) };
}

/**
 * Returns the recipe's features that these events have the columns for: of `all` those that can be made, of named ones
 * every one. Throws BAD_DATA for a named feature whose column is in no event.
 */
export function presentFeatures(recipe: Recipe, events: readonly HoneypotEvent[]): Recipe['features'] {
  const isPresent = (column: string): boolean => events.some((event) => Object.hasOwn(event.fields, column));
  const wanted = resolveFeatures(recipe.features.names, schemaOf(recipe));
  const present = wanted.filter((feature) => feature.columns.every(isPresent));
  const absent = wanted.find((feature) => !present.includes(feature));
  if (absent === undefined) return recipe.features;
  if (recipe.features.names === 'all' && present.length > 0)
    return { ...recipe.features, names: present.map((feature) => feature.name) };
  const column = absent.columns.find((name) => !isPresent(name))!;
  const known = Object.keys(events[0]?.fields ?? {});
  throw new PhantomNetError(
    'BAD_DATA',
    `feature ${absent.name} is made from column ${show(column)}, which the file does not have`,
    {
      hint: didYouMean(column, known) ?? `leave the feature out; the columns are ${known.join(', ')}`,
      details: { feature: absent.name, column },
    },
  );
}

/** Returns a warning for each attack event the config names and the data never has: a misspelt one would change the label in silence. */
export function unseenAttackEvents(
  { target, attackEvents }: ExperimentConfig['label'],
  events: readonly HoneypotEvent[],
): string[] {
  if (target !== IS_ATTACK || attackEvents === undefined) return [];
  const seen = [...new Set(events.map((event) => event.fields['event'] ?? ''))];
  return attackEvents
    .filter((name) => !seen.includes(name))
    .map((name) =>
      [`attack event ${show(name)} occurs nowhere in the data`, didYouMean(name, seen)]
        .filter(Boolean)
        .join('; '),
    );
}

/** How a fit tells how far it is, and is stopped. */
export interface FitWatch {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Returns the recipe's params, checked, with defaults; `randomState` is the experiment's where the estimator has one and none is given. */
export function resolveParams(recipe: Recipe): Readonly<Record<string, unknown>> {
  const estimator = getEstimator(recipe.estimator);
  const seed = 'randomState' in estimator.params() ? { randomState: recipe.randomState } : {};
  return { ...estimator.params({ ...seed, ...recipe.params }) };
}

/** Returns the roles of the source's columns; a column that is the label makes no feature. */
export function schemaOf({ labelColumn }: Recipe): readonly ColumnSchema[] {
  return labelColumn === undefined ? WEEK6_SCHEMA : withLabelColumn(WEEK6_SCHEMA, labelColumn);
}

/** Returns a detector whose features and model were fitted on these events only. */
export async function fitDetector(
  recipe: Recipe,
  events: readonly HoneypotEvent[],
  labels: Labels,
  watch: FitWatch = {},
): Promise<Detector> {
  const pipeline = fitFeatures(events, {
    schema: schemaOf(recipe),
    features: recipe.features.names,
    emptyAs: recipe.features.emptyAs,
  });
  const estimator = getEstimator(recipe.estimator);
  const model = await estimator.fit(resolveParams(recipe), pipeline.transform(events), labels, {
    ...(watch.onProgress === undefined ? {} : { onProgress: watch.onProgress }),
    ...(watch.signal === undefined ? {} : { signal: watch.signal }),
  });
  return new Detector(model, pipeline);
}

/** A detector's word on labelled events. */
export interface Scored {
  readonly yTrue: Uint16Array;
  readonly yPred: Uint16Array;
  /** nSamples × nClasses, row-major. */
  readonly scores: Float64Array;
  readonly evaluation: Evaluation;
}

/** Returns how right a detector is on events whose labels have the detector's classes. */
export function scoreDetector(
  detector: Detector,
  events: readonly HoneypotEvent[],
  labels: Labels,
  options: { readonly resamples?: number } = {},
): Scored {
  const scores = detector.model.predictScoresBatch(detector.transform(events));
  const yPred = predict(detector.model, scores);
  const evaluation = evaluate({ yTrue: labels.codes, yPred, scores, classes: labels.classes }, options);
  return { yTrue: labels.codes, yPred, scores, evaluation };
}

/** Returns the evaluation of each fold: features and model are fitted anew on its training rows. */
export async function crossValidate(
  recipe: Recipe,
  events: readonly HoneypotEvent[],
  labels: Labels,
  options: { readonly folds: readonly Split[] } & FitWatch,
): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = [];
  for (const fold of options.folds) {
    const detector = await fitDetector(recipe, pick(events, fold.train), takeLabels(labels, fold.train), {
      signal: options.signal,
    });
    const scored = scoreDetector(detector, pick(events, fold.test), takeLabels(labels, fold.test), {
      resamples: 0,
    });
    evaluations.push(scored.evaluation);
    options.onProgress?.({ done: evaluations.length, total: options.folds.length });
  }
  return evaluations;
}

/** Returns the items at `rows`, in that order. */
export function pick<T>(items: readonly T[], rows: ArrayLike<number>): T[] {
  return Array.from(rows, (row) => items[row]!);
}
