import type { Xoshiro128 } from '../core/index.js';
import { type BinnedSet, CONSTANT } from './binned-set.js';
import { drawBelow } from './draw.js';
import type { Range } from './splitter.js';

/** Draws the features a node looks at, and knows where in the samples a feature is constant. */
export class FeatureDraw {
  private readonly order: Uint32Array;
  private readonly constantFrom: Int32Array;
  private readonly constantTo: Int32Array;

  /** `drawn`: whether features are drawn; otherwise they come in their order. */
  constructor(
    private readonly set: BinnedSet,
    private readonly drawn: boolean,
  ) {
    this.order = new Uint32Array(set.nFeatures);
    this.constantFrom = new Int32Array(set.nFeatures);
    this.constantTo = new Int32Array(set.nFeatures);
  }

  /** Begins a tree of that many samples. */
  startTree(count: number): void {
    this.order.forEach((_, f) => {
      this.order[f] = f;
      this.constantFrom[f] = 0;
      this.constantTo[f] = this.set.kinds[f]! & CONSTANT ? count : 0;
    });
  }

  /** Returns the node's feature number `k`; those before it are not drawn again. */
  take(k: number, generator: Xoshiro128): number {
    const { order } = this;
    const feature = order[k]!;
    if (!this.drawn) return feature;
    const other = k + drawBelow(generator, order.length - k);
    order[k] = order[other]!;
    order[other] = feature;
    return order[k]!;
  }

  /** Says whether a feature is known to be constant in a range: where it was found so, it is in every node within. */
  isConstant(feature: number, { start, end }: Range): boolean {
    return this.constantFrom[feature]! <= start && end <= this.constantTo[feature]!;
  }

  foundConstant(feature: number, { start, end }: Range): void {
    this.constantFrom[feature] = start;
    this.constantTo[feature] = end;
  }
}
