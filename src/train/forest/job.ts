import {
  bufferOf,
  finishTree,
  type Growth,
  type TrainingSet,
  type Tree,
  TreeGrower,
  type TreeRules,
  viewSet,
  WasmGrower,
} from '../../kernels/index.js';

/** All a thread needs to bin a training set and to grow any tree. Plain values and shared memory, so that it passes to a thread without a copy. */
export interface ForestJob {
  readonly kernels: 'wasm' | 'js';
  readonly set: TrainingSet;
  readonly rules: TreeRules;
  readonly nTrees: number;
  readonly maxBins: number;
  /** Number of categories by feature; 0 for a feature that is split by threshold. */
  readonly levels: Int32Array;
}

/**
 * Returns a function that grows tree `t` of the job; it depends on the seed and on `t` alone, never on the trees before.
 * `worker`: which of the set's regions it grows in. It yields now and then.
 */
export function createTreeGrower(job: ForestJob, worker: number): (t: number) => Generator<void, Tree> {
  const { set, rules, levels } = job;
  const grower =
    job.kernels === 'wasm'
      ? new WasmGrower(set, rules, worker)
      : new TreeGrower(viewSet(bufferOf(set), set.shape, set.shared), rules);
  const finishing = { levels, entropy: rules.criterion !== 'gini', ccpAlpha: rules.ccpAlpha };
  return function* grow(t) {
    const growth: Growth = yield* grower.grow(t);
    return finishTree(growth, finishing);
  };
}
