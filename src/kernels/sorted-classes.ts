import type { TreeSamples } from './histogram.js';
import type { Measure, NodeClasses } from './node-classes.js';
import type { Range } from './splitter.js';

/**
 * Class weights as the samples that a node owns: what it costs is a few numbers a node, however many classes there are.
 * Samples move within the node that owns them alone, so that a node which has been split still has its range.
 */
export class SortedClasses implements NodeClasses {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly weights: number[] = [];
  private readonly impurities: number[] = [];
  /** Weight by class while a node is visited, else 0. */
  private readonly sums: Float64Array;

  constructor(
    nClasses: number,
    private readonly samples: TreeSamples,
  ) {
    this.sums = new Float64Array(nClasses);
  }

  /** Adds node `node`, the next there is. */
  add(node: number, { start, end }: Range, { weight, impurity }: Measure): void {
    this.starts[node] = start;
    this.ends[node] = end;
    this.weights[node] = weight;
    this.impurities[node] = impurity;
  }

  measure(node: number): Measure {
    return { weight: this.weights[node]!, impurity: this.impurities[node]! };
  }

  visit(node: number, visit: (c: number, weight: number) => void): void {
    const { labels, weights } = this.samples;
    const { sums } = this;
    const own = [];
    for (let i = this.starts[node]!; i < this.ends[node]!; i++) {
      const c = labels[i]!;
      if (sums[c] === 0) own.push(c);
      sums[c] = sums[c]! + weights[i]!;
    }
    // The samples of a leaf are sorted; those of a node whose subtree was pruned are not.
    for (const c of Uint16Array.from(own).sort()) {
      visit(c, sums[c]!);
      sums[c] = 0;
    }
  }
}
