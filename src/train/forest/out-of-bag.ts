import { Xoshiro128 } from '../../core/index.js';
import type { FeatureMatrix, Labels } from '../../data/index.js';
import { takeRows } from '../../data/index.js';
import {
  bufferOf,
  createScorer,
  cumulate,
  drawBootstrap,
  joinTrees,
  rowMajor,
  type Tree,
  type TreeJob,
  viewSet,
} from '../../kernels/index.js';
import { featureLevels, predict } from '../../model/index.js';
import { breathe } from '../cancel.js';

/**
 * Returns the accuracy of the forest on samples scored only by trees that did not see them; samples that every tree saw
 * are left out, and it is null when that is all of them. Sums run over trees in order, whoever grew them.
 */
export async function outOfBagScore(
  job: TreeJob,
  trees: readonly Tree[],
  data: { readonly x: FeatureMatrix; readonly y: Labels },
  signal?: AbortSignal,
): Promise<number | null> {
  const { x, y } = data;
  const nClasses = y.classes.length;
  const levels = featureLevels(x.features);
  const { nDraws, randomState } = job.rules;
  const cumulative = cumulate(viewSet(bufferOf(job.set), job.set.shape, job.set.shared).weights);
  const sums = new Float64Array(x.nSamples * nClasses);
  const scored = new Uint8Array(x.nSamples);
  for (let t = 0; t < trees.length; t++) {
    await breathe(signal);
    const counts = drawBootstrap(x.nSamples, nDraws, new Xoshiro128(randomState, t), cumulative);
    const rows = Uint32Array.from(counts.keys()).filter((i) => counts[i] === 0);
    const scores = new Float64Array(rows.length * nClasses);
    const scorer = createScorer(joinTrees([trees[t]!], { nClasses, levels }));
    scorer.scoreRows(rowMajor(takeRows(x, rows).values, x.features.length), scores);
    rows.forEach((row, i) => {
      scored[row] = 1;
      for (let c = 0; c < nClasses; c++) sums[row * nClasses + c]! += scores[i * nClasses + c]!;
    });
  }
  const codes = predict(y, sums);
  let right = 0;
  let total = 0;
  for (let i = 0; i < x.nSamples; i++) {
    if (!scored[i]) continue;
    total++;
    if (codes[i] === y.codes[i]) right++;
  }
  return total === 0 ? null : right / total;
}
