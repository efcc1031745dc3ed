import type { Forest } from './forest.js';
import type { Scorer } from './rows.js';
import { createJsScorer } from './traverse.js';

/** Returns the fastest scorer there is for a forest here; all give the same bits. */
export function createScorer(forest: Forest): Scorer {
  return createJsScorer(forest);
}
