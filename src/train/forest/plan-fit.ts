import { PhantomNetError } from '../../core/index.js';
import {
  fits,
  type GrowShape,
  MAX_DENSE_CLASSES,
  type MemoryPlan,
  planMemory,
  type TreeRules,
} from '../../kernels/index.js';

const GIBIBYTE = 2 ** 30;
/** Bytes a node takes in a finished tree, beside its share of the leaves. */
const NODE_BYTES = 13;
/** Bytes of how often a sample was drawn, of its number among those to score, and of how many trees scored it. */
const DRAW_BYTES = 16;
/** Bytes of a class and its probability, in a leaf of many classes. */
const PAIR_BYTES = 12;

/** What decides how much memory a fit takes. */
export interface FitSize {
  readonly shape: GrowShape;
  readonly rules: TreeRules;
  readonly nTrees: number;
  /** Threads it would like to have. */
  readonly nThreads: number;
  /** Whether samples are scored out of bag. */
  readonly outOfBag?: boolean;
}

/** What a fit will take. */
export interface FitForecast {
  /** Threads it will use: fewer than asked for where all do not fit into 4 GiB. */
  readonly nThreads: number;
  /** Bytes of the training set and of all threads' scratch space. */
  readonly memoryBytes: number;
  /** Most bytes the finished trees can take; trees that stop early take far less. */
  readonly treesBytes: number;
  /** Bytes of the out-of-bag scores, and of the draws they are made by; 0 without. */
  readonly outOfBagBytes: number;
}

/**
 * Returns where a fit will lie and what it will take, before anything is allocated. Where it does not fit into the one
 * memory of 4 GiB it goes without the copy of the rows, then with fewer threads. Throws UNSUPPORTED where it fits in no
 * way, or takes more than `maxMemoryBytes`.
 */
export function planFit(
  size: FitSize,
  maxMemoryBytes = Number.POSITIVE_INFINITY,
): { readonly plan: MemoryPlan; readonly forecast: FitForecast } {
  const plan = firstThatFits(size);
  const forecast = {
    nThreads: plan.workers.length,
    memoryBytes: plan.bytes,
    treesBytes: mostTreesBytes(size),
    outOfBagBytes: size.outOfBag ? size.shape.nSamples * (8 * size.shape.nClasses + DRAW_BYTES) : 0,
  };
  const { memoryBytes, treesBytes, outOfBagBytes } = forecast;
  const wholeBytes = memoryBytes + treesBytes + outOfBagBytes;
  const scores = outOfBagBytes > 0 ? `, out-of-bag scores of ${show(outOfBagBytes)}` : '';
  if (wholeBytes > maxMemoryBytes)
    throw tooLarge(
      `the fit can take ${show(wholeBytes)} (${show(memoryBytes)} to grow in, trees of at most ${show(treesBytes)}${scores}), more than the limit of ${showLimit(maxMemoryBytes)}`,
      'raise maxMemoryBytes (--max-memory on the command line), or use fewer rows, features, trees or threads, or a smaller maxDepth',
      size,
    );
  return { plan, forecast };
}

function firstThatFits(size: FitSize): MemoryPlan {
  for (let n = size.nThreads; n >= 1; n--)
    for (const rowMajor of [true, false]) {
      const plan = planMemory(size.shape, n, rowMajor);
      if (fits(plan)) return plan;
    }
  const needed = planMemory(size.shape, 1, false).bytes;
  throw tooLarge(
    `${size.shape.nSamples} rows × ${size.shape.nFeatures} features take ${show(needed)} with one thread, more than the 4 GiB of a WebAssembly memory`,
    'fit on a sample of the rows, or on fewer features',
    size,
  );
}

function tooLarge(message: string, hint: string, { shape }: FitSize): PhantomNetError {
  const { nSamples, nFeatures } = shape;
  return new PhantomNetError('UNSUPPORTED', message, { hint, details: { nSamples, nFeatures } });
}

function mostTreesBytes({ shape, rules, nTrees }: FitSize): number {
  const byDepth = 2 ** Math.min(rules.maxDepth, 52);
  const bySamples = Math.max(1, Math.floor(shape.nSamples / rules.minSamplesLeaf));
  const leaves = Math.min(byDepth, bySamples, rules.maxLeafNodes);
  const isDense = shape.nClasses <= MAX_DENSE_CLASSES;
  // Beyond, a leaf has a pair for each of its classes, so a tree has no more pairs than samples.
  const leavesBytes = isDense ? leaves * 8 * shape.nClasses : 4 * leaves + PAIR_BYTES * shape.nSamples;
  return nTrees * (2 * leaves * NODE_BYTES + leavesBytes);
}

/** Shows a limit as it was set, which rounding up would make another. */
function showLimit(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes} bytes` : `${Number((bytes / 2 ** 20).toFixed(1))} MiB`;
}

function show(bytes: number): string {
  return bytes >= GIBIBYTE ? `${(bytes / GIBIBYTE).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
