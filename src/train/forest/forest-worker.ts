import { parentPort, workerData } from 'node:worker_threads';
import { type Tree, treeBuffers } from '../../kernels/index.js';
import { type ForestJob, treeGrowing } from './job.js';

/** What a worker is started with; `next` is one shared Int32: the next tree nobody grows yet. */
export interface WorkerInput {
  readonly job: ForestJob;
  readonly next: Int32Array;
}

/** What a worker posts for each tree. */
export interface WorkerOutput {
  readonly t: number;
  readonly tree: Tree;
}

const { job, next } = workerData as WorkerInput;
const growTree = treeGrowing(job);
for (let t = Atomics.add(next, 0, 1); t < job.nTrees; t = Atomics.add(next, 0, 1)) {
  const tree = growTree(t);
  const output: WorkerOutput = { t, tree };
  parentPort!.postMessage(output, treeBuffers(tree));
}
