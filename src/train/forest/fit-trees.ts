import type { FeatureMatrix, Labels } from '../../data/index.js';
import {
  allocateJs,
  allocateWasm,
  bufferOf,
  countSet,
  type GrowShape,
  MAX_DENSE_CLASSES,
  type TrainingSet,
  type Tree,
  type TreeJob,
  type TreeRules,
  wasmAvailable,
} from '../../kernels/index.js';
import { featureLevels } from '../../model/index.js';
import type { FitOptions } from '../estimator.js';
import { binMatrix } from './bin-matrix.js';
import { type Crew, crewHere, startCrew, threadsFor } from './crew.js';
import { planFit } from './plan-fit.js';

/** What trees are grown for, already checked. */
export interface TreesToFit {
  readonly rules: TreeRules;
  /** Trees from `firstTree` to `nTrees` are grown; those before are there already. */
  readonly firstTree: number;
  readonly nTrees: number;
  readonly maxBins: number;
  readonly nJobs: number;
  /** Weight of each sample; undefined where all are 1. */
  readonly weights: Float64Array | undefined;
  /** Whether samples are scored out of bag afterwards. */
  readonly outOfBag?: boolean;
}

/** Returns the trees that were grown, in their order, and the job they were grown for. The same for any number of threads. */
export async function fitTrees(
  fit: TreesToFit,
  x: FeatureMatrix,
  y: Labels,
  options: FitOptions,
): Promise<{ readonly trees: Tree[]; readonly job: TreeJob }> {
  const { job, nThreads } = prepare(fit, x, y, options);
  const { signal } = options;
  const crew = nThreads === 0 ? crewHere(job, signal) : startCrew(job, nThreads, signal);
  try {
    await binMatrix(x, job, crew, signal);
    return { trees: await growAll(job, crew, options), job };
  } finally {
    await crew.close();
    // Not sooner, and not now: the collector may begin at once.
    setImmediate(() => countSet(job.set));
  }
}

function prepare(
  { rules, firstTree, nTrees, maxBins, nJobs, weights, outOfBag = false }: TreesToFit,
  x: FeatureMatrix,
  y: Labels,
  { maxMemoryBytes }: FitOptions,
): { job: TreeJob; nThreads: number } {
  const nFeatures = x.features.length;
  const shape: GrowShape = {
    nSamples: x.nSamples,
    nFeatures,
    nClasses: y.classes.length,
    weighted: weights !== undefined,
    wide:
      weights !== undefined ||
      rules.balancedSubsample ||
      hasLargeCounts(rules.nDraws, x.nSamples, y.classes.length),
    maxLeafNodes: Number.isFinite(rules.maxLeafNodes) ? rules.maxLeafNodes : 0,
  };
  const work = x.nSamples * Math.min(rules.maxFeatures, nFeatures) * (nTrees - firstTree);
  const wanted = threadsFor(work, nTrees - firstTree, nJobs);
  const size = { shape, rules, nTrees, nThreads: Math.max(1, wanted), outOfBag };
  const { plan, forecast } = planFit(size, maxMemoryBytes);
  const kernels = wasmAvailable() && shape.nClasses <= MAX_DENSE_CLASSES ? 'wasm' : 'js';
  const set = kernels === 'wasm' ? allocateWasm(plan) : allocateJs(plan);
  fillLabels(set, y, weights);
  const levels = featureLevels(x.features);
  return {
    job: { kernels, set, rules, firstTree, nTrees, maxBins, levels },
    nThreads: wanted === 0 ? 0 : forecast.nThreads,
  };
}

/** Says whether a sample could be drawn more often than a packed word can say: the chance that it is and we say no is below 1e-20. */
export function hasLargeCounts(nDraws: number, nSamples: number, nClasses: number): boolean {
  const bitsFor = (n: number) => Math.ceil(Math.log2(Math.max(1, n)));
  const weightBits = 32 - bitsFor(nSamples) - bitsFor(nClasses);
  const mean = nDraws / nSamples;
  return mean + 12 * Math.sqrt(mean) + 16 >= 2 ** Math.min(8, Math.max(0, weightBits));
}

function fillLabels(set: TrainingSet, y: Labels, weights: Float64Array | undefined): void {
  const buffer = bufferOf(set);
  new Uint16Array(buffer, set.shared.labels, y.codes.length).set(y.codes);
  if (!weights) return;
  new Float64Array(buffer, set.shared.sampleWeights, weights.length).set(weights);
  const sums = new Float64Array(buffer, set.shared.cumulative, weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    sums[i] = sum;
  }
}

async function growAll(job: TreeJob, crew: Crew, { onProgress }: FitOptions): Promise<Tree[]> {
  const total = job.nTrees - job.firstTree;
  const trees: Tree[] = new Array(total);
  const startedMs = performance.now();
  let done = 0;
  await crew.grow((t, tree) => {
    trees[t - job.firstTree] = tree;
    done++;
    const secondsLeft = (((performance.now() - startedMs) / done) * (total - done)) / 1000;
    onProgress?.({ done, total, secondsLeft });
  });
  return trees;
}
