import { Xoshiro128 } from '../../core/index.js';
import { type BinnedSet, drawBootstrap, type GrowRules, type Tree, TreeGrower } from '../../kernels/index.js';
import { balancedWeights } from '../class-weight.js';

/** All a worker needs to grow any tree of a forest. Plain values and shared memory, so that it passes to a worker without a copy. */
export interface ForestJob {
  readonly set: BinnedSet;
  readonly rules: GrowRules;
  readonly nTrees: number;
  readonly randomState: number;
  /** Samples drawn a tree; 0 grows every tree on all samples. */
  readonly nDraws: number;
  /** Weigh the classes anew in every bootstrap. */
  readonly balancedSubsample: boolean;
  /** Sample weights; undefined where all are 1. */
  readonly weights?: Float64Array;
}

/** Returns a function that grows tree `t` of the job; it depends on the seed and on `t` alone, never on the trees before. */
export function treeGrowing(job: ForestJob): (t: number) => Tree {
  const grower = new TreeGrower(job.set, job.rules);
  const draw = bootstrapping(job);
  const all = job.nDraws === 0 ? (job.weights ?? new Float64Array(job.set.nSamples).fill(1)) : undefined;
  return (t) => {
    const generator = new Xoshiro128(job.randomState, t);
    return grower.grow(all ?? treeWeights(job, draw(generator)), generator);
  };
}

/** Returns a function that draws a bootstrap. It is the first thing a tree's generator is used for, so it can be drawn again. */
export function bootstrapping(job: ForestJob): (generator: Xoshiro128) => Uint32Array {
  const cumulative = job.weights && Float64Array.from(job.weights);
  if (cumulative) for (let i = 1; i < cumulative.length; i++) cumulative[i]! += cumulative[i - 1]!;
  return (generator) => drawBootstrap(job.set.nSamples, job.nDraws, generator, cumulative);
}

function treeWeights(job: ForestJob, counts: Uint32Array): Float64Array {
  if (!job.balancedSubsample) return Float64Array.from(counts);
  const { labels, nClasses } = job.set;
  const byClass = new Float64Array(nClasses);
  for (let i = 0; i < counts.length; i++) byClass[labels[i]!]! += counts[i]!;
  const weights = balancedWeights(byClass);
  return Float64Array.from(counts, (count, i) => count * weights[labels[i]!]!);
}
