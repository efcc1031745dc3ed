import { parentPort, workerData } from 'node:worker_threads';
import { type BinStep, bufferOf, type Tree, treeBuffers, WasmBinner } from '../../kernels/index.js';
import { createTreeGrower, type ForestJob } from './job.js';

/** What a thread is asked to do: its share of it, with all others. */
export type CrewOrder = { readonly kind: 'bin'; readonly step: BinStep } | { readonly kind: 'grow' };

/** What a thread answers: each tree, and that nothing is left to do. */
export type CrewReport =
  | { readonly kind: 'tree'; readonly t: number; readonly tree: Tree }
  | { readonly kind: 'done' };

const { job, worker } = workerData as { readonly job: ForestJob; readonly worker: number };
const counter = new Int32Array(bufferOf(job.set), job.set.shared.control + 4, 1);
const binner = job.kernels === 'wasm' ? new WasmBinner(job.set, job) : null;
const report = (message: CrewReport, moved: ArrayBuffer[] = []) => parentPort!.postMessage(message, moved);

parentPort!.on('message', (order: CrewOrder) => {
  if (order.kind === 'bin') binner!.run(order.step);
  else {
    const growTree = createTreeGrower(job, worker);
    for (let t = Atomics.add(counter, 0, 1); t < job.nTrees; t = Atomics.add(counter, 0, 1)) {
      const growing = growTree(t);
      let result = growing.next();
      while (!result.done) result = growing.next();
      report({ kind: 'tree', t, tree: result.value }, treeBuffers(result.value));
    }
  }
  report({ kind: 'done' });
});
