import { categoryCodes } from '../pipeline.js';
import type { ColumnEncoder } from './column-encoder.js';

/** A column that stays categorical: the model asks for categories itself. */
export interface NativeState {
  readonly name: string;
  readonly type: 'categorical';
  readonly encoder: 'native';
  readonly categories: readonly string[];
}

/** Returns the encoder that gives a category's code, NaN for a missing and an unseen one. */
export function nativeEncoder({ name, type, categories }: NativeState): ColumnEncoder {
  const codes = categoryCodes({ name, type, categories })!;
  return {
    outputs: [{ name, type, categories }],
    unseenAs: 'missing',
    write: (text, out, at) => {
      out[at] = codes.get(text as string) ?? Number.NaN;
      return text !== null && Number.isNaN(out[at]!);
    },
  };
}
