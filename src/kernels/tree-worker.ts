import { parentPort } from 'node:worker_threads';
import { counterWord, countSet } from './training-set.js';
import { type Tree, treeBuffers } from './tree.js';
import { createTreeGrower, GROWING, type TreeJob } from './tree-job.js';
import { type BinStep, WasmBinner } from './wasm-binner.js';

/** What a thread is asked: to take a job on; to do its share of a step of it, or of its trees, with all others; to let it go. */
export type TreeOrder =
  | { readonly kind: 'job'; readonly job: TreeJob; readonly worker: number }
  | { readonly kind: 'bin'; readonly step: BinStep }
  | { readonly kind: 'grow' }
  | { readonly kind: 'rest' };

/** What a thread answers: that it is there for a job, each tree, and that nothing is left to do. */
export type TreeReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tree'; readonly t: number; readonly tree: Tree }
  | { readonly kind: 'done'; readonly turn: number };

/** The job that this thread is on. */
let task: { readonly job: TreeJob; readonly worker: number; readonly binner: WasmBinner | null } | null =
  null;

const report = (message: TreeReport, moved: ArrayBuffer[] = []) => parentPort!.postMessage(message, moved);

async function growTrees(job: TreeJob, worker: number): Promise<void> {
  const counter = counterWord(job.set);
  const growTree = await createTreeGrower(job, worker);
  for (let t = Atomics.add(counter, 0, 1); t < job.nTrees; t = Atomics.add(counter, 0, 1)) {
    const growing = growTree(t);
    let result = growing.next();
    while (!result.done) result = growing.next();
    report({ kind: 'tree', t, tree: result.value }, treeBuffers(result.value));
  }
}

parentPort!.on('message', async (order: TreeOrder) => {
  switch (order.kind) {
    case 'job': {
      const { job, worker } = order;
      task = { job, worker, binner: job.kernels === 'wasm' ? new WasmBinner(job.set, job) : null };
      return report({ kind: 'ready' });
    }
    case 'rest':
      countSet(task!.job.set);
      task = null;
      return;
    case 'bin':
      task!.binner!.run(order.step);
      return report({ kind: 'done', turn: order.step.turn });
    case 'grow':
      await growTrees(task!.job, task!.worker);
      return report({ kind: 'done', turn: GROWING });
  }
});
