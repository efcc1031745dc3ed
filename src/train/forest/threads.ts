import { Worker } from 'node:worker_threads';
import { TREE_WORKER, type TreeOrder } from '../../kernels/index.js';

/** How long a thread waits for another fit. */
const REST_MS = 10_000;

/** Threads that wait, each with what ends it. */
const resting: { readonly worker: Worker; readonly end: NodeJS.Timeout }[] = [];

/**
 * Returns a thread that takes orders (`TreeOrder`): one that rests, or a new one. A thread takes some 40 ms to start, so
 * fits that follow each other, as those of cross-validation do, share theirs.
 */
export function takeThread(): Worker {
  const rested = resting.pop();
  if (rested) {
    clearTimeout(rested.end);
    rested.worker.ref();
    return rested.worker;
  }
  const worker = new Worker(TREE_WORKER, {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  // One that dies at rest has lost nothing.
  worker.on('error', () => {});
  worker.on('exit', () => forget(worker));
  return worker;
}

/**
 * Lets a thread rest that has done all it was asked for. It ends ten seconds later unless it is taken before, and does not
 * keep the process from ending sooner.
 */
export function restThread(worker: Worker): void {
  worker.postMessage({ kind: 'rest' } satisfies TreeOrder);
  worker.unref();
  const end = setTimeout(() => {
    forget(worker);
    void worker.terminate();
  }, REST_MS);
  resting.push({ worker, end: end.unref() });
}

function forget(worker: Worker): void {
  const i = resting.findIndex((rested) => rested.worker === worker);
  if (i >= 0) resting.splice(i, 1);
}

/** Ends the threads that rest. */
export async function endRestingThreads(): Promise<void> {
  await Promise.all(
    resting.splice(0).map(({ worker, end }) => {
      clearTimeout(end);
      return worker.terminate();
    }),
  );
}
