import { PhantomNetError } from '../../core/index.js';
import type { Labels, Split } from '../../data/index.js';
import { type Category, categoryOf, countCategories, placesOf } from './categories.js';
import { type ColumnEncoder, namePart, numericOutputs } from './column-encoder.js';
import { type Smoothing, targetMeans } from './target-means.js';

/** How categories become means of the target. */
export interface TargetOptions {
  /** Weight of the mean of all rows, in rows; `auto` (the default) is the empirical Bayes estimate. */
  readonly smooth?: Smoothing;
  /** Internal folds of the training rows, at least 2. Default 5. */
  readonly folds?: number;
}

/** A column of categories with the smoothed mean of each class; missing is a category where training had it. */
export interface TargetState {
  readonly name: string;
  readonly type: 'categorical';
  readonly encoder: 'target';
  readonly categories: readonly Category[];
  /** Names of the outputs, one a class; null for two classes, whose one output is the mean of the second. */
  readonly classes: readonly string[] | null;
  /** By output, by category. */
  readonly means: readonly (readonly number[])[];
  /** By output: what an unseen category is read as. */
  readonly prior: readonly number[];
}

/** What target encoding learns from beside the texts. */
interface TargetTraining {
  readonly labels: Labels;
  /** Folds that test each training row once. */
  readonly folds: readonly Split[];
  readonly smooth?: Smoothing | undefined;
}

/**
 * Returns the means of the categories over all rows, for later rows, and `outOfFold` for the rows themselves: each encoded by
 * the means of the folds it is not in, nSamples × nOutputs, row-major. As scikit-learn's TargetEncoder. O(folds × rows ×
 * classes).
 */
export function fitTarget(
  name: string,
  texts: readonly Category[],
  { labels, folds, smooth = 'auto' }: TargetTraining,
): { readonly state: TargetState; readonly outOfFold: Float32Array } {
  requireEveryRow(texts.length, folds);
  const categories = countCategories(texts).map(([category]) => category);
  const places = placesOf(categories);
  const codes = Int32Array.from(texts, (text) => places.get(categoryOf(text)) ?? -1);
  const nCategories = categories.length;
  const { classes } = labels;
  const targets = classes.length > 2 ? classes.map((_, code) => code) : [1];
  const outOfFold = new Float32Array(texts.length * targets.length);
  const whole = targets.map((target, output) => {
    const y = Uint8Array.from(labels.codes, (code) => Number(code === target));
    for (const { train, test } of folds) {
      const { means, prior } = targetMeans({ codes, y, nCategories, rows: train }, smooth);
      for (const row of test) outOfFold[row * targets.length + output] = means[codes[row]!] ?? prior;
    }
    return targetMeans({ codes, y, nCategories, rows: y.keys() }, smooth);
  });
  const state: TargetState = {
    name,
    type: 'categorical',
    encoder: 'target',
    categories,
    classes: classes.length > 2 ? classes.map(String) : null,
    means: whole.map(({ means }) => [...means]),
    prior: whole.map(({ prior }) => prior),
  };
  return { state, outOfFold };
}

/** A row that no fold tests would be encoded by nothing, and one that is tested twice by whichever came last. */
function requireEveryRow(nSamples: number, folds: readonly Split[]): void {
  const tested = new Uint8Array(nSamples);
  for (const { test } of folds) for (const row of test) tested[row]! += 1;
  if (tested.every((times) => times === 1)) return;
  throw new PhantomNetError('INVALID_PARAMETER', 'folds: the folds must test each row once', {
    hint: 'make them with kFold, stratifiedKFold or groupKFold of these rows',
    details: { parameter: 'folds' },
  });
}

/** Returns the encoder of rows that were not trained on. */
export function targetEncoder({ name, categories, classes, means, prior }: TargetState): ColumnEncoder {
  const places = placesOf(categories);
  const names = classes === null ? [name] : classes.map((label) => `${name}_${namePart(label)}`);
  return {
    outputs: numericOutputs(names),
    unseenAs: 'the mean of all training rows',
    write: (text, out, at) => {
      const place = places.get(categoryOf(text as Category));
      means.forEach((ofOutput, output) => {
        out[at + output] = place === undefined ? prior[output]! : ofOutput[place]!;
      });
      return place === undefined && text !== null;
    },
  };
}
