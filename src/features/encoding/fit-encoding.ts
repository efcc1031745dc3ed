import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import type { Labels, Split } from '../../data/index.js';
import { mostCommon } from '../fit.js';
import type { EncodedMatrix } from '../pipeline.js';
import type { FeatureColumn, FeatureColumns } from './columns.js';
import { type ColumnState, FeatureEncoding } from './feature-encoding.js';
import { type HashingOptions, hashingOf } from './hashing.js';
import { fitNumeric, type NumericOptions } from './numeric.js';
import { fitOneHot, type OneHotOptions } from './one-hot.js';
import { fitOrdinal, type OrdinalOptions } from './ordinal.js';
import { fitTarget, type TargetOptions } from './target.js';

/** How a categorical column is encoded; `native` leaves it to the model. */
export type EncoderName = 'native' | 'ordinal' | 'one-hot' | 'hashing' | 'target';

/** How categorical columns are encoded. */
export interface CategoricalOptions {
  /** The encoder of every categorical column that `columns` does not name. Default `native`. */
  readonly categorical?: EncoderName | undefined;
  /** The encoders of columns by name; a name of no column is passed over. */
  readonly columns?: Readonly<Record<string, EncoderName>> | undefined;
  readonly ordinal?: OrdinalOptions | undefined;
  readonly oneHot?: OneHotOptions | undefined;
  readonly hashing?: HashingOptions | undefined;
  readonly target?: TargetOptions | undefined;
}

/** What is done with the columns before a model takes them; nothing by default. */
export interface FeatureEncodingOptions extends NumericOptions {
  readonly encoding?: CategoricalOptions | undefined;
}

/** What target encoding learns from. */
export interface EncodingTraining {
  readonly labels: Labels;
  /** Returns so many folds that test each training row once. */
  readonly foldsOf: (nSplits: number) => readonly Split[];
}

/** An encoding with the matrix of the rows it was fitted on. */
export interface FittedEncoding {
  readonly encoding: FeatureEncoding;
  readonly matrix: EncodedMatrix;
}

/** More features than any data set of ours has columns: what makes so many is a mistake. */
export const MAX_ENCODED_FEATURES = 10_000;

/**
 * Returns the encoding of `columns`, which must be training rows only, and their matrix. For target encoding the two differ:
 * the training rows are encoded out of fold, or each would hold its own label; the encoding itself is fitted on all of
 * them. Deterministic given the folds; O(rows × features), of target encoding O(folds × rows × classes).
 * Throws INVALID_PARAMETER for an encoder of a column of numbers and for more than MAX_ENCODED_FEATURES.
 *
 * @example
 * ```ts
 * const column = { name: 'proto', type: 'categorical', values: ['tcp', 'udp', 'tcp', 'icmp'] };
 * const training = { labels: { classes: [0, 1], codes: Uint16Array.of(0, 1, 0, 1) }, foldsOf: () => [] };
 * const columns = { nSamples: 4, columns: [column], invalid: {} };
 * const { encoding, matrix } = fitEncoding(columns, { encoding: { categorical: 'one-hot' } }, training);
 * encoding.features.map(({ name }) => name); // ['proto_icmp', 'proto_tcp', 'proto_udp']
 * matrix.values; // [0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0]
 * ```
 */
export function fitEncoding(
  columns: FeatureColumns,
  options: FeatureEncodingOptions,
  training: EncodingTraining,
): FittedEncoding {
  const fitted = columns.columns.map((column) => fitColumn(column, options, training));
  const encoding = new FeatureEncoding({ version: 1, columns: fitted.map(({ state }) => state) });
  const { features, starts } = encoding;
  if (features.length > MAX_ENCODED_FEATURES) throw tooMany(features.length);
  const matrix = encoding.transform(columns);
  fitted.forEach(({ outOfFold }, j) => {
    if (outOfFold === undefined) return;
    const width = outOfFold.length / columns.nSamples;
    for (let row = 0; row < columns.nSamples; row++)
      matrix.values.set(
        outOfFold.subarray(row * width, (row + 1) * width),
        row * features.length + starts[j]!,
      );
  });
  return { encoding, matrix };
}

interface FittedColumn {
  readonly state: ColumnState;
  /** What the training rows are encoded as, where that is not what later rows are. */
  readonly outOfFold?: Float32Array;
}

function fitColumn(
  column: FeatureColumn,
  options: FeatureEncodingOptions,
  { labels, foldsOf }: EncodingTraining,
): FittedColumn {
  const { name } = column;
  const { encoding = {} } = options;
  if (column.type === 'numeric') {
    refuseEncoder(name, encoding);
    return { state: fitNumeric(name, column.values, options) };
  }
  const texts = column.values;
  switch (encoderNamed(name, encoding)) {
    case 'native':
      return { state: { name, type: 'categorical', encoder: 'native', categories: mostCommon(texts) } };
    case 'ordinal':
      return { state: fitOrdinal(name, texts, encoding.ordinal) };
    case 'one-hot':
      return { state: fitOneHot(name, texts, encoding.oneHot) };
    case 'hashing':
      return { state: hashingOf(name, encoding.hashing) };
    case 'target': {
      const { folds = 5, smooth } = encoding.target ?? {};
      return fitTarget(name, texts, { labels, folds: foldsOf(folds), smooth });
    }
  }
}

function encoderNamed(
  name: string,
  { columns = {}, categorical = 'native' }: CategoricalOptions,
): EncoderName {
  return Object.hasOwn(columns, name) ? columns[name]! : categorical;
}

function refuseEncoder(name: string, { columns = {} }: CategoricalOptions): void {
  if (!Object.hasOwn(columns, name)) return;
  invalidParameter(`encoding.columns.${name}`, 'left out: the column is of numbers', columns[name]);
}

function tooMany(nFeatures: number): PhantomNetError {
  return new PhantomNetError(
    'INVALID_PARAMETER',
    `encoding: ${nFeatures} features, where ${show(MAX_ENCODED_FEATURES)} is the most`,
    {
      hint: 'encode columns of many categories by target or hashing, or lower maxCategories or bits',
      details: { parameter: 'encoding', nFeatures },
    },
  );
}
