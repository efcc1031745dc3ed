import type { Forest } from './forest.js';
import type { Scorer } from './rows.js';
import { createJsScorer } from './traverse.js';
import { wasmAvailable } from './wasm.js';
import { createWasmScorer } from './wasm-scorer.js';

/** Returns the fastest scorer there is for a forest here; all give the same bits. It is made when it is first used. */
export function createScorer(forest: Forest): Scorer {
  let scorer: Scorer | undefined;
  const made = (): Scorer => {
    scorer = (wasmAvailable() ? createWasmScorer(forest) : null) ?? createJsScorer(forest);
    return scorer;
  };
  return {
    scoreRow: (row, out) => (scorer ?? made()).scoreRow(row, out),
    scoreRows: (rows, out) => (scorer ?? made()).scoreRows(rows, out),
  };
}
