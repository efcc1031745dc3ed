import { PhantomNetError, Xoshiro128 } from '../../core/index.js';
import type { FeatureMatrix, Labels } from '../../data/index.js';
import { takeRows } from '../../data/index.js';
import {
  bufferOf,
  createScorer,
  cumulate,
  drawBootstrap,
  type JoinedTree,
  joinTrees,
  rowMajor,
  type TreeJob,
  viewSet,
} from '../../kernels/index.js';
import { featureLevels, predict } from '../../model/index.js';
import { breather } from '../cancel.js';

/** How a forest does on samples that are scored only by trees that did not draw them. */
interface OutOfBag {
  /** Accuracy; samples that every tree drew are left out, and it is null when that is all of them. */
  readonly score: number | null;
  /** nSamples × nClasses, row-major: the mean of those trees' probabilities, NaN where there is none. */
  readonly decisionFunction: Float64Array;
}

/** Rows that are scored before the event loop may run. */
const CHUNK_ROWS = 4096;

/** Returns it for a forest that was grown for `job`. Sums run over trees in order, whoever grew them. */
export async function outOfBag(
  job: TreeJob,
  trees: readonly JoinedTree[],
  data: { readonly x: FeatureMatrix; readonly y: Labels },
  signal?: AbortSignal,
): Promise<OutOfBag> {
  const { x, y } = data;
  const nClasses = y.classes.length;
  const width = x.features.length;
  const levels = featureLevels(x.features);
  const { nDraws, randomState } = job.rules;
  const cumulative = cumulate(viewSet(bufferOf(job.set), job.set.shape, job.set.shared).weights);
  const sums = openSums(x.nSamples, nClasses);
  const nScored = new Uint32Array(x.nSamples);
  const scores = new Float64Array(CHUNK_ROWS * nClasses);
  const rest = breather(signal);
  for (let t = 0; t < trees.length; t++) {
    const counts = drawBootstrap(x.nSamples, nDraws, new Xoshiro128(randomState, t), cumulative);
    const rows = Uint32Array.from(counts.keys()).filter((i) => counts[i] === 0);
    const scorer = createScorer(joinTrees([trees[t]!], { nClasses, levels }));
    for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
      await rest();
      const chunk = rows.subarray(start, start + CHUNK_ROWS);
      scorer.scoreRows(rowMajor(takeRows(x, chunk).values, width), scores);
      chunk.forEach((row, i) => {
        nScored[row]!++;
        for (let c = 0; c < nClasses; c++) sums[row * nClasses + c]! += scores[i * nClasses + c]!;
      });
    }
  }
  const codes = predict(y, sums);
  let right = 0;
  let total = 0;
  for (let i = 0; i < x.nSamples; i++) {
    if (nScored[i] === 0) continue;
    total++;
    if (codes[i] === y.codes[i]) right++;
  }
  // After the labels: a mean has the same best class as its sum, and NaN has none.
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! / nScored[Math.floor(i / nClasses)]!;
  return { score: total === 0 ? null : right / total, decisionFunction: sums };
}

function openSums(nSamples: number, nClasses: number): Float64Array {
  try {
    return new Float64Array(nSamples * nClasses);
  } catch (cause) {
    throw new PhantomNetError(
      'UNSUPPORTED',
      `out-of-bag scores of ${nSamples} rows × ${nClasses} classes do not fit into memory`,
      { hint: 'fit without oobScore', details: { nSamples, nClasses }, cause },
    );
  }
}
