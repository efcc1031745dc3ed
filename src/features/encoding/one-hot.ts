import { byText, type Category, categoryOf, countCategories, placesOf } from './categories.js';
import { type ColumnEncoder, namePart, numericOutputs } from './column-encoder.js';

/** How a column becomes one column a category. */
export interface OneHotOptions {
  /** The most columns, that of the infrequent categories among them: 2 to 1000. Default 32. */
  readonly maxCategories?: number;
  /**
   * Where an unseen category goes: with the infrequent ones where training had such, else to no column
   * (`infrequent-if-exist`, the default), or to no column (`ignore`).
   */
  readonly handleUnknown?: 'infrequent-if-exist' | 'ignore';
}

/** A column of categories that have a column each; missing is a category where training had it. */
export interface OneHotState {
  readonly name: string;
  readonly type: 'categorical';
  readonly encoder: 'one-hot';
  readonly categories: readonly Category[];
  /** Categories that share one column, the last. */
  readonly infrequent: readonly Category[];
  readonly handleUnknown: 'infrequent-if-exist' | 'ignore';
}

/**
 * Returns the columns of the categories of training rows: scikit-learn's OneHotEncoder with `max_categories`, but that of
 * equally common categories the first by text has a column of its own.
 */
export function fitOneHot(
  name: string,
  texts: readonly Category[],
  { maxCategories = 32, handleUnknown = 'infrequent-if-exist' }: OneHotOptions = {},
): OneHotState {
  const found = countCategories(texts).map(([category]) => category);
  const kept = found.length < maxCategories ? found.length : maxCategories - 1;
  return {
    name,
    type: 'categorical',
    encoder: 'one-hot',
    categories: found.slice(0, kept).sort(byText),
    infrequent: found.slice(kept).sort(byText),
    handleUnknown,
  };
}

/** Returns the encoder that gives 1 in the column of a category and 0 in the others. */
export function oneHotEncoder(state: OneHotState): ColumnEncoder {
  const { name, categories, infrequent, handleUnknown } = state;
  const places = new Map(placesOf(categories));
  for (const category of infrequent) places.set(category, categories.length);
  const hasInfrequent = infrequent.length > 0;
  const unseen = hasInfrequent && handleUnknown === 'infrequent-if-exist' ? categories.length : undefined;
  const names = categories.map((category) => `${name}_${category === null ? 'missing' : namePart(category)}`);
  return {
    outputs: numericOutputs(hasInfrequent ? [...names, `${name}_infrequent`] : names),
    unseenAs: unseen === undefined ? 'none of the categories' : 'infrequent',
    write: (text, out, at) => {
      const place = places.get(categoryOf(text as Category));
      // A missing value where training had none is like no category: it is missing, not another word.
      const column = place ?? (text === null ? undefined : unseen);
      if (column !== undefined) out[at + column] = 1;
      return place === undefined && text !== null;
    },
  };
}
