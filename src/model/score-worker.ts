import { parentPort, workerData } from 'node:worker_threads';
import { type Forest, type Rows, sliceRows } from '../kernels/index.js';
import { createForestScorer } from './forest-scorer.js';

/** What a worker is started with, all but the forest in shared memory. */
export interface ScoreJob {
  readonly forest: Forest;
  readonly rows: Rows;
  readonly chunkRows: number;
  /** The next chunk nobody scores yet, and the number of chunks that are done. */
  readonly progress: Int32Array;
  readonly scores: Float64Array;
}

/** Scores the next chunk with `scorer` and says whether there was one. */
export function scoreNext(job: ScoreJob, scorer: ReturnType<typeof createForestScorer>): boolean {
  const { rows, chunkRows, progress, scores } = job;
  const start = Atomics.add(progress, 0, 1) * chunkRows;
  if (start >= rows.nRows) return false;
  const nRows = Math.min(chunkRows, rows.nRows - start);
  const { nClasses } = job.forest;
  scorer.scoreRows(
    sliceRows(rows, start, nRows),
    scores.subarray(start * nClasses, (start + nRows) * nClasses),
  );
  Atomics.add(progress, 1, 1);
  return true;
}

if (parentPort && (workerData as { readonly score?: ScoreJob } | null)?.score) {
  const { score: job } = workerData as { readonly score: ScoreJob };
  const scorer = createForestScorer(job.forest);
  while (scoreNext(job, scorer));
  parentPort.postMessage('done');
}
