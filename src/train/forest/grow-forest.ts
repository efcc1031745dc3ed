import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PhantomNetError } from '../../core/index.js';
import type { Tree } from '../../kernels/index.js';
import { breathe, cancelled } from '../cancel.js';
import type { FitOptions } from '../estimator.js';
import type { WorkerInput, WorkerOutput } from './forest-worker.js';
import { type ForestJob, treeGrowing } from './job.js';

/** Samples × features drawn × trees below which starting workers takes about as long as it saves (half a second of growing). */
const WORKER_PAYS = 2_000_000;

type GrowOptions = Pick<FitOptions, 'onProgress' | 'signal'>;

/** Returns how many workers a job is worth: at most one a tree, and none (1) for a small job. */
export function workersFor(job: ForestJob, nJobs: number): number {
  const drawn = Math.min(job.rules.maxFeatures, job.set.nFeatures);
  if (job.set.nSamples * drawn * job.nTrees < WORKER_PAYS) return 1;
  const wanted = nJobs > 0 ? nJobs : Math.max(1, availableParallelism() + 1 + nJobs);
  return Math.min(wanted, job.nTrees);
}

/**
 * Returns the trees of a job in their order: the same for any number of workers. With one, trees grow in this thread and
 * the event loop runs between them. Throws CANCELLED, or INTERNAL when a worker dies.
 */
export function growForest(job: ForestJob, nWorkers: number, options: GrowOptions): Promise<Tree[]> {
  return nWorkers > 1 ? growInWorkers(job, nWorkers, options) : growHere(job, options);
}

async function growHere(job: ForestJob, { onProgress, signal }: GrowOptions): Promise<Tree[]> {
  const growTree = treeGrowing(job);
  const trees: Tree[] = [];
  while (trees.length < job.nTrees) {
    await breathe(signal);
    trees.push(growTree(trees.length));
    onProgress?.({ done: trees.length, total: job.nTrees });
  }
  return trees;
}

async function growInWorkers(job: ForestJob, nWorkers: number, options: GrowOptions): Promise<Tree[]> {
  const { onProgress, signal } = options;
  const input: WorkerInput = { job, next: new Int32Array(new SharedArrayBuffer(4)) };
  const workers: Worker[] = [];
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<Tree[]>((resolve, reject) => {
      onAbort = () => reject(cancelled(signal!));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      const trees: Tree[] = new Array(job.nTrees);
      let done = 0;
      const onTree = ({ t, tree }: WorkerOutput) => {
        trees[t] = tree;
        done++;
        try {
          onProgress?.({ done, total: job.nTrees });
        } catch (error) {
          reject(error);
        }
        if (done === job.nTrees) resolve(trees);
      };
      let running = nWorkers;
      const onExit = (code: number) => {
        running--;
        if (code !== 0 || (running === 0 && done < job.nTrees)) reject(workerDied(`exit code ${code}`));
      };
      for (let w = 0; w < nWorkers; w++) {
        const worker = new Worker(new URL('./forest-worker.js', import.meta.url), {
          workerData: input,
          execArgv: [],
        });
        workers.push(worker);
        worker.on('message', onTree);
        worker.on('error', (error) => reject(workerDied(error)));
        worker.on('exit', onExit);
      }
    });
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function workerDied(cause: unknown): PhantomNetError {
  return new PhantomNetError('INTERNAL', 'a worker that grew trees died before its work was done', {
    hint: 'run the fit again; if it dies again, use nJobs 1 and look at the memory that is free',
    cause,
  });
}
