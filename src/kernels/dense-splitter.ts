import { impurity } from './criterion.js';
import { EPSILON } from './grow-rules.js';
import { clearHistogram, createHistogram, fillHistogram, type TreeSamples } from './histogram.js';
import { orderLevels } from './levels.js';
import { DenseClasses, type Measure, type NodeClasses, weigh } from './node-classes.js';
import type { Range, Splitter } from './splitter.js';

/** Looks at features by histograms of all classes: a feature costs its samples and occupied bins × classes. */
export class DenseSplitter implements Splitter {
  readonly rowOrder = null;
  readonly slack = EPSILON;
  readonly counts: Uint32Array;
  readonly occupied: Uint8Array;
  leftWeight = 0;
  leftCount = 0;
  private readonly histogram;
  private classes: DenseClasses;
  private readonly totals: Float64Array;
  private readonly left: Float64Array;
  private readonly right: Float64Array;
  private totalWeight = 0;

  constructor(
    { nClasses }: { readonly nClasses: number },
    private readonly entropy: boolean,
    private readonly samples: TreeSamples,
  ) {
    this.histogram = createHistogram(nClasses);
    this.counts = this.histogram.counts;
    this.occupied = this.histogram.occupied;
    this.classes = new DenseClasses(nClasses, entropy);
    this.totals = new Float64Array(nClasses);
    this.left = new Float64Array(nClasses);
    this.right = new Float64Array(nClasses);
  }

  get nOccupied(): number {
    return this.histogram.nOccupied;
  }

  startTree(): NodeClasses {
    this.classes = new DenseClasses(this.histogram.nClasses, this.entropy);
    return this.classes;
  }

  addNode(id: number, { start, end }: Range): Measure {
    const { labels, weights } = this.samples;
    const sums = this.classes.room(id);
    for (let i = start; i < end; i++) sums[labels[i]!] = sums[labels[i]!]! + weights[i]!;
    return this.classes.measure(id);
  }

  openNode({ id, weight }: { readonly id: number; readonly weight: number }): void {
    this.totals.set(this.classes.room(id));
    this.totalWeight = weight;
  }

  fill(column: Uint8Array, range: Range): void {
    fillHistogram(this.histogram, column, this.samples, range);
  }

  clear(): void {
    clearHistogram(this.histogram);
  }

  orderLevels(): void {
    orderLevels(this.histogram, this.totals);
  }

  reset(): void {
    this.left.fill(0);
    this.leftWeight = 0;
    this.leftCount = 0;
  }

  moveLeft(bin: number): void {
    const { left } = this;
    const { nClasses, sums, counts } = this.histogram;
    let weight = this.leftWeight;
    for (let c = 0; c < nClasses; c++) {
      const sum = sums[bin * nClasses + c]!;
      left[c] = left[c]! + sum;
      weight += sum;
    }
    this.leftWeight = weight;
    this.leftCount += counts[bin]!;
  }

  score(): number {
    const { entropy, totals, left, right, leftWeight } = this;
    const rightWeight = this.totalWeight - leftWeight;
    for (let c = 0; c < left.length; c++) right[c] = totals[c]! - left[c]!;
    return (
      -rightWeight * impurity(right, rightWeight, entropy) - leftWeight * impurity(left, leftWeight, entropy)
    );
  }

  isLeftHeavier(): boolean {
    return weigh(this.left) > weigh(this.right);
  }
}
