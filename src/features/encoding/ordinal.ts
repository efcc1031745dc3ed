import { byText, type Category, categoryOf, countCategories, placesOf } from './categories.js';
import { type ColumnEncoder, numericOutputs } from './column-encoder.js';

/** How categories are numbered. */
export interface OrdinalOptions {
  /** `text` (the default): sorted; `frequency`: the commonest is 0, equally common ones by text. */
  readonly order?: 'text' | 'frequency';
  /** The number of an unseen category; null, the default, is a missing value. */
  readonly unknownValue?: number | null;
}

/** A column of numbered categories. */
export interface OrdinalState {
  readonly name: string;
  readonly type: 'categorical';
  readonly encoder: 'ordinal';
  readonly categories: readonly string[];
  readonly unknownValue: number | null;
}

/** Returns the numbers of the categories of training rows. scikit-learn's OrdinalEncoder with `use_encoded_value`. */
export function fitOrdinal(
  name: string,
  texts: readonly Category[],
  { order = 'text', unknownValue = null }: OrdinalOptions = {},
): OrdinalState {
  const found = countCategories(texts).flatMap(([category]) => (category === null ? [] : [category]));
  const categories = order === 'text' ? found.sort(byText) : found;
  return { name, type: 'categorical', encoder: 'ordinal', categories, unknownValue };
}

/** Returns the encoder that gives a category's number, NaN for a missing value. */
export function ordinalEncoder({ name, categories, unknownValue }: OrdinalState): ColumnEncoder {
  const places = placesOf(categories);
  const unseen = unknownValue ?? Number.NaN;
  return {
    outputs: numericOutputs([name]),
    unseenAs: unknownValue === null ? 'missing' : String(unknownValue),
    write: (text, out, at) => {
      const place = places.get(categoryOf(text as Category));
      out[at] = place ?? (text === null ? Number.NaN : unseen);
      return place === undefined && text !== null;
    },
  };
}
