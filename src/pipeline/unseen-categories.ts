import type { Detector } from './detector.js';
import type { Scored } from './fit-detector.js';

/** Artifact of a run that counts the categories of its test rows that training has not seen, by feature. */
export const UNSEEN_FILE = 'unseen-categories.json';

const MOST_TOLD = 5;

/** Returns a warning that counts the unseen categories of the test rows and says what they were read as; none of none. */
export function unseenNotes(
  { encoding }: Pick<Detector, 'encoding'>,
  { unseenCategories, yTrue }: Pick<Scored, 'unseenCategories' | 'yTrue'>,
): string[] {
  const counted = Object.entries(unseenCategories).sort(([, a], [, b]) => b - a);
  if (counted.length === 0) return [];
  const told = counted.slice(0, MOST_TOLD).map(([name, count]) => {
    return `${name} ${count} (read as ${encoding?.unseenAs(name) ?? 'missing'})`;
  });
  const left = counted.length - MOST_TOLD;
  const more = left > 0 ? ` and ${left} more ${left === 1 ? 'feature' : 'features'}` : '';
  return [`unseen categories in the ${yTrue.length} test rows: ${told.join(', ')}${more}`];
}

/** Returns how many unseen categories there are over all features; a row may have several. */
export function countUnseen({ unseenCategories }: Pick<Scored, 'unseenCategories'>): number {
  return Object.values(unseenCategories).reduce((sum, count) => sum + count, 0);
}
