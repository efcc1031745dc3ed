import { canonicalJson, sha256Hex } from '../core/index.js';
import type { Split } from '../data/index.js';
import { type Evaluation, type FoldMetrics, summarise } from '../evaluate/index.js';
import {
  crossValidationFolds,
  type FoldMethod,
  foldParams,
  type SettledConfig,
} from './cross-validation-folds.js';
import { crossValidate, type FitWatch, type Recipe } from './fit-detector.js';
import type { LabelledData } from './labelled-data.js';
import type { OutOfFold } from './out-of-fold.js';
import { samplePositions } from './samples.js';

/** The folds' metrics: mean and standard deviation (ddof 0) by metric. */
export interface CrossValidation {
  readonly mean: Readonly<Record<string, number>>;
  readonly std: Readonly<Record<string, number>>;
  readonly folds: number;
  readonly repeats: number;
  readonly on: 'train' | 'all';
  /** How the folds were made. */
  readonly method: FoldMethod;
  readonly perFold: readonly Evaluation[];
  /** What tells these folds from others: a digest of the rows of each, and test rows by training rows. */
  readonly drawn: Pick<FoldMetrics, 'folds' | 'testToTrain'>;
}

/**
 * Returns the cross-validation the config asks for, or null for none. `outOfFold` is given the scores where no training row
 * is tested twice.
 */
export async function crossValidation(
  config: SettledConfig,
  recipe: Recipe,
  data: LabelledData,
  { outOfFold, ...watch }: FitWatch & { readonly outOfFold: OutOfFold },
): Promise<CrossValidation | null> {
  const { repeats, on, method } = config.crossValidation;
  if (config.crossValidation.folds === 0) return null;
  const rows = data[on];
  const folds = crossValidationFolds(rows, config);
  const perFold = await crossValidate(recipe, rows, {
    ...{ folds, ...watch },
    onScored: on === 'train' && repeats === 1 ? outOfFold.add : undefined,
  });
  const summary = Object.entries(summarise(perFold));
  const mean = Object.fromEntries(summary.map(([metric, { mean }]) => [metric, mean]));
  const std = Object.fromEntries(summary.map(([metric, { std }]) => [metric, std]));
  const { cvGap } = foldParams(config);
  const named = [
    data.source.digest,
    config.label.target,
    method,
    ...(cvGap === undefined ? [] : [String(cvGap)]),
  ];
  const drawn = describeFolds(folds, samplePositions(rows.samples), named);
  return { folds: folds.length / repeats, repeats, on, method, mean, std, perFold, drawn };
}

function describeFolds(folds: readonly Split[], positions: readonly number[], named: readonly string[]) {
  // The test rows, the method and its gap tell the training rows too.
  const rows = folds.map(({ test }) => sha256Hex(Array.from(test, (row) => positions[row]).join()));
  const ratios = folds.map(({ train, test }) => test.length / train.length);
  return {
    folds: sha256Hex(canonicalJson([...named, ...rows])),
    testToTrain: ratios.reduce((a, b) => a + b, 0) / ratios.length,
  };
}
