import { Xoshiro128 } from '../core/index.js';
import { binsGoingLeft, describeSplit } from './apply-split.js';
import { type BinnedSet, CATEGORICAL, MISSING_BIN } from './binned-set.js';
import { cumulate, type DrawRules, treeWeights } from './bootstrap.js';
import { drawSplit } from './draw-split.js';
import { FeatureDraw } from './feature-draw.js';
import { EPSILON, type GrowRules, MOST_WHOLE_WEIGHT } from './grow-rules.js';
import { Growth } from './growth.js';
import type { TreeSamples } from './histogram.js';
import type { Measure } from './node-classes.js';
import { partition } from './partition.js';
import { type BestSplit, createBest, type ScanContext, scanSplits } from './split-scan.js';
import type { Range, Splitter } from './splitter.js';

/** A node that may be split: a range of positions in the samples, and what their classes weigh. */
interface OpenNode extends Range, Measure {
  readonly id: number;
  readonly depth: number;
}

/** A node with the best split that was found for it. */
interface Found {
  readonly node: OpenNode;
  readonly best: BestSplit;
  readonly decrease: number;
}

/** Returns the splitter of a set for samples that it reads where they lie. */
export type CreateSplitter = (set: BinnedSet, entropy: boolean, samples: TreeSamples) => Splitter;

/**
 * Grows trees on one training set, one after the other, in the same scratch memory: the readable form of the grower in
 * WebAssembly, which gives the same trees to the bit.
 */
export class TreeGrower {
  private readonly samples: TreeSamples;
  private readonly scratch: TreeSamples;
  private readonly splitter: Splitter;
  private readonly context: ScanContext;
  private readonly features: FeatureDraw;
  private readonly cumulative: Float64Array | null;
  private generator = new Xoshiro128(0);
  private growth!: Growth;
  private rootWeight = 0;
  private isWhole = false;

  constructor(
    private readonly set: BinnedSet,
    private readonly rules: GrowRules & DrawRules & { readonly randomState: number },
    createSplitter: CreateSplitter,
  ) {
    this.samples = roomFor(set.nSamples);
    this.scratch = roomFor(set.nSamples);
    this.splitter = createSplitter(set, rules.criterion !== 'gini', this.samples);
    this.context = {
      minSamplesLeaf: rules.minSamplesLeaf,
      minWeightLeaf: 0,
      totalWeight: 0,
      totalCount: 0,
    };
    this.features = new FeatureDraw(set, rules.drawFeatures);
    this.cumulative = rules.nDraws > 0 ? cumulate(set.weights) : null;
  }

