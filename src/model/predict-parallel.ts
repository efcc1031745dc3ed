import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { invalidParameter, PhantomNetError } from '../core/index.js';
import type { FeatureMatrix } from '../data/index.js';
import { countShared } from '../kernels/index.js';
import { createForestScorer } from './forest-scorer.js';
import type { Model } from './model.js';
import { type ScoreJob, scoreNext } from './score-worker.js';
import { type ColumnMatrix, matrixRows, type TreesModel } from './trees-model.js';

/** Walks down a tree below which a worker takes longer to start than it saves: some 50 ms of scoring. */
const WORKER_PAYS = 4_000_000;
/** Walks of a chunk: some milliseconds, between which the event loop runs. */
const CHUNK_WALKS = 200_000;

/** How a batch is shared out. */
export interface ParallelOptions {
  /** Threads, this one too; -1, the default, is all cores, -2 all but one. Never changes the scores. */
  readonly nJobs?: number;
  /** Stops the batch; its promise is then rejected with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns `model.predictScoresBatch(matrix)`, to the bit, scored by several threads; the event loop goes on meanwhile.
 * A small batch, and a model without trees, is scored in this thread. Memory: the rows once more, and the forest once a
 * worker. Throws BAD_DATA for features that are not the model's, CANCELLED, and INTERNAL when a worker dies.
 */
export async function predictScoresParallel(
  model: Model,
  matrix: FeatureMatrix | ColumnMatrix,
  { nJobs = -1, signal }: ParallelOptions = {},
): Promise<Float64Array> {
  if (!Number.isInteger(nJobs) || nJobs === 0)
    invalidParameter('nJobs', 'a whole number other than 0 (-1: all cores)', nJobs);
  if (signal?.aborted) throw cancelled(signal);
  if (!('forest' in model)) return model.predictScoresBatch(matrix as FeatureMatrix);
  const { forest, features } = model as TreesModel;
  const rows = matrixRows(features, matrix);
  const nTrees = forest.trees.length - 1;
  const wanted = nJobs > 0 ? nJobs : Math.max(1, availableParallelism() + 1 + nJobs);
  const nThreads = Math.min(wanted, Math.floor((rows.nRows * nTrees) / WORKER_PAYS) + 1);
  const job: ScoreJob = {
    forest,
    rows: nThreads > 1 ? { ...rows, values: shared(rows.values) } : rows,
    chunkRows: Math.max(64, Math.ceil(CHUNK_WALKS / nTrees / 64) * 64),
    progress: new Int32Array(new SharedArrayBuffer(8)),
    scores: new Float64Array(sharedBuffer(rows.nRows * forest.nClasses * 8)),
  };
  await scoreTogether(job, nThreads - 1, signal);
  return new Float64Array(job.scores);
}

/** Scores the job's chunks in this thread and in `nWorkers` more, and resolves when all are done. */
async function scoreTogether(job: ScoreJob, nWorkers: number, signal?: AbortSignal): Promise<void> {
  const nChunks = Math.ceil(job.rows.nRows / job.chunkRows);
  const workers: Worker[] = [];
  let stop: (error: unknown) => void = () => {};
  const onAbort = () => stop(cancelled(signal!));
  let stopped = false;
  const finished = new Promise<void>((resolve, reject) => {
    stop = (error) => {
      stopped = true;
      reject(error);
    };
    const check = () => {
      if (Atomics.load(job.progress, 1) >= nChunks) resolve();
    };
    for (let w = 0; w < nWorkers; w++) {
      const worker = new Worker(new URL('./score-worker.js', import.meta.url), {
        workerData: { score: job },
        execArgv: [],
      });
      workers.push(worker);
      let done = false;
      worker.on('message', () => {
        done = true;
        check();
      });
      worker.on('error', (error) => stop(workerDied(error)));
      worker.on('exit', (code) => {
        if (!done) stop(workerDied(`exit code ${code}`));
      });
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    scoreHere(job, () => stopped).then(check, stop);
  });
  try {
    await finished;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function scoreHere(job: ScoreJob, isStopped: () => boolean): Promise<void> {
  const scorer = createForestScorer(job.forest);
  do await setImmediate();
  while (!isStopped() && scoreNext(job, scorer));
}

function shared(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new Float32Array(sharedBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function sharedBuffer(bytes: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes);
  countShared(buffer, bytes);
  return buffer;
}

function cancelled(signal: AbortSignal): PhantomNetError {
  return new PhantomNetError('CANCELLED', 'scoring was cancelled', {
    hint: 'start it again when it is wanted',
    cause: signal.reason,
  });
}

function workerDied(cause: unknown): PhantomNetError {
  return new PhantomNetError('INTERNAL', 'a worker that scored rows died before its work was done', {
    hint: 'run it again; if it dies again, use nJobs 1 and look at the memory that is free',
    cause,
  });
}
