import type { DrawRules } from './bootstrap.js';
import {
  type BinningLayout,
  type GrowShape,
  layoutBinning,
  layoutShared,
  layoutWorker,
  type SharedLayout,
  type WorkerLayout,
} from './grow-layout.js';
import type { GrowRules } from './grow-rules.js';
import { countShared, createMemory, MAX_PAGES, PAGE_BYTES, type WasmMemory } from './wasm.js';

/** How trees grow and what they are drawn from. */
export interface TreeRules extends GrowRules, DrawRules {
  readonly randomState: number;
}

/** Where everything of a fit lies, before any of it is allocated. */
export interface MemoryPlan {
  readonly shape: GrowShape;
  readonly shared: SharedLayout;
  readonly binning: BinningLayout;
  /** Where each worker's own region lies. */
  readonly workers: readonly WorkerLayout[];
  readonly bytes: number;
}

/** A training set in memory that any number of threads share; passes to a worker without a copy. */
export interface TrainingSet extends MemoryPlan {
  /** The memory of the WebAssembly kernels, or that of the JavaScript ones. */
  readonly memory: WasmMemory | SharedArrayBuffer;
}

/** Returns where a fit with that many workers lies. `rowMajor`: with the copy row after row. */
export function planMemory(shape: GrowShape, nWorkers: number, rowMajor: boolean): MemoryPlan {
  const shared = layoutShared(shape, rowMajor);
  const binning = layoutBinning(shape, shared.end);
  const workers: WorkerLayout[] = [];
  let end = shared.end;
  for (let w = 0; w < nWorkers; w++) {
    const own = layoutWorker(shape, shared, end);
    workers.push(own);
    end = own.end;
  }
  // Binning is done before trees grow, so both use the same bytes.
  return { shape, shared, binning, workers, bytes: Math.max(end, binning.end) };
}

/** Says whether a plan fits into the one memory of WebAssembly, 4 GiB. */
export function fits(plan: MemoryPlan): boolean {
  return plan.bytes <= MAX_PAGES * PAGE_BYTES;
}

/** Allocates a training set for the WebAssembly kernels. Throws RangeError where there is no room. */
export function allocateWasm(plan: MemoryPlan): TrainingSet {
  return { ...plan, memory: createMemory(Math.ceil(plan.bytes / PAGE_BYTES)) };
}

/** Allocates a training set for the JavaScript kernels, whose workers have memory of their own. */
export function allocateJs(plan: MemoryPlan): TrainingSet {
  return { ...plan, memory: new SharedArrayBuffer(plan.shared.end) };
}

/** Returns the bytes of a training set. */
export function bufferOf(set: TrainingSet): SharedArrayBuffer {
  return set.memory instanceof SharedArrayBuffer ? set.memory : set.memory.buffer;
}

/** Makes the garbage collector of this thread count the memory of a set, for when nobody needs it any more. */
export function countSet(set: TrainingSet): void {
  countShared(set.memory, bufferOf(set).byteLength);
}

/** Returns the word that stops all growers of a set once it is not 0. */
export function stopWord(set: TrainingSet): Int32Array {
  return new Int32Array(bufferOf(set), set.shared.control, 1);
}

/** Returns the word that the threads of a set take the next tree from. */
export function counterWord(set: TrainingSet): Int32Array {
  return new Int32Array(bufferOf(set), set.shared.control + 4, 1);
}

/** Returns the words by which threads share out steps of binning: see `WasmBinner`. */
export function binningWords(set: TrainingSet): Int32Array {
  return new Int32Array(bufferOf(set), set.shared.control + 64, 64);
}