  /**
   * Grows tree `t` and returns it, to be finished before the next one; it depends on the seed and on `t` alone. Yields now
   * and then, so that its caller can let other work run or give up. Depth first, the smaller child before the larger one,
   * or best split first where the number of leaves is limited.
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
    const { samples, set, splitter } = this;
    const weights = treeWeights(set, this.rules, this.generator, this.cumulative);
    let count = 0;
    for (let i = 0; i < weights.length; i++) {
      const row = splitter.rowOrder ? splitter.rowOrder[i]! : i;
      if (!(weights[row]! > 0)) continue;
      samples.rows[count] = row;
      samples.labels[count] = set.labels[row]!;
      samples.weights[count] = weights[row]!;
      count++;
    }
    this.features.startTree(count);
    this.growth = new Growth(splitter.startTree(count));
    const root = this.addNode(0, 0, { start: 0, end: count });
    this.rootWeight = root.weight;
    this.isWhole = weights.every(Number.isInteger) && root.weight <= MOST_WHOLE_WEIGHT;
    this.context.minWeightLeaf = this.rules.minWeightFractionLeaf * root.weight;
    return root;
  }

  private addNode(id: number, depth: number, range: Range): OpenNode {
    return { id, depth, ...range, ...this.splitter.addNode(id, range) };
  }

  private *growDepthFirst(root: OpenNode): Generator<void, void> {
    const stack = this.isLeaf(root) ? [] : [root];
    for (let turn = 0; stack.length > 0; turn++) {
      if (turn % 64 === 63) yield;
      const node = stack.pop()!;
      const { best, decrease } = this.findSplit(node);
      if (decrease < 0) continue;
      const [left, right] = this.split(node, best);
      const larger = this.sizeOf(left) > this.sizeOf(right) ? [left, right] : [right, left];
      stack.push(...larger.filter((child) => !this.isLeaf(child)));
    }
  }

  /**
   * Returns what the order of children goes by: their weight where weights are whole, so that a weight of 2 draws what two
   * rows draw, else their samples.
   */
  private sizeOf({ start, end, weight }: OpenNode): number {
    return this.isWhole ? weight : end - start;
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

  /** Says whether a node is a leaf whatever its features hold. */
  private isLeaf({ start, end, depth, weight, impurity }: OpenNode): boolean {
    const { rules } = this;
    const count = end - start;
    return (
      depth >= rules.maxDepth ||
      count < rules.minSamplesSplit ||
      count < 2 * rules.minSamplesLeaf ||
      weight < 2 * rules.minWeightFractionLeaf * this.rootWeight ||
      impurity <= EPSILON
    );
  }

  /**
   * Returns the best split of a node; its decrease of impurity is -1 where the node stays a leaf. Features are drawn
   * without replacement until `maxFeatures` were looked at and one of them splits (scikit-learn's rule).
   */
  private findSplit(node: OpenNode): Found {
    const { context, rules, splitter } = this;
    const { nFeatures } = this.set;
    const best = createBest();
    splitter.openNode(node);
    context.totalWeight = node.weight;
    context.totalCount = node.end - node.start;
    for (let drawn = 0; drawn < nFeatures && (drawn < rules.maxFeatures || best.feature < 0); ) {
      // All that will be drawn anyway come before the first is looked at.
      const upTo = drawn < rules.maxFeatures ? Math.min(rules.maxFeatures, nFeatures) : drawn + 1;
      const chosen = [];
      for (; drawn < upTo; drawn++) chosen.push(this.features.take(drawn, this.generator));
      for (const feature of chosen) this.tryFeature(feature, node, best);
    }
    if (best.feature < 0) return { node, best, decrease: -1 };
    const decrease = (node.weight * node.impurity + best.score) / this.rootWeight;
    const isEnough = decrease + splitter.slack >= rules.minImpurityDecrease;
    return { node, best, decrease: isEnough ? Math.max(0, decrease) : -1 };
  }

  private tryFeature(feature: number, node: OpenNode, best: BestSplit): void {
    const { splitter, context, set, generator } = this;
    if (this.features.isConstant(feature, node)) return;
    splitter.fill(this.column(feature), node);
    const nKinds = splitter.nOccupied + (splitter.counts[MISSING_BIN]! > 0 ? 1 : 0);
    const isCategorical = (set.kinds[feature]! & CATEGORICAL) !== 0;
    const candidate = { feature, isCategorical };
    if (nKinds <= 1) this.features.foundConstant(feature, node);
    else if (this.rules.randomSplits) drawSplit(splitter, { ...context, set, generator }, candidate, best);
    else {
      if (isCategorical) splitter.orderLevels();
      scanSplits(splitter, context, candidate, best);
    }
    splitter.clear();
  }

  /** Reports the split, moves the samples of the node, and returns its children. */
  private split(node: OpenNode, best: BestSplit): [OpenNode, OpenNode] {
    const goesLeft = binsGoingLeft(best);
    const column = this.column(best.feature);
    const middle = partition(this.samples, this.scratch, node, { column, goesLeft });
    const id = this.growth.nNodes;
    this.growth.add(describeSplit(node.id, best, goesLeft, this.set));
    return [
      this.addNode(id, node.depth + 1, { start: node.start, end: middle }),
      this.addNode(id + 1, node.depth + 1, { start: middle, end: node.end }),
    ];
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
