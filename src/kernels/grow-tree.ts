import type { Xoshiro128 } from '../core/index.js';
import { BIN_STRIDE, type BinnedSet } from './binned-set.js';
import { midpoint } from './binning.js';
import { type Criterion, impurity } from './criterion.js';
import { Frontier, type FrontierNode } from './frontier.js';
import { clearHistogram, createHistogram, fillHistogram, type TreeSamples } from './histogram.js';
import { partition } from './partition.js';
import { type BestSplit, resetBest, type ScanContext, scanSplits } from './split-scan.js';
import { finishTree, type Tree } from './tree.js';
import { addLeaf, createNodes, type GrowingNodes, prune } from './tree-nodes.js';

/** The rules of growth, already in samples and weights; unlimited is Infinity. */
export interface GrowRules {
  readonly criterion: Criterion;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Share of the root's weight a leaf must have. */
  readonly minWeightFractionLeaf: number;
  /** Features to draw at a node; more are drawn while none of them splits. */
  readonly maxFeatures: number;
  readonly maxLeafNodes: number;
  readonly minImpurityDecrease: number;
  readonly ccpAlpha: number;
}

const EPSILON = 2.220446049250313e-16; // as scikit-learn: rounding must not make a split look worthless or a pure node impure
const MISSING_ONLY_RIGHT = Math.fround(3.4028234663852886e38); // the largest float32: every value is at or below it

/**
 * Grows trees on one training set, one after the other, in the same scratch memory.
 * A tree is grown depth first, or best split first where `maxLeafNodes` is finite. The features of a node are drawn
 * without replacement until `maxFeatures` were looked at and one of them splits (scikit-learn's rule).
 */
export class TreeGrower {
  private readonly samples: TreeSamples;
  private readonly scratch: TreeSamples;
  private readonly histogram;
  private readonly context: ScanContext & { minWeightLeaf: number };
  private readonly order: Uint32Array;
  private readonly constantFrom: Int32Array;
  private readonly constantTo: Int32Array;
  private readonly entropy: boolean;
  private readonly best: BestSplit = {
    feature: -1,
    score: 0,
    lastLeftBin: 0,
    firstRightBin: 0,
    nanLeft: false,
  };
  private nodes: GrowingNodes;
  private rootWeight = 0;

  constructor(
    private readonly set: BinnedSet,
    private readonly rules: GrowRules,
  ) {
    const { nClasses, nFeatures } = set;
    this.samples = roomFor(set.nSamples);
    this.scratch = roomFor(set.nSamples);
    this.histogram = createHistogram(nClasses);
    this.entropy = rules.criterion !== 'gini';
    this.context = {
      entropy: this.entropy,
      minSamplesLeaf: rules.minSamplesLeaf,
      minWeightLeaf: 0,
      totals: new Float64Array(nClasses),
      totalWeight: 0,
      totalCount: 0,
      left: new Float64Array(nClasses),
      right: new Float64Array(nClasses),
    };
    this.order = new Uint32Array(nFeatures);
    this.constantFrom = new Int32Array(nFeatures);
    this.constantTo = new Int32Array(nFeatures);
    this.nodes = createNodes(nClasses);
  }

  /**
   * Returns the tree of the samples with weight above 0. Without a generator the features are looked at in their order,
   * which makes the tree the same for every seed when `maxFeatures` is all of them.
   */
  grow(weights: Float64Array, generator: Xoshiro128 | null): Tree {
    const count = this.start(weights);
    if (this.rules.maxLeafNodes === Number.POSITIVE_INFINITY) this.growDepthFirst(count, generator);
    else this.growBestFirst(count, generator);
    if (this.rules.ccpAlpha > 0) prune(this.nodes, this.rules.ccpAlpha);
    return finishTree(this.nodes, this.set.nFeatures);
  }

  /** Gathers the samples in use, and forgets the tree before. */
  private start(weights: Float64Array): number {
    const { labels } = this.set;
    let count = 0;
    this.rootWeight = 0;
    for (let row = 0; row < weights.length; row++) {
      if (!(weights[row]! > 0)) continue;
      this.samples.rows[count] = row;
      this.samples.labels[count] = labels[row]!;
      this.samples.weights[count] = weights[row]!;
      this.rootWeight += weights[row]!;
      count++;
    }
    this.context.minWeightLeaf = this.rules.minWeightFractionLeaf * this.rootWeight;
    for (let f = 0; f < this.order.length; f++) this.order[f] = f;
    this.constantTo.fill(-1);
    this.nodes = createNodes(this.set.nClasses);
    return count;
  }

  private growDepthFirst(count: number, generator: Xoshiro128 | null): void {
    const stack = [0, count, 0, -1, 0]; // start, end, depth, parent, 1 for a right child
    while (stack.length > 0) {
      const isRight = stack.pop()!;
      const parent = stack.pop()!;
      const depth = stack.pop()!;
      const node = { end: stack.pop()!, start: stack.pop()! };
      const id = this.openNode(node);
      if (parent >= 0) (isRight ? this.nodes.right : this.nodes.left)[parent] = id;
      if (this.mustStop(id, node, depth) || this.findSplit(node, generator) < 0) continue;
      const middle = this.splitNode(id, node);
      stack.push(middle, node.end, depth + 1, id, 1);
      stack.push(node.start, middle, depth + 1, id, 0);
    }
  }

