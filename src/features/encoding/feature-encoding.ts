import { PhantomNetError, show } from '../../core/index.js';
import type { FeatureSpec } from '../../data/index.js';
import type { EncodedMatrix } from '../pipeline.js';
import { type ColumnEncoder, distinctFeatures } from './column-encoder.js';
import type { FeatureColumns, InputFeature } from './columns.js';
import { type HashingState, hashingEncoder } from './hashing.js';
import { type NativeState, nativeEncoder } from './native.js';
import { type NumericState, numericEncoder } from './numeric.js';
import { type OneHotState, oneHotEncoder } from './one-hot.js';
import { type OrdinalState, ordinalEncoder } from './ordinal.js';
import { type TargetState, targetEncoder } from './target.js';

/** What was fitted of one column. */
export type ColumnState =
  | NumericState
  | NativeState
  | OrdinalState
  | OneHotState
  | HashingState
  | TargetState;

/** What is stored of an encoding: plain JSON, equal encodings give equal bytes. */
export interface FeatureEncodingState {
  readonly version: 1;
  /** By column, in the order of the features that a caller gives. */
  readonly columns: readonly ColumnState[];
}

/** A fitted encoding: makes the matrix that a model takes of the columns that a caller gives. Immutable. */
export class FeatureEncoding {
  /** The features of the matrix. */
  readonly features: readonly FeatureSpec[];
  readonly #state: FeatureEncodingState;
  readonly #encoders: readonly ColumnEncoder[];

  constructor(state: FeatureEncodingState) {
    this.#state = state;
    this.#encoders = state.columns.map(encoderOf);
    this.features = distinctFeatures(this.#encoders.flatMap(({ outputs }) => outputs));
  }

  /** The features that a caller gives. */
  get inputs(): readonly InputFeature[] {
    return this.#state.columns.map(({ name, type }) => ({ name, type }));
  }

  /** Returns where the features of each column begin in a row of the matrix. */
  get starts(): readonly number[] {
    let next = 0;
    return this.#encoders.map(({ outputs }) => {
      next += outputs.length;
      return next - outputs.length;
    });
  }

  /** Returns what an unseen category of a column is read as, in words; undefined where there can be none. */
  unseenAs(name: string): string | undefined {
    return this.#encoders[this.#state.columns.findIndex((column) => column.name === name)]?.unseenAs;
  }

  /**
   * Returns the matrix of later rows; unseen categories are counted by the column they are in. Deterministic, O(rows ×
   * features). Throws BAD_DATA for other columns than those it was fitted on.
   */
  transform({ nSamples, columns, invalid }: FeatureColumns): EncodedMatrix {
    this.#check(columns);
    const width = this.features.length;
    const { starts } = this;
    const values = new Float32Array(nSamples * width);
    const unseen: [string, number][] = [];
    this.#encoders.forEach(({ write }, j) => {
      const { name, values: given } = columns[j]!;
      let nUnseen = 0;
      for (let row = 0; row < nSamples; row++)
        if (write(given[row]!, values, row * width + starts[j]!)) nUnseen += 1;
      if (nUnseen > 0) unseen.push([name, nUnseen]);
    });
    return { nSamples, features: this.features, values, unseen: Object.fromEntries(unseen), invalid };
  }

  /** Returns the state to store; `canonicalJson` of it has the same bytes for equal encodings. */
  toJSON(): FeatureEncodingState {
    return this.#state;
  }

  #check(columns: FeatureColumns['columns']): void {
    const expected = this.inputs;
    const given = ({ name, type }: InputFeature): string => `${type} ${show(name)}`;
    const misfit = expected.findIndex(({ name, type }, j) => {
      return columns[j]?.name !== name || columns[j]?.type !== type;
    });
    if (misfit < 0 && columns.length === expected.length) return;
    const at = misfit < 0 ? expected.length : misfit;
    const names = [expected[at], columns[at]].map((column) =>
      column === undefined ? 'nothing' : given(column),
    );
    throw new PhantomNetError('BAD_DATA', `column ${at} is ${names[1]}, the encoding expects ${names[0]}`, {
      hint: 'give the columns that it was fitted on, in their order',
      details: { position: at },
    });
  }
}

function encoderOf(state: ColumnState): ColumnEncoder {
  switch (state.encoder) {
    case 'numeric':
      return numericEncoder(state);
    case 'native':
      return nativeEncoder(state);
    case 'ordinal':
      return ordinalEncoder(state);
    case 'one-hot':
      return oneHotEncoder(state);
    case 'hashing':
      return hashingEncoder(state);
    case 'target':
      return targetEncoder(state);
  }
}
