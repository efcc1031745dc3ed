import type { Forest } from './forest.js';
import { WASM } from './generated/score-wasm.js';
import { SET_WORDS } from './growth.js';
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
  shorten(starts: number, nTrees: number): void;
  findLeaves(table: number, end: number): void;
  findLeavesOfMissing(table: number, end: number): void;
  findLeavesBySets(table: number, end: number): void;
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
  addTreesOfMissing: AddTrees;
  addTreesBySets: AddTrees;
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
const ENTRY_BYTES = 12;
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
  /** Bytes in use. */
  readonly sizeBytes: number;
}

/** Gives out addresses, one part after the other, each at a multiple of 64. */
class Plan {
  size: number;
  constructor(firstBytes: number) {
    this.size = Math.ceil(firstBytes / 64) * 64;
  }
  take(bytes: number): number {
    const at = this.size;
    this.size = Math.ceil((at + bytes) / 64) * 64;
    return at;
  }
}

/** Returns the forest copied into memory of its own, or null where it does not fit or its nodes are wide. */
export function createScoreMemory(forest: Forest): ScoreMemory | null {
  if (forest.nodeWords !== 2) return null;
  const { levels, trees, nClasses, categorySets, leaves, leafStarts, leafClasses } = forest;
  const { nodes, nanLeft } = forest;
  const nFeatures = levels.length;
  const nTrees = trees.length - 1;
  const bySet = Uint8Array.from({ length: nFeatures + 1 }, (_, f) => (levels[f]! > 0 ? 1 : 0));
  const parts = { nodes, nanLeft, categorySets, bySet, levels, trees, leaves, leafStarts, leafClasses };
  const plan = new Plan(ROW + 4 * (nFeatures + 1));
  const of = {} as Record<keyof typeof parts, number>;
  // A step that needs no set reads the first all the same.
  for (const name of Object.keys(parts) as (keyof typeof parts)[])
    of[name] = plan.take(Math.max(SET_WORDS * 4, parts[name].byteLength));
  const at: ScoreLayout = { levels: of.levels, ...planScratch(plan, nTrees, nFeatures, nClasses) };
  const memory = plan.size <= LIMIT_BYTES ? memoryOf(plan.size) : null;
  if (memory === null) return null;
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) copyTo(memory, of[name], parts[name]);
  new Float32Array(memory.buffer, ROW, nFeatures + 1)[nFeatures] = PAD;
  const exports = instantiate<ScoreExports>(compileModule(WASM), memory);
  exports.setForest(of.nodes, forest.nodeBits, nFeatures, of.nanLeft, of.bySet, of.categorySets);
  exports.setLeaves(nClasses, of.leaves, leafStarts.length > 0 ? of.leafStarts : 0, of.leafClasses);
  exports.treeDepths(of.nodes, of.trees, nTrees, at.numbers);
  exports.shorten(of.trees, nTrees);
  listTrees(
    memory,
    at,
    Array.from(trees.subarray(0, nTrees), (start) => of.nodes + start * 8),
  );
  return { memory, exports, at, sizeBytes: plan.size };
}

function planScratch(
  plan: Plan,
  nTrees: number,
  nFeatures: number,
  nClasses: number,
): Omit<ScoreLayout, 'levels'> {
  const tableBytes = Math.ceil(nTrees / LANES) * LANES * ENTRY_BYTES;
  const groupBytes = (nFeatures + 1) * 32;
  const table = plan.take(tableBytes);
  const trees = plan.take(nTrees * 8);
  return {
    table,
    tableEnd: table + tableBytes,
    trees,
    treesEnd: trees + nTrees * 8,
    numbers: plan.take((nTrees + 1) * 4),
    out: plan.take(BLOCK_ROWS * nClasses * 8),
    input: plan.take(BLOCK_ROWS * nFeatures * 4),
    groups: plan.take((BLOCK_ROWS / 8) * groupBytes),
    groupBytes,
  };
}

function copyTo(
  { buffer }: WasmMemory,
  to: number,
  { buffer: from, byteOffset, byteLength }: Uint8Array | Int32Array | Float64Array,
): void {
  new Uint8Array(buffer, to, byteLength).set(new Uint8Array(from, byteOffset, byteLength));
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
  const listed = (at.tableEnd - at.table) / ENTRY_BYTES;
  const table = new Uint32Array(buffer, at.table, listed * 3);
  const order = [...roots.keys()].sort((a, b) => depths[a]! - depths[b]! || a - b);
  for (let i = 0; i < listed; i++) {
    const t = i < order.length ? order[i]! : order[order.length - 1]!;
    const place = i < order.length ? t : roots.length; // the last fill up their group, and no one reads what they find
    table.set([roots[t]!, at.numbers + place * 4, depths[t]!], i * 3);
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
