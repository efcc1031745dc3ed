import { type Forest, treeDepths } from './forest.js';
import { WASM } from './generated/score-wasm.js';
import { SET_WORDS } from './growth.js';
import { PAD } from './rows.js';
import type { TestAddresses } from './test-plan.js';
import {
  compileModule,
  countShared,
  createMemory,
  instantiate,
  MAX_PAGES,
  PAGE_BYTES,
  type WasmMemory,
} from './wasm.js';

/** What assembly/score exports. Addresses are in bytes. */
interface ScoreExports {
  setForest(
    nodes: number,
    nodeBits: number,
    nFeatures: number,
    nanLeft: number,
    bySet: number,
    sets: number,
  ): void;
  setLeaves(nClasses: number, leaves: number, starts: number, classes: number): void;
  shareSureLeaves(roots: number, starts: number, nTrees: number, nLeaves: number): void;
  shorten(roots: number, starts: number, nTrees: number): void;
  findLeaves: FindLeaves;
  findLeavesOfMissing: FindLeaves;
  findLeavesBySets: FindLeaves;
  meanOfLeaves(places: number, nTrees: number, out: number): void;
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
  setTests(...addresses: TestAddresses): void;
  setQuads(
    roots: number,
    places: number,
    order: number,
    orderEnd: number,
    segments: number,
    segmentsEnd: number,
  ): void;
  scoreQuads(values: number, rowBytes: number, featureBytes: number, nRows: number, out: number): number;
}

type FindLeaves = (roots: number, nodes: number, nTrees: number, segments: number, end: number) => void;

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
/** Rows of scores there is room for: those of a block may be filled up to a multiple of 8 from any row on. */
export const GROUPED_ROWS = BLOCK_ROWS + 8;
/** Before it is room for the answers to a row's tests. */
export const ROW = 65_536;
const NODES_A_LINE = 8;
/** Classes up to which leaves that are sure of one are shared. */
const MAX_SHARED_CLASSES = 16;
/** Most bytes of a memory. */
export const LIMIT_BYTES = MAX_PAGES * PAGE_BYTES;

/** Where a forest and the scratch of its scoring lie, in bytes. */
interface ScoreLayout {
  readonly levels: number;
  /** For one row: the roots of the trees, deepest tree first, and where each has come to. */
  readonly roots: number;
  readonly nodes: number;
  /** Where in `nodes` the trees in their order stand. */
  readonly places: number;
  /** Pairs of how many trees have some more levels, and how many levels those are. */
  readonly segments: number;
  readonly segmentsEnd: number;
  /** A list for blocks: root and depth of each tree. */
  readonly trees: number;
  readonly treesEnd: number;
  readonly out: number;
  readonly input: number;
  readonly groups: number;
  readonly groupBytes: number;
}

type Scratch = Omit<ScoreLayout, 'levels' | 'segmentsEnd'>;

/** A forest in WebAssembly memory. */
export interface ScoreMemory {
  readonly memory: WasmMemory;
  readonly exports: ScoreExports;
  readonly at: ScoreLayout;
  /** Bytes in use. */
  sizeBytes: number;
  /** Says by which number a leaf goes in WebAssembly. */
  leafOf(leaf: number): number;
}

/** Gives out addresses, one part after the other, each at a multiple of 64. */
export class Plan {
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
  const shared = leafStarts.length === 0 && nClasses <= MAX_SHARED_CLASSES;
  const parts = { categorySets, bySet, levels, trees, leafStarts, leafClasses, leaves };
  const plan = new Plan(ROW + 4 * (nFeatures + 1));
  const places = placeTrees(trees);
  const nodesAt = plan.take(8 * places.nNodes);
  const nanLeftAt = plan.take(places.nNodes);
  const of = {} as Record<keyof typeof parts, number>;
  // A step that needs no set reads the first all the same.
  for (const name of Object.keys(parts) as (keyof typeof parts)[])
    of[name] = plan.take(Math.max(SET_WORDS * 4, parts[name].byteLength));
  const sureLeaves = of.leaves + leaves.byteLength;
  if (shared) plan.take(8 * nClasses * nClasses);
  const scratch = planScratch(plan, nTrees, nFeatures, nClasses);
  const memory = plan.size <= LIMIT_BYTES ? memoryOf(plan.size) : null;
  if (memory === null) return null;
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) copyTo(memory, of[name], parts[name]);
  new Float32Array(memory.buffer, ROW, nFeatures + 1)[nFeatures] = PAD;
  const exports = instantiate<ScoreExports>(compileModule(WASM), memory);
  exports.setForest(nodesAt, forest.nodeBits, nFeatures, nanLeftAt, of.bySet, of.categorySets);
  exports.setLeaves(nClasses, of.leaves, leafStarts.length > 0 ? of.leafStarts : 0, of.leafClasses);
  places.firstNodes.forEach((node, t) => {
    const [start, end] = [trees[t]!, trees[t + 1]!];
    copyTo(memory, nodesAt + 8 * node, nodes.subarray(2 * start, 2 * end));
    copyTo(memory, nanLeftAt + node, nanLeft.subarray(start, end));
  });
  const roots = places.firstNodes.map((node) => nodesAt + 8 * node);
  const segmentsEnd = listTrees(memory, scratch, { roots, depths: treeDepths(forest) });
  if (shared) {
    const sure = new Float64Array(memory.buffer, sureLeaves, nClasses * nClasses);
    for (let c = 0; c < nClasses; c++) sure[c * nClasses + c] = 1;
    exports.shareSureLeaves(scratch.trees, of.trees, nTrees, leaves.length / nClasses);
  }
  exports.shorten(scratch.trees, of.trees, nTrees);
  return {
    memory,
    exports,
    at: { levels: of.levels, segmentsEnd, ...scratch },
    sizeBytes: plan.size,
    leafOf: (leaf) => (shared ? sharedLeaf(forest, leaf) : leaf),
  };
}

