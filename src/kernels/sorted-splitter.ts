import { impurity } from './criterion.js';
import { EPSILON } from './grow-rules.js';
import type { TreeSamples } from './histogram.js';
import { logarithm } from './logarithm.js';
import type { Measure, NodeClasses } from './node-classes.js';
import { SortedBins } from './sorted-bins.js';
import { SortedClasses } from './sorted-classes.js';
import { LevelSorter } from './sorted-levels.js';
import type { Range, Splitter } from './splitter.js';

/** What sums that change sample by sample may be off by, as a share of the root's impurity. */
const DRIFT = 1e-10;

/**
 * Looks at features by sorting samples: a feature costs O(samples of the node + 256) whatever the number of classes. The
 * samples of a tree are sorted by class at its start, and as they are moved in their order those of every node are.
 * Both sides have a sum over their classes, of w² or w × log w, that each class changes as it moves.
 */
export class SortedSplitter implements Splitter {
  readonly rowOrder: Uint32Array;
  readonly counts: Uint32Array;
  readonly occupied: Uint8Array;
  slack = EPSILON;
  leftWeight = 0;
  leftCount = 0;
  private readonly nClasses: number;
  private readonly bins: SortedBins;
  private levels: LevelSorter | null = null;
  private classes: SortedClasses;
  /** Of the open node's samples, which of its own classes each is of; see `OwnSamples`. */
  private readonly own: Uint16Array;
  /** By the node's own classes, as is `left`. */
  private readonly totals: Float64Array;
  private readonly left: Float64Array;
  private nOwn = 0;
  private totalWeight = 0;
  private totalTerms = 0;
  private leftTerms = 0;
  private rightTerms = 0;

  constructor(
    set: { readonly nClasses: number; readonly nSamples: number; readonly labels: Uint16Array },
    private readonly entropy: boolean,
    private readonly samples: TreeSamples,
  ) {
    this.nClasses = set.nClasses;
    this.rowOrder = rowsByClass(set.labels, set.nClasses);
    this.bins = new SortedBins(set.nSamples);
    this.counts = this.bins.counts;
    this.occupied = this.bins.occupied;
    this.classes = new SortedClasses(0, samples);
    this.own = new Uint16Array(set.nSamples);
    this.totals = new Float64Array(Math.min(set.nClasses, set.nSamples));
    this.left = new Float64Array(this.totals.length);
  }

  get nOccupied(): number {
    return this.bins.nOccupied;
  }

  startTree(count: number): NodeClasses {
    const isWhole = this.samples.weights.subarray(0, count).every(Number.isInteger);
    this.slack = isWhole && !this.entropy ? EPSILON : DRIFT;
    this.classes = new SortedClasses(this.nClasses, this.samples);
    return this.classes;
  }

  addNode(id: number, range: Range): Measure {
    this.sumClasses(range);
    const totals = this.totals.subarray(0, this.nOwn);
    let weight = 0;
    for (let k = 0; k < totals.length; k++) weight += totals[k]!;
    const measure = { weight, impurity: impurity(totals, weight, this.entropy) };
    this.classes.add(id, range, measure);
    return measure;
  }

  openNode(node: Range & { readonly weight: number }): void {
    this.sumClasses(node);
    this.totalWeight = node.weight;
    this.totalTerms = 0;
    for (let k = 0; k < this.nOwn; k++) this.totalTerms += this.term(this.totals[k]!);
  }

  /** Numbers the classes that a range has and sums their weights. */
  private sumClasses({ start, end }: Range): void {
    const { own, totals } = this;
    const { labels, weights } = this.samples;
    let k = -1;
    let label = -1;
    for (let i = start; i < end; i++) {
      if (labels[i] !== label) {
        label = labels[i]!;
        totals[++k] = 0;
      }
      totals[k] = totals[k]! + weights[i]!;
      own[i - start] = k;
    }
    this.nOwn = k + 1;
  }

  fill(column: Uint8Array, { start, end }: Range): void {
    const { rows, weights } = this.samples;
    this.bins.fill(column, rows.subarray(start, end), {
      count: end - start,
      classes: this.own,
      weights: weights.subarray(start, end),
    });
  }

  clear(): void {
    this.bins.clear();
  }

  orderLevels(): void {
    this.levels ??= new LevelSorter(this.bins, this.totals.length);
    this.levels.sort(this.totals.subarray(0, this.nOwn), this.totalWeight);
  }

  reset(): void {
    this.left.fill(0, 0, this.nOwn);
    this.leftWeight = 0;
    this.leftCount = 0;
    this.leftTerms = 0;
    this.rightTerms = this.totalTerms;
  }

  moveLeft(bin: number): void {
    const { left, totals } = this;
    const { starts, ends, classes, weights, counts } = this.bins;
    this.leftCount += counts[bin]!;
    for (let i = starts[bin]!; i < ends[bin]!; i++) {
      const k = classes[i]!;
      const before = left[k]!;
      const after = before + weights[i]!;
      left[k] = after;
      this.leftWeight += weights[i]!;
      this.leftTerms += this.term(after) - this.term(before);
      this.rightTerms += this.term(totals[k]! - after) - this.term(totals[k]! - before);
    }
  }

  score(): number {
    const { leftWeight, leftTerms, rightTerms } = this;
    const rightWeight = this.totalWeight - leftWeight;
    if (this.entropy) return rightTerms - this.term(rightWeight) + leftTerms - this.term(leftWeight);
    const right = 1 - rightTerms / (rightWeight * rightWeight);
    return -rightWeight * right - leftWeight * (1 - leftTerms / (leftWeight * leftWeight));
  }

  isLeftHeavier(): boolean {
    return this.leftWeight > this.totalWeight - this.leftWeight;
  }

  /** Returns what a class of that weight adds to the sum of its side. */
  private term(weight: number): number {
    if (!this.entropy) return weight * weight;
    return weight > 0 ? weight * (logarithm(weight) / Math.LN2) : 0;
  }
}

/** Returns the rows in ascending class, those of a class in their order. */
function rowsByClass(labels: Uint16Array, nClasses: number): Uint32Array {
  const places = new Uint32Array(nClasses + 1);
  for (let row = 0; row < labels.length; row++) places[labels[row]! + 1]!++;
  for (let c = 0; c < nClasses; c++) places[c + 1]! += places[c]!;
  const rows = new Uint32Array(labels.length);
  for (let row = 0; row < labels.length; row++) rows[places[labels[row]!]!++] = row;
  return rows;
}
