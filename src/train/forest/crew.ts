import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { PhantomNetError } from '../../core/index.js';
import {
  type BinStep,
  counterWord,
  createTreeGrower,
  GROWING,
  stopWord,
  type Tree,
  type TreeJob,
  type TreeOrder,
  type TreeReport,
  WasmBinner,
} from '../../kernels/index.js';
import { cancelled } from '../cancel.js';
import { restThread, takeThread } from './threads.js';

/** What grows the trees of a job: this thread or several others. */
export interface Crew {
  /** Does one step of binning; two of one pass may be asked for at once. */
  bin(step: BinStep): Promise<void>;
  /** Grows all trees and gives each to `onTree` as it is done, in any order. */
  grow(onTree: (t: number, tree: Tree) => void): Promise<void>;
  /** Frees the threads: at once where they are at work, else they rest. */
  close(): Promise<void>;
}

/** Samples × features drawn × trees below which starting threads takes about as long as it saves. */
const THREADS_PAY = 4_000_000;

/** Returns how many threads of their own a job is worth; 0 is this one. At most one a tree. */
export function threadsFor(work: number, nTrees: number, nJobs: number): number {
  if (work < THREADS_PAY) return 0;
  const wanted = nJobs > 0 ? nJobs : Math.max(1, availableParallelism() + 1 + nJobs);
  return Math.min(wanted, nTrees);
}

/** Returns the crew that works in this thread and lets the event loop run now and then. */
export function crewHere(job: TreeJob, signal?: AbortSignal): Crew {
  const binner = job.kernels === 'wasm' ? new WasmBinner(job.set, job) : null;
  const breathe = async () => {
    await setImmediate();
    if (signal?.aborted) throw cancelled(signal);
  };
  return {
    async bin(step) {
      await breathe();
      binner!.run(step);
    },
    async grow(onTree) {
      const growTree = await createTreeGrower(job, 0);
      for (let t = job.firstTree; t < job.nTrees; t++) {
        const growing = growTree(t);
        for (;;) {
          await breathe();
          const { done, value } = growing.next();
          if (!done) continue;
          onTree(t, value);
          break;
        }
      }
    },
    async close() {},
  };
}

/** What threads are asked for: how many have yet to say that they are done. */
interface Task {
  left: number;
  readonly onTree?: (t: number, tree: Tree) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts the crew of that many threads. A thread that dies ends what it was asked for with INTERNAL; `signal` ends it with
 * CANCELLED.
 */
export function startCrew(job: TreeJob, nThreads: number, signal?: AbortSignal): Crew {
  const workers: Worker[] = [];
  /** What the threads are busy with, by turn: growing, or up to two steps of binning. */
  const tasks = new Map<number, Task>();
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
    for (const task of tasks.values()) task.reject(failure);
    tasks.clear();
  };
  const onAbort = () => fail(cancelled(signal!));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  let nReady = 0;
  const onReport = (report: TreeReport) => {
    if (report.kind === 'ready') {
      nReady++;
      return;
    }
    const turn = report.kind === 'done' ? report.turn : GROWING;
    const task = tasks.get(turn);
    if (!task) return;
    if (report.kind === 'done') {
      if (--task.left > 0) return;
      tasks.delete(turn);
      task.resolve();
      return;
    }
    try {
      task.onTree?.(report.t, report.tree);
    } catch (error) {
      fail(error);
    }
  };
  const onError = (error: unknown) => fail(workerDied(error));
  const onExit = (code: number) => fail(workerDied(`exit code ${code}`));
  for (let w = 0; w < nThreads; w++) {
    const worker = takeThread();
    worker.on('message', onReport).on('error', onError).on('exit', onExit);
    worker.postMessage({ kind: 'job', job, worker: w } satisfies TreeOrder);
    workers.push(worker);
  }
  const ask = (order: TreeOrder, turn: number, onTree?: (t: number, tree: Tree) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      if (failure) return reject(failure);
      tasks.set(turn, { left: nThreads, resolve, reject, ...(onTree && { onTree }) });
      for (const worker of workers) worker.postMessage(order);
    });
  /** Bins here until all threads are there: it takes them as long to start as some ten steps take. */
  const here = crewHere(job, signal);
  return {
    bin: (step) => (nReady < nThreads && !failure ? here.bin(step) : ask({ kind: 'bin', step }, step.turn)),
    grow(onTree) {
      Atomics.store(counterWord(job.set), 0, job.firstTree);
      return ask({ kind: 'grow' }, GROWING, onTree);
    },
    async close() {
      signal?.removeEventListener('abort', onAbort);
      const atWork = failure !== undefined || tasks.size > 0 || nReady < nThreads;
      failure ??= new PhantomNetError('INTERNAL', 'the threads of a fit were asked for more after its end');
      Atomics.store(stopWord(job.set), 0, 1);
      for (const worker of workers) worker.off('message', onReport).off('error', onError).off('exit', onExit);
      if (atWork) await Promise.all(workers.map((worker) => worker.terminate()));
      else workers.forEach(restThread);
    },
  };
}

function workerDied(cause: unknown): PhantomNetError {
  return new PhantomNetError('INTERNAL', 'a worker that grew trees died before its work was done', {
    hint: 'run the fit again; if it dies again, use nJobs 1 and look at the memory that is free',
    cause,
  });
}
