/**
 * Takes typed arrays and gives typed arrays: binning, tree growth, traversal, as readable loops that a faster twin must match bit for bit.
 * Knows no table, no file and no model format.
 */
export { type BinnedSet, CATEGORICAL, CONSTANT, MISSING_BIN, viewSet } from './binned-set.js';
export { encodeColumn, type FeatureBins, findBins } from './binning.js';
export { cumulate, type DrawRules, drawBootstrap } from './bootstrap.js';
export type { Criterion } from './criterion.js';
export {
  type Forest,
  type ForestNode,
  type ForestShape,
  forestNode,
  type JoinedTree,
  joinTrees,
  joinTreesByTree,
  largestTree,
  MAX_LEVELS,
  type NodeLayout,
  nodeLayout,
  splitForest,
} from './forest.js';
export type { GrowShape } from './grow-layout.js';
export type { GrowRules } from './grow-rules.js';
export { Growth, SET_WORDS } from './growth.js';
export { MAX_DENSE_CLASSES } from './node-classes.js';
export { columnMajor, type Rows, rowMajor, type Scorer, sliceRows } from './rows.js';
export { createScorer } from './scorer.js';
export { buildStepTable, type StepTable, scoreStep } from './step-table.js';
export {
  allocateJs,
  allocateWasm,
  bufferOf,
  counterWord,
  countSet,
  fits,
  type MemoryPlan,
  planMemory,
  stopWord,
  type TrainingSet,
  type TreeRules,
} from './training-set.js';
export { createJsScorer } from './traverse.js';
export { finishTree, type Tree, treeBuffers } from './tree.js';
export { createTreeGrower, GROWING, type TreeJob } from './tree-job.js';
export type { TreeOrder, TreeReport } from './tree-worker.js';
export { countShared, wasmAvailable } from './wasm.js';
export { type BinStep, WasmBinner } from './wasm-binner.js';
export { WasmGrower } from './wasm-grower.js';

/** The module that a thread which bins and grows trees is started with. */
export const TREE_WORKER = new URL('./tree-worker.js', import.meta.url);
