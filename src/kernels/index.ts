/**
 * Takes typed arrays and gives typed arrays: binning, tree growth, traversal, as readable loops that a faster twin must match bit for bit.
 * Knows no table, no file and no model format.
 */
export { BIN_STRIDE, type BinnedSet, MISSING_BIN } from './binned-set.js';
export { encodeColumn, type FeatureBins, findBins } from './binning.js';
export { drawBootstrap } from './bootstrap.js';
export type { Criterion } from './criterion.js';
export {
  type Forest,
  type ForestNode,
  type ForestShape,
  forestNode,
  joinTrees,
  largestTree,
  MAX_LEVELS,
  type NodeLayout,
  nodeLayout,
  SET_WORDS,
} from './forest.js';
export { type GrowRules, TreeGrower } from './grow-tree.js';
export { columnMajor, type Rows, rowMajor, type Scorer } from './rows.js';
export { createScorer } from './scorer.js';
export { buildStepTable, type StepTable, scoreStep } from './step-table.js';
export { createJsScorer } from './traverse.js';
export { MAX_DENSE_CLASSES, type Tree, treeBuffers } from './tree.js';
export { thresholdsToSets } from './tree-sets.js';
