/**
 * Takes typed arrays and gives typed arrays: binning, tree growth, traversal, as readable loops that a faster twin must match bit for bit.
 * Knows no table, no file and no model format.
 */
export { BIN_STRIDE, type BinnedSet, MISSING_BIN } from './binned-set.js';
export { encodeColumn, type FeatureBins, findBins } from './binning.js';
export { drawBootstrap } from './bootstrap.js';
export type { Criterion } from './criterion.js';
export { type GrowRules, TreeGrower } from './grow-tree.js';
export { buildStepTable, type StepTable, scoreStep } from './step-table.js';
export { type Forest, joinTrees, scoreBatch, scoreRow } from './traverse.js';
export { NODE_WORDS, type Tree } from './tree.js';
