import { buildStepTable, createScorer, type Forest, type Scorer, scoreStep } from '../kernels/index.js';

/** Returns what scores a forest: the trees, or for one feature a table of the same scores. Deterministic to the bit. */
export function createForestScorer(forest: Forest): Scorer {
  const scorer = createScorer(forest);
  const steps = forest.levels.length === 1 ? buildStepTable(forest, scorer) : null;
  if (steps === null) return scorer;
  return {
    scoreRow: (row, out) => scoreStep(steps, row[0]!, out, 0),
    scoreRows({ values, nRows, rowStride }, out) {
      for (let i = 0; i < nRows; i++) scoreStep(steps, values[i * rowStride]!, out, i * forest.nClasses);
    },
  };
}
