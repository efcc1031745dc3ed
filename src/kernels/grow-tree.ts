import { Xoshiro128 } from '../core/index.js';
import { BIN_STRIDE, type BinnedSet, CATEGORICAL, CONSTANT, MISSING_BIN } from './binned-set.js';
import { midpoint } from './binning.js';
import { cumulate, type DrawRules, treeWeights } from './bootstrap.js';
import { impurity } from './criterion.js';
import { drawBelow } from './draw.js';
import { drawSplit } from './draw-split.js';
import { ALL_VALUES, EPSILON, type GrowRules } from './grow-rules.js';
import { Growth, SET_WORDS } from './growth.js';
import { clearHistogram, createHistogram, fillHistogram, type TreeSamples } from './histogram.js';
import { partition } from './partition.js';
import { type BestSplit, createBest, type ScanContext, scanSplits } from './split-scan.js';

/** A node that may be split: a range of positions in the samples, with its class weights. */
interface OpenNode {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly sums: Float64Array;
}

/** A node with the best split that was found for it. */
interface Found {
  readonly node: OpenNode;
  readonly best: BestSplit;
  readonly decrease: number;
}

/**
 * Grows trees on one training set, one after the other, in the same scratch memory: the readable form of the grower in
 * WebAssembly, which gives the same trees to the bit.
 */
export class TreeGrower {
  private readonly samples: TreeSamples;
  private readonly scratch: TreeSamples;
  private readonly histogram;
  private readonly context: ScanContext;
  private readonly order: Uint32Array;
  private readonly constantFrom: Int32Array;
  private readonly constantTo: Int32Array;
  private readonly cumulative: Float64Array | null;
  private generator = new Xoshiro128(0);
  private growth: Growth;
  private rootWeight = 0;

