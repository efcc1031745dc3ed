import { parentPort, workerData } from 'node:worker_threads';
import { counterWord } from './training-set.js';
import { type Tree, treeBuffers } from './tree.js';
import { createTreeGrower, type TreeJob } from './tree-job.js';
import { type BinStep, WasmBinner } from './wasm-binner.js';

/** What a thread is asked to do: its share of it, with all others. */
export type TreeOrder = { readonly kind: 'bin'; readonly step: BinStep } | { readonly kind: 'grow' };

/** What a thread answers: that it is there, each tree, and that nothing is left to do. */
export type TreeReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tree'; readonly t: number; readonly tree: Tree }
  | { readonly kind: 'done' };

const { job, worker } = workerData as { readonly job: TreeJob; readonly worker: number };
const counter = counterWord(job.set);
const binner = job.kernels === 'wasm' ? new WasmBinner(job.set, job) : null;
const report = (message: TreeReport, moved: ArrayBuffer[] = []) => parentPort!.postMessage(message, moved);

async function growTrees(): Promise<void> {
  const growTree = await createTreeGrower(job, worker);
  for (let t = Atomics.add(counter, 0, 1); t < job.nTrees; t = Atomics.add(counter, 0, 1)) {
    const growing = growTree(t);
    let result = growing.next();
    while (!result.done) result = growing.next();
    report({ kind: 'tree', t, tree: result.value }, treeBuffers(result.value));
  }
}

parentPort!.on('message', async (order: TreeOrder) => {
  if (order.kind === 'bin') binner!.run(order.step);
  else await growTrees();
  report({ kind: 'done' });
});
report({ kind: 'ready' });
