import { impurity } from './criterion.js';

/** Most classes that have numbers of their own everywhere, zeros too; of more only those above 0 are kept. */
export const MAX_DENSE_CLASSES = 256;

/** What the class weights of a node come to. */
export interface Measure {
  /** Sum of the class weights, in the order of the classes. */
  readonly weight: number;
  readonly impurity: number;
}

/** The class weights of a tree's nodes while it grows, and until it is finished. */
export interface NodeClasses {
  /** Returns what node `node` weighs. */
  measure(node: number): Measure;
  /** Calls `visit` with each class that the node has any weight of, ascending. */
  visit(node: number, visit: (c: number, weight: number) => void): void;
}

/** Class weights as one number for every class of every node. */
export class DenseClasses implements NodeClasses {
  private sums: Float64Array;

  constructor(
    readonly nClasses: number,
    private readonly entropy: boolean,
  ) {
    this.sums = new Float64Array(129 * nClasses);
  }

  /** Returns where the weights of `count` nodes from `node` are kept, until more are asked for. */
  room(node: number, count = 1): Float64Array {
    const { nClasses } = this;
    const end = (node + count) * nClasses;
    if (end > this.sums.length) {
      const longer = new Float64Array(Math.max(end, 2 * this.sums.length));
      longer.set(this.sums);
      this.sums = longer;
    }
    return this.sums.subarray(node * nClasses, end);
  }

  measure(node: number): Measure {
    const sums = this.room(node);
    const weight = weigh(sums);
    return { weight, impurity: impurity(sums, weight, this.entropy) };
  }

  visit(node: number, visit: (c: number, weight: number) => void): void {
    const from = node * this.nClasses;
    for (let c = 0; c < this.nClasses; c++) {
      const weight = this.sums[from + c]!;
      if (weight > 0) visit(c, weight);
    }
  }
}

/** Returns the sum of class weights. */
export function weigh(sums: Float64Array): number {
  let weight = 0;
  for (let c = 0; c < sums.length; c++) weight += sums[c]!;
  return weight;
}
