import type { Measure, NodeClasses } from './node-classes.js';

/** The samples of a node by the bins of one feature. */
export interface NodeBins {
  /** Samples by bin. */
  readonly counts: Uint32Array;
  /** The value bins that hold samples, ascending or as `orderLevels` put them, in the first `nOccupied` places. */
  readonly occupied: Uint8Array;
  readonly nOccupied: number;
}

/** A boundary through a node: its bins are moved from the right to the left. */
export interface Sides {
  readonly leftWeight: number;
  readonly leftCount: number;
  /** Puts all samples on the right. */
  reset(): void;
  /** Moves the samples of a bin to the left, class after class. */
  moveLeft(bin: number): void;
  /** Returns minus the weighted impurity of both sides: the larger the better. */
  score(): number;
  /** Says whether the left side is the heavier one, of sides that `score` was just asked for. */
  isLeftHeavier(): boolean;
}

/** A range of positions in the samples. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Keeps the class weights of nodes and looks at their features: what a grower's cost depends on. `DenseSplitter` has a
 * number for every class, `SortedSplitter` only for those of a node's samples.
 */
export interface Splitter extends NodeBins, Sides {
  /** Order of the rows at the start of a tree; null for their own. */
  readonly rowOrder: Uint32Array | null;
  /** How far rounding may put a decrease of impurity below what it is. */
  readonly slack: number;
  /** Begins a tree of the first `count` samples and returns the class weights of its nodes. */
  startTree(count: number): NodeClasses;
  /** Sums the class weights of node `id`, whose samples are in that range. */
  addNode(id: number, range: Range): Measure;
  /** Turns to a node whose features are looked at next. */
  openNode(node: Range & { readonly id: number; readonly weight: number }): void;
  /** Puts the open node's samples into the bins of a feature. `column` has the bin of every row. */
  fill(column: Uint8Array, range: Range): void;
  /** Empties the bins: who fills them clears them. */
  clear(): void;
  /** Puts the occupied bins, which are categories, into the order of their classes. */
  orderLevels(): void;
}
