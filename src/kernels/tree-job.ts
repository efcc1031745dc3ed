import type { CreateSplitter } from './grow-tree.js';
import { MAX_DENSE_CLASSES } from './node-classes.js';
import { bufferOf, type TrainingSet, type TreeRules } from './training-set.js';
import { finishTree, type Tree } from './tree.js';
import { WasmGrower } from './wasm-grower.js';

/** Stands for the turn of growing among the turns of binning's steps, which are from 1. */
export const GROWING = 0;

/** All a thread needs to bin a training set and to grow any tree. Plain values and shared memory, so that it passes to a thread without a copy. */
export interface TreeJob {
  readonly kernels: 'wasm' | 'js';
  readonly set: TrainingSet;
  readonly rules: TreeRules;
  /** Trees from `firstTree` to `nTrees` are grown. */
  readonly firstTree: number;
  readonly nTrees: number;
  readonly maxBins: number;
  /** Number of categories by feature; 0 for a feature that is split by threshold. */
  readonly levels: Int32Array;
}

/**
 * Returns a function that grows tree `t` of the job; it depends on the seed and on `t` alone, never on the trees before.
 * `worker`: which of the set's regions it grows in. It yields now and then. The readable kernels are loaded only where
 * they serve: a thread that does without them starts sooner and is smaller.
 */
export async function createTreeGrower(
  job: TreeJob,
  worker: number,
): Promise<(t: number) => Generator<void, Tree>> {
  const { set, rules, levels } = job;
  const grower = job.kernels === 'wasm' ? new WasmGrower(set, rules, worker) : await readableGrower(job);
  const finishing = { levels, nClasses: set.shape.nClasses, ccpAlpha: rules.ccpAlpha };
  return function* grow(t) {
    return finishTree(yield* grower.grow(t), finishing);
  };
}

async function readableGrower({ set, rules }: TreeJob) {
  const [{ TreeGrower }, { viewSet }, createSplitter] = await Promise.all([
    import('./grow-tree.js'),
    import('./binned-set.js'),
    splitterFor(set.shape.nClasses),
  ]);
  return new TreeGrower(viewSet(bufferOf(set), set.shape, set.shared), rules, createSplitter);
}

/** Returns what creates the splitter that suits that many classes. */
async function splitterFor(nClasses: number): Promise<CreateSplitter> {
  if (nClasses > MAX_DENSE_CLASSES) {
    const { SortedSplitter } = await import('./sorted-splitter.js');
    return (set, entropy, samples) => new SortedSplitter(set, entropy, samples);
  }
  const { DenseSplitter } = await import('./dense-splitter.js');
  return (set, entropy, samples) => new DenseSplitter(set, entropy, samples);
}
