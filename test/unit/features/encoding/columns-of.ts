import type { Labels } from '#src/data/index.js';
import {
  type EncodingTraining,
  type FeatureColumn,
  type FeatureColumns,
  type FeatureEncodingOptions,
  fitEncoding,
} from '#src/features/index.js';
import { stratifiedKFold } from '#src/split/index.js';

/** A column of texts for a list with a text or null in it, else of numbers. */
export function columnsOf(
  values: Readonly<Record<string, readonly (string | number | null)[]>>,
): FeatureColumns {
  const columns = Object.entries(values).map(([name, list]): FeatureColumn => {
    if (list.every((value) => typeof value === 'number'))
      return { name, type: 'numeric', values: Float32Array.from(list as number[]) };
    return { name, type: 'categorical', values: list as (string | null)[] };
  });
  return { nSamples: columns[0]?.values.length ?? 0, columns, invalid: {} };
}

/** Labels by code, with stratified folds of them. */
export function trainingOf(codes: readonly number[], classes: Labels['classes'] = [0, 1]): EncodingTraining {
  const labels = { classes, codes: Uint16Array.from(codes) };
  return {
    labels,
    foldsOf: (nSplits) =>
      stratifiedKFold(labels, { nSplits, shuffle: true, randomState: 0, rareClasses: 'allow' }),
  };
}

/** Fits on the first columns and encodes the second. */
export function encodeLater(
  train: FeatureColumns,
  later: FeatureColumns,
  options: FeatureEncodingOptions,
  training = trainingOf(Array.from({ length: train.nSamples }, (_, row) => row % 2)),
) {
  const { encoding, matrix } = fitEncoding(train, options, training);
  const transformed = encoding.transform(later);
  const width = transformed.features.length;
  return {
    encoding,
    matrix,
    names: encoding.features.map(({ name }) => name),
    rows: Array.from({ length: later.nSamples }, (_, row) => [
      ...transformed.values.subarray(row * width, (row + 1) * width),
    ]),
    unseen: transformed.unseen,
  };
}
