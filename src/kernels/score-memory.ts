import type { Forest } from './forest.js';
import { WASM } from './generated/score-wasm.js';
import { PAD } from './rows.js';
import { compileModule, createMemory, instantiate, MAX_PAGES, PAGE_BYTES, type WasmMemory } from './wasm.js';

/** What assembly/score exports. Addresses are in bytes. */
export interface ScoreExports {
  setForest(
    nodes: number,
    nodeBits: number,
    nFeatures: number,
    nanLeft: number,
    bySet: number,
    sets: number,
  ): void;
  setLeaves(nClasses: number, leaves: number, starts: number, classes: number): void;
  treeDepths(nodes: number, starts: number, nTrees: number, depths: number): void;
  findLeaves(table: number, end: number): void;
  findLeavesAny(table: number, end: number): void;
  meanOfLeaves(numbers: number, nTrees: number, out: number): void;
  fillGroups(
    values: number,
    rowBytes: number,
    featureBytes: number,
    nRows: number,
    levels: number,
    nFeatures: number,
    groups: number,
  ): number;
  addTrees: AddTrees;
  addTreesAny: AddTrees;
  divide(out: number, nRows: number, by: number): void;
}

type AddTrees = (
  table: number,
  end: number,
  block: number,
  nGroups: number,
  groupBytes: number,
  out: number,
  rowBytes: number,
) => void;

/** Rows that are scored together; a multiple of the 8 that step together. */
export const BLOCK_ROWS = 64;
/** Trees of one row that step together. */
const LANES = 10;
const ENTRY_WORDS = 3;
const ROW = 64;
const LIMIT_BYTES = MAX_PAGES * PAGE_BYTES;

/** Where a forest and the scratch of its scoring lie, in bytes. */
export interface ScoreLayout {
  readonly levels: number;
  /** A list for one row: root, place of the leaf's number and depth of each tree, in whole groups of ten. */
  readonly table: number;
  readonly tableEnd: number;
  /** A list for blocks: root and depth of each tree. */
  readonly trees: number;
  readonly treesEnd: number;
  /** The leaf of each tree. */
  readonly numbers: number;
  readonly out: number;
  readonly input: number;
  readonly groups: number;
  readonly groupBytes: number;
}

/** A forest in WebAssembly memory. */
export interface ScoreMemory {
  readonly memory: WasmMemory;
  readonly exports: ScoreExports;
  readonly at: ScoreLayout;
}

/** Gives out addresses, one part after the other, each at a multiple of 64. */
class Plan {
  size = 0;
  take(bytes: number): number {
    const at = this.size;
    this.size = Math.ceil((at + bytes) / 64) * 64;
    return at;
  }
}

/** Returns the forest copied into memory of its own, or null where it does not fit or its nodes are wide. */
export function createScoreMemory(forest: Forest): ScoreMemory | null {
  if (forest.nodeWords !== 2) return null;
  const { levels, trees, nClasses } = forest;
  const nTrees = trees.length - 1;
  const nFeatures = levels.length;
  const listed = Math.ceil(nTrees / LANES) * LANES;
  const plan = new Plan();
  plan.take(ROW + 4 * (nFeatures + 1));
  const arrays = [forest.nodes, forest.leaves, forest.nanLeft, forest.categorySets] as const;
  const more = [levels, trees, forest.leafStarts, forest.leafClasses] as const;
  const [nodes, leaves, nanLeft, sets] = arrays.map((array) => plan.take(Math.max(32, array.byteLength)));
  const [levelsAt, starts, leafStarts, leafClasses] = more.map((array) => plan.take(array.byteLength));
  const bySet = plan.take(nFeatures + 1);
  const groupBytes = (nFeatures + 1) * 32;
  const at: ScoreLayout = {
    levels: levelsAt!,
    table: plan.take(0),
    tableEnd: plan.take(listed * ENTRY_WORDS * 4) + listed * ENTRY_WORDS * 4,
    trees: plan.take(0),
    treesEnd: plan.take(nTrees * 8) + nTrees * 8,
    numbers: plan.take((nTrees + 1) * 4),
    out: plan.take(BLOCK_ROWS * nClasses * 8),
    input: plan.take(BLOCK_ROWS * nFeatures * 4),
    groups: plan.take((BLOCK_ROWS / 8) * groupBytes),
    groupBytes,
  };
  if (plan.size > LIMIT_BYTES) return null;
  const memory = memoryOf(plan.size);
  if (memory === null) return null;
  const copy = (array: Int32Array | Float64Array | Uint8Array, to: number) =>
    new Uint8Array(memory.buffer, to, array.byteLength).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    );
  arrays.forEach((array, i) => {
    copy(array, [nodes!, leaves!, nanLeft!, sets!][i]!);
  });
  more.forEach((array, i) => {
    copy(array, [levelsAt!, starts!, leafStarts!, leafClasses!][i]!);
  });
  new Uint8Array(memory.buffer, bySet, nFeatures).set(levels.map((n) => (n > 0 ? 1 : 0)));
  new Float32Array(memory.buffer, ROW, nFeatures + 1)[nFeatures] = PAD;
  const exports = instantiate<ScoreExports>(compileModule(WASM), memory);
  exports.setForest(nodes!, forest.nodeBits, nFeatures, nanLeft!, bySet, sets!);
  exports.setLeaves(nClasses, leaves!, forest.leafStarts.length > 0 ? leafStarts! : 0, leafClasses!);
  exports.treeDepths(nodes!, starts!, nTrees, at.numbers);
  listTrees(
    memory,
    at,
    Array.from(trees.subarray(0, nTrees), (start) => nodes! + start * 8),
  );
  return { memory, exports, at };
}

function memoryOf(bytes: number): WasmMemory | null {
  try {
    return createMemory(Math.ceil(bytes / PAGE_BYTES));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Writes both lists of trees. Those of one row are sorted by depth, so that trees of like depth step together. */
function listTrees({ buffer }: WasmMemory, at: ScoreLayout, roots: readonly number[]): void {
  const depths = new Uint32Array(buffer, at.numbers, roots.length).slice();
  const listed = (at.tableEnd - at.table) / (ENTRY_WORDS * 4);
  const table = new Uint32Array(buffer, at.table, listed * ENTRY_WORDS);
  const order = [...roots.keys()].sort((a, b) => depths[a]! - depths[b]! || a - b);
  for (let i = 0; i < listed; i++) {
    const t = i < order.length ? order[i]! : order[order.length - 1]!;
    const place = i < order.length ? t : roots.length; // the last fill up their group, and no one reads what they find
    table.set([roots[t]!, at.numbers + place * 4, depths[t]!], i * ENTRY_WORDS);
  }
  const trees = new Uint32Array(buffer, at.trees, roots.length * 2);
  roots.forEach((root, t) => {
    trees.set([root, depths[t]!], t * 2);
  });
}

/** Returns the row of which one asks the scores, where the kernels read it. */
export function rowOf({ memory }: ScoreMemory, nFeatures: number): Float32Array {
  return new Float32Array(memory.buffer, ROW, nFeatures);
}
