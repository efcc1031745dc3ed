import { type ColumnEncoder, numericOutputs } from './column-encoder.js';
import { fillValueOf, type ImputeOptions } from './impute.js';
import { type ScalerName, scalingOf } from './scale.js';

/** A column of numbers: filled where one is missing, then scaled. */
export interface NumericState {
  readonly name: string;
  readonly type: 'numeric';
  readonly encoder: 'numeric';
  /** What a missing value is filled with; null leaves it missing. */
  readonly fillValue: number | null;
  /** Whether a second column says where a value was missing. */
  readonly addIndicator: boolean;
  readonly center: number;
  readonly scale: number;
}

/** What is done with numbers; nothing by default. */
export interface NumericOptions {
  readonly impute?: ImputeOptions | undefined;
  readonly scale?: ScalerName | undefined;
}

/** Returns how a training column is filled, then scaled: the scale is that of the filled column. */
export function fitNumeric(
  name: string,
  values: Float32Array,
  { impute, scale }: NumericOptions,
): NumericState {
  const fillValue = impute === undefined ? null : fillValueOf(values, impute);
  const filled = fillValue === null ? values : values.map((v) => (Number.isNaN(v) ? fillValue : v));
  const scaling = scale === undefined ? { center: 0, scale: 1 } : scalingOf(filled, scale);
  const addIndicator = impute?.addIndicator === true && values.some((value) => Number.isNaN(value));
  return { name, type: 'numeric', encoder: 'numeric', fillValue, addIndicator, ...scaling };
}

const LARGEST = 3.4028234663852886e38;

/** Returns the encoder of a column of numbers; a result beyond single precision is its largest number. */
export function numericEncoder(state: NumericState): ColumnEncoder {
  const { name, fillValue, addIndicator, center, scale } = state;
  return {
    outputs: numericOutputs(addIndicator ? [name, `missingindicator_${name}`] : [name]),
    write: (given, out, at) => {
      const isMissing = Number.isNaN(given);
      const value = isMissing && fillValue !== null ? fillValue : (given as number);
      const scaled = (value - center) / scale;
      out[at] = Math.min(LARGEST, Math.max(-LARGEST, scaled));
      if (addIndicator) out[at + 1] = Number(isMissing);
      return false;
    },
  };
}