  private growBestFirst(count: number, generator: Xoshiro128 | null): void {
    const frontier = new Frontier();
    const offer = (node: { start: number; end: number }, depth: number): number => {
      const id = this.openNode(node);
      if (this.mustStop(id, node, depth)) return id;
      const decrease = this.findSplit(node, generator);
      if (decrease >= 0) frontier.push({ id, depth, decrease, split: { ...this.best }, ...node });
      return id;
    };
    offer({ start: 0, end: count }, 0);
    for (let nLeaves = 1; nLeaves < this.rules.maxLeafNodes; nLeaves++) {
      const next: FrontierNode | undefined = frontier.pop();
      if (!next) return;
      Object.assign(this.best, next.split);
      const middle = this.splitNode(next.id, next);
      this.nodes.left[next.id] = offer({ start: next.start, end: middle }, next.depth + 1);
      this.nodes.right[next.id] = offer({ start: middle, end: next.end }, next.depth + 1);
    }
  }

  /** Sums the node's classes in ascending position and adds it as a leaf. */
  private openNode(node: { readonly start: number; readonly end: number }): number {
    const { context, samples } = this;
    context.totals.fill(0);
    for (let i = node.start; i < node.end; i++) {
      const label = samples.labels[i]!;
      context.totals[label] = context.totals[label]! + samples.weights[i]!;
    }
    context.totalWeight = 0;
    for (let c = 0; c < context.totals.length; c++) context.totalWeight += context.totals[c]!;
    context.totalCount = node.end - node.start;
    const own = impurity(context.totals, context.totalWeight, this.entropy);
    return addLeaf(this.nodes, context.totals, context.totalWeight, own);
  }

  private mustStop(id: number, node: { start: number; end: number }, depth: number): boolean {
    const count = node.end - node.start;
    return (
      depth >= this.rules.maxDepth ||
      count < this.rules.minSamplesSplit ||
      count < 2 * this.rules.minSamplesLeaf ||
      this.context.totalWeight < 2 * this.context.minWeightLeaf ||
      this.nodes.impurity[id]! <= EPSILON
    );
  }

  /** Finds the best split of the node just opened and returns its decrease of impurity, or -1 where the node stays a leaf. */
  private findSplit(node: { start: number; end: number }, generator: Xoshiro128 | null): number {
    const { context, order, best, rules } = this;
    const nFeatures = order.length;
    resetBest(best);
    for (let drawn = 0; drawn < nFeatures && (drawn < rules.maxFeatures || best.feature < 0); drawn++) {
      if (generator) {
        const other = drawn + generator.nextBelow(nFeatures - drawn);
        const feature = order[other]!;
        order[other] = order[drawn]!;
        order[drawn] = feature;
      }
      this.tryFeature(order[drawn]!, node);
    }
    if (best.feature < 0) return -1;
    const own = context.totalWeight * impurity(context.totals, context.totalWeight, this.entropy);
    const decrease = (own + best.score) / this.rootWeight;
    return decrease + EPSILON < rules.minImpurityDecrease ? -1 : Math.max(0, decrease);
  }

  private tryFeature(feature: number, node: { readonly start: number; readonly end: number }): void {
    // A feature found constant in a range of positions is so in every node within it.
    if (this.constantFrom[feature]! <= node.start && node.end <= this.constantTo[feature]!) return;
    const { histogram, context } = this;
    fillHistogram(histogram, this.column(feature), this.samples, node);
    const nKinds = histogram.nOccupied + (histogram.counts[255]! > 0 ? 1 : 0);
    if (nKinds > 1) scanSplits(histogram, context, feature, this.best);
    else {
      this.constantFrom[feature] = node.start;
      this.constantTo[feature] = node.end;
    }
    clearHistogram(histogram);
  }

  /** Writes the best split into the node, moves its samples, and returns the position where the right child starts. */
  private splitNode(id: number, node: { readonly start: number; readonly end: number }): number {
    const { best, nodes, set } = this;
    const base = best.feature * BIN_STRIDE;
    nodes.feature[id] = best.feature;
    nodes.nanLeft[id] = best.nanLeft ? 1 : 0;
    nodes.threshold[id] =
      best.firstRightBin < 0
        ? MISSING_ONLY_RIGHT
        : midpoint(set.highs[base + best.lastLeftBin]!, set.lows[base + best.firstRightBin]!);
    const { lastLeftBin, nanLeft } = best;
    const column = this.column(best.feature);
    return partition(this.samples, this.scratch, node, { column, lastLeftBin, nanLeft });
  }

  private column(feature: number): Uint8Array {
    const { bins, nSamples } = this.set;
    return bins.subarray(feature * nSamples, (feature + 1) * nSamples);
  }
}

function roomFor(nSamples: number): TreeSamples {
  return {
    rows: new Uint32Array(nSamples),
    labels: new Uint16Array(nSamples),
    weights: new Float64Array(nSamples),
  };
}