/** Returns the number of a leaf, or, where it is sure of a class, of the leaf that all such share. */
function sharedLeaf({ leaves, nClasses }: Forest, leaf: number): number {
  for (let c = 0; c < nClasses; c++)
    if (leaves[leaf * nClasses + c] === 1) return leaves.length / nClasses + c;
  return leaf;
}

/**
 * Says which place each tree's first node has: the last of a cache line, so that its children, and the three pairs that
 * follow them on the path most rows take, share the next line.
 */
function placeTrees(trees: Int32Array): { readonly firstNodes: number[]; readonly nNodes: number } {
  let next = 0;
  const firstNodes = Array.from(trees.subarray(1), (end, t) => {
    const first = Math.ceil((next + 1) / NODES_A_LINE) * NODES_A_LINE - 1;
    next = first + end - trees[t]!;
    return first;
  });
  return { firstNodes, nNodes: next };
}

function planScratch(plan: Plan, nTrees: number, nFeatures: number, nClasses: number): Scratch {
  const groupBytes = (nFeatures + 1) * 32;
  const trees = plan.take(nTrees * 8);
  return {
    roots: plan.take(nTrees * 4),
    nodes: plan.take(nTrees * 4),
    places: plan.take(nTrees * 4),
    segments: plan.take(nTrees * 8),
    trees,
    treesEnd: trees + nTrees * 8,
    out: plan.take(GROUPED_ROWS * nClasses * 8),
    input: plan.take(BLOCK_ROWS * nFeatures * 4),
    groups: plan.take((BLOCK_ROWS / 8) * groupBytes),
    groupBytes,
  };
}

/** Copies an array into memory. */
export function copyTo(
  { buffer }: WasmMemory,
  to: number,
  { buffer: from, byteOffset, byteLength }: ArrayBufferView,
): void {
  new Uint8Array(buffer, to, byteLength).set(new Uint8Array(from, byteOffset, byteLength));
}

function memoryOf(bytes: number): WasmMemory | null {
  try {
    const memory = createMemory(Math.ceil(bytes / PAGE_BYTES), MAX_PAGES);
    countShared(memory, bytes);
    return memory;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Writes the lists of trees. Returns where that of their levels ends. */
function listTrees(
  { buffer }: WasmMemory,
  at: Scratch,
  { roots, depths }: { readonly roots: readonly number[]; readonly depths: Uint32Array },
): number {
  const nTrees = roots.length;
  const { order, segments } = sortByDepth(depths);
  new Uint32Array(buffer, at.roots, nTrees).set(order.map((t) => roots[t]!));
  const places = new Uint32Array(buffer, at.places, nTrees);
  order.forEach((t, i) => {
    places[t] = at.nodes + 4 * i;
  });
  new Uint32Array(buffer, at.trees, 2 * nTrees).set(roots.flatMap((root, t) => [root, depths[t]!]));
  new Uint32Array(buffer, at.segments, 2 * nTrees).set(segments);
  return at.segments + 4 * segments.length;
}

/**
 * Returns the trees by depth, the deepest first, so that each level has the trees from the first to some other; and those
 * levels: pairs of how many trees have some more, and how many more.
 */
export function sortByDepth(depths: ArrayLike<number>): {
  readonly order: number[];
  readonly segments: number[];
} {
  const order = Array.from(depths, (_, t) => t).sort((a, b) => depths[b]! - depths[a]! || a - b);
  const segments: number[] = [];
  let level = 0;
  for (let n = order.length; n > 0; n--) {
    const depth = depths[order[n - 1]!]!;
    if (depth > level) segments.push(n, depth - level);
    level = Math.max(level, depth);
  }
  return { order, segments };
}

/** Returns the row of which one asks the scores, where the kernels read it. */
export function rowOf({ memory }: ScoreMemory, nFeatures: number): Float32Array {
  return new Float32Array(memory.buffer, ROW, nFeatures);
}