  constructor(
    private readonly set: BinnedSet,
    private readonly rules: GrowRules & DrawRules & { readonly randomState: number },
  ) {
    const { nClasses, nFeatures } = set;
    this.samples = roomFor(set.nSamples);
    this.scratch = roomFor(set.nSamples);
    this.histogram = createHistogram(nClasses);
    this.context = {
      entropy: rules.criterion !== 'gini',
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
    this.cumulative = rules.nDraws > 0 ? cumulate(set.weights) : null;
    this.growth = new Growth(nClasses, new Float64Array(nClasses));
  }

  /**
   * Grows tree `t` and returns it; it depends on the seed and on `t` alone. Yields now and then, so that its caller can
   * let other work run or give up. Depth first, the smaller child before the larger one, or best split first where the
   * number of leaves is limited.
   */
  *grow(t: number): Generator<void, Growth> {
    const root = this.start(t);
    if (this.rules.maxLeafNodes === Number.POSITIVE_INFINITY) yield* this.growDepthFirst(root);
    else yield* this.growBestFirst(root);
    return this.growth;
  }

  /** Draws the samples of a tree, forgets the tree before, and returns the root. */
  private start(t: number): OpenNode {
    this.generator = new Xoshiro128(this.rules.randomState, t);
    const { samples, set } = this;
    const weights = treeWeights(set, this.rules, this.generator, this.cumulative);
    let count = 0;
    for (let row = 0; row < weights.length; row++) {
      if (!(weights[row]! > 0)) continue;
      samples.rows[count] = row;
      samples.labels[count] = set.labels[row]!;
      samples.weights[count] = weights[row]!;
      count++;
    }
    for (let f = 0; f < set.nFeatures; f++) {
      this.order[f] = f;
      this.constantFrom[f] = 0;
      this.constantTo[f] = set.kinds[f]! & CONSTANT ? count : 0;
    }
    const sums = this.sumClasses(0, count);
    this.growth = new Growth(set.nClasses, sums);
    this.rootWeight = weigh(sums);
    this.context.minWeightLeaf = this.rules.minWeightFractionLeaf * this.rootWeight;
    return { id: 0, start: 0, end: count, depth: 0, sums };
  }

  private *growDepthFirst(root: OpenNode): Generator<void, void> {
    const stack = this.isLeaf(root) ? [] : [root];
    for (let turn = 0; stack.length > 0; turn++) {
      if (turn % 64 === 63) yield;
      const node = stack.pop()!;
      const { best, decrease } = this.findSplit(node);
      if (decrease < 0) continue;
      const [left, right] = this.split(node, best);
      const smaller = left.end - left.start > right.end - right.start ? [left, right] : [right, left];
      stack.push(...smaller.filter((child) => !this.isLeaf(child)));
    }
  }

  private *growBestFirst(root: OpenNode): Generator<void, void> {
    const open: Found[] = [];
    const offer = (node: OpenNode) => {
      if (this.isLeaf(node)) return;
      const found = this.findSplit(node);
      if (found.decrease >= 0) open.push(found);
    };
    offer(root);
    for (let nLeaves = 1; nLeaves < this.rules.maxLeafNodes && open.length > 0; nLeaves++) {
      if (nLeaves % 64 === 63) yield;
      let first = 0;
      open.forEach(({ decrease, node }, i) => {
        const other = open[first]!;
        if (decrease > other.decrease || (decrease === other.decrease && node.id < other.node.id)) first = i;
      });
      const [{ node, best }] = open.splice(first, 1) as [Found];
      for (const child of this.split(node, best)) offer(child);
    }
  }

  /** Sums the classes of a range in ascending position. */
  private sumClasses(start: number, end: number): Float64Array {
    const { labels, weights } = this.samples;
    const sums = new Float64Array(this.set.nClasses);
    for (let i = start; i < end; i++) sums[labels[i]!] = sums[labels[i]!]! + weights[i]!;
    return sums;
  }

  /** Says whether a node is a leaf whatever its samples hold. */
  private isLeaf({ start, end, depth, sums }: OpenNode): boolean {
    const { rules, context } = this;
    const count = end - start;
    const weight = weigh(sums);
    return (
      depth >= rules.maxDepth ||
      count < rules.minSamplesSplit ||
      count < 2 * rules.minSamplesLeaf ||
      weight < 2 * rules.minWeightFractionLeaf * this.rootWeight ||
      impurity(sums, weight, context.entropy) <= EPSILON
    );
  }

  /**
   * Returns the best split of a node; its decrease of impurity is -1 where the node stays a leaf. Features are drawn
   * without replacement until `maxFeatures` were looked at and one of them splits (scikit-learn's rule).
   */
  private findSplit(node: OpenNode): Found {
    const { context, rules } = this;
    const { nFeatures } = this.set;
    const best = createBest(this.set.nClasses);
    context.totals.set(node.sums);
    context.totalWeight = weigh(node.sums);
    context.totalCount = node.end - node.start;
    for (let drawn = 0; drawn < nFeatures && (drawn < rules.maxFeatures || best.feature < 0); ) {
      // All that will be drawn anyway come before the first is looked at.
      const upTo = drawn < rules.maxFeatures ? Math.min(rules.maxFeatures, nFeatures) : drawn + 1;
      const chosen = [];
      for (; drawn < upTo; drawn++) chosen.push(this.drawFeature(drawn));
      for (const feature of chosen) this.tryFeature(feature, node, best);
    }
    if (best.feature < 0) return { node, best, decrease: -1 };
    const own = context.totalWeight * impurity(context.totals, context.totalWeight, context.entropy);
    const decrease = (own + best.score) / this.rootWeight;
    const isEnough = decrease + EPSILON >= rules.minImpurityDecrease;
    return { node, best, decrease: isEnough ? Math.max(0, decrease) : -1 };
  }

  private drawFeature(drawn: number): number {
    const { order } = this;
    const feature = order[drawn]!;
    if (!this.rules.drawFeatures) return feature;
    const other = drawn + drawBelow(this.generator, order.length - drawn);
    order[drawn] = order[other]!;
    order[other] = feature;
    return order[drawn]!;
  }

  private tryFeature(feature: number, { start, end }: OpenNode, best: BestSplit): void {
    // A feature found constant in a range of positions is so in every node within it.
    if (this.constantFrom[feature]! <= start && end <= this.constantTo[feature]!) return;
    const { histogram, context } = this;
    fillHistogram(histogram, this.column(feature), this.samples, { start, end });
    const nKinds = histogram.nOccupied + (histogram.counts[MISSING_BIN]! > 0 ? 1 : 0);
    const isCategorical = (this.set.kinds[feature]! & CATEGORICAL) !== 0;
    if (nKinds > 1) {
      const candidate = { feature, isCategorical };
      if (!this.rules.randomSplits) scanSplits(histogram, context, candidate, best);
      else drawSplit(histogram, { ...context, set: this.set, generator: this.generator }, candidate, best);
    } else {
      this.constantFrom[feature] = start;
      this.constantTo[feature] = end;
    }
    clearHistogram(histogram);
  }

  /** Reports the split, moves the samples of the node, and returns its children. */
  private split(node: OpenNode, best: BestSplit): [OpenNode, OpenNode] {
    const { growth } = this;
    const left = best.leftSums;
    const right = node.sums.map((sum, c) => sum - left[c]!);
    const nanLeft = best.nan === 'heavier' ? weigh(left) > weigh(right) : best.nan === 'left';
    const goesLeft = binsGoingLeft(best, nanLeft);
    const column = this.column(best.feature);
    const middle = partition(this.samples, this.scratch, node, { column, goesLeft });
    const depth = node.depth + 1;
    const id = growth.nNodes;
    const children: [OpenNode, OpenNode] = [
      { id, depth, start: node.start, end: middle, sums: this.sumClasses(node.start, middle) },
      { id: id + 1, depth, start: middle, end: node.end, sums: this.sumClasses(middle, node.end) },
    ];
    growth.add(
      {
        node: node.id,
        feature: best.feature,
        threshold: best.levels ? 0 : this.threshold(best),
        nanLeft,
        set: best.levels ? toSet(goesLeft) : null,
      },
      children[0].sums,
      children[1].sums,
    );
    return children;
  }

  private threshold({ feature, lastLeftBin, firstRightBin, threshold }: BestSplit): number {
    if (threshold !== null) return threshold;
    if (firstRightBin < 0) return ALL_VALUES;
    const base = feature * BIN_STRIDE;
    return midpoint(this.set.highs[base + lastLeftBin]!, this.set.lows[base + firstRightBin]!);
  }

  private column(feature: number): Uint8Array {
    const { bins, nSamples } = this.set;
    return bins.subarray(feature * nSamples, (feature + 1) * nSamples);
  }
}

/** Returns 1 for each bin that goes left. Categories the node has none of go where missing values go. */
function binsGoingLeft({ lastLeftBin, levels }: BestSplit, nanLeft: boolean): Uint8Array {
  const goesLeft = new Uint8Array(BIN_STRIDE);
  if (!levels) goesLeft.fill(1, 0, lastLeftBin + 1);
  else {
    goesLeft.fill(nanLeft ? 1 : 0);
    levels.order.forEach((level, k) => {
      goesLeft[level] = k < levels.nLeft ? 1 : 0;
    });
  }
  goesLeft[MISSING_BIN] = nanLeft ? 1 : 0;
  return goesLeft;
}

function toSet(goesLeft: Uint8Array): Uint32Array {
  const set = new Uint32Array(SET_WORDS);
  for (let bin = 0; bin < MISSING_BIN; bin++) if (goesLeft[bin]) set[bin >>> 5]! |= 1 << (bin & 31);
  return set;
}

function weigh(sums: Float64Array): number {
  let weight = 0;
  for (let c = 0; c < sums.length; c++) weight += sums[c]!;
  return weight;
}

function roomFor(nSamples: number): TreeSamples {
  return {
    rows: new Uint32Array(nSamples),
    labels: new Uint16Array(nSamples),
    weights: new Float64Array(nSamples),
  };
}
