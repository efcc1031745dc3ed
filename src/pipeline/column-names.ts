import { didYouMean, show } from '../core/index.js';
import { fieldSpellings } from '../data/index.js';

/** Returns the names a user may know an event field by, for a message: `"payload" (or "data")`. */
export function columnNames(field: string): string {
  const [name, ...others] = fieldSpellings(field).map(show);
  return others.length === 0 ? name! : `${name} (or ${others.join(', ')})`;
}

/** Returns a hint that names the one of `names` that looks like a misspelt name of this field; undefined where none does. */
export function nearColumn(field: string, names: readonly string[]): string | undefined {
  return fieldSpellings(field)
    .map((name) => didYouMean(name, names))
    .find((hint) => hint !== undefined);
}
