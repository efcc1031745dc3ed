import { visible } from '../core/index.js';
import type { Prediction } from '../data/index.js';
import type { EncodedMatrix } from '../features/index.js';
import { Detector } from './detector.js';
import type { OnnxDetector } from './onnx-detector.js';
import type { Samples } from './samples.js';

/** Artifact of a run that counts the categories of its test rows that training has not seen, by feature. */
export const UNSEEN_FILE = 'unseen-categories.json';

/** How often each feature of text had a category that training has not seen; only features with such. */
export type UnseenCategories = EncodedMatrix['unseen'];

const MOST_TOLD = 5;

/**
 * Returns a warning that counts the unseen categories of so many rows, as which it names them, and says what they were read
 * as; none of none. The categories themselves are not told: who sends events chooses them.
 */
export function unseenNotes(
  detector: Detector | OnnxDetector,
  unseen: UnseenCategories,
  { nRows, rows = 'rows' }: { readonly nRows: number; readonly rows?: string },
): string[] {
  const counted = Object.entries(unseen).sort(([, a], [, b]) => b - a);
  if (counted.length === 0) return [];
  const encoding = detector instanceof Detector ? detector.encoding : undefined;
  const told = counted.slice(0, MOST_TOLD).map(([name, count]) => {
    const readAs = encoding?.unseenAs(name) ?? 'missing';
    return `${visible(name)} ${count} (${((100 * count) / nRows).toFixed(1)} %, read as ${readAs})`;
  });
  const left = counted.length - MOST_TOLD;
  const more = left > 0 ? ` and ${left} more ${left === 1 ? 'feature' : 'features'}` : '';
  return [`unseen categories in the ${nRows} ${rows}: ${told.join(', ')}${more}`];
}

/** Returns how many unseen categories there are over all features; a row may have several. */
export function countUnseen(unseen: UnseenCategories): number {
  return Object.values(unseen).reduce((sum, count) => sum + count, 0);
}

/** Returns both counts as one, feature by feature. */
export function addUnseen(a: UnseenCategories, b: UnseenCategories): UnseenCategories {
  const sums = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

/**
 * Returns one prediction a sample, and the unseen categories among them: none of an ONNX model, which does not tell what it has
 * seen. Throws BAD_DATA where `transform` does.
 */
export async function predictCounted(
  detector: Detector | OnnxDetector,
  samples: Samples,
): Promise<{ readonly predictions: readonly Prediction[]; readonly unseen: UnseenCategories }> {
  if (!(detector instanceof Detector))
    return { predictions: await detector.predictSamples(samples), unseen: {} };
  const matrix = detector.transform(samples);
  return { predictions: detector.predictMatrix(matrix), unseen: matrix.unseen };
}
