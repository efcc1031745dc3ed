import { sha256Hex } from '../../core/index.js';

/** The most categories an encoder keeps of a column: the commonest; the rest are unseen to it. */
export const MAX_ENCODED_CATEGORIES = 65_536;

/** A longer text is kept as its digest: logs hold texts of any length, a model should not. */
export const MAX_CATEGORY_LENGTH = 256;

/** A category as it is kept; null is a missing value. */
export type Category = string | null;

/** Returns what a text is kept and looked up as: itself, or `sha256:` and its digest where it is long. */
export function categoryOf(text: Category): Category {
  return text === null || text.length <= MAX_CATEGORY_LENGTH ? text : `sha256:${sha256Hex(text)}`;
}

/** Returns the categories of a column with their counts: the commonest first, equally common ones by text, missing last. */
export function countCategories(texts: readonly Category[]): (readonly [Category, number])[] {
  const counts = new Map<Category, number>();
  for (const text of texts) {
    const category = categoryOf(text);
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || byText(a, b)).slice(0, MAX_ENCODED_CATEGORIES);
}

/** Orders categories by text, missing last. */
export function byText(a: Category, b: Category): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

/** Returns the place of each category in a list. */
export function placesOf(categories: readonly Category[]): ReadonlyMap<Category, number> {
  return new Map(categories.map((category, place) => [category, place]));
}
