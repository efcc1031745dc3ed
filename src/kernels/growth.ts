import { EVENT_HEAD } from './grow-layout.js';

/** 32-bit words of a category set: one bit for each of 256 categories. */
export const SET_WORDS = 8;

/** A split as a grower reports it. */
export interface Split {
  readonly node: number;
  readonly feature: number;
  /** float32; 0 for a split by categories. */
  readonly threshold: number;
  readonly nanLeft: boolean;
  /** 8 words of 32 bits, bit c % 32 of word c / 32 set where level c goes left; null for a split by threshold. */
  readonly set: Uint32Array | null;
}

const MISSING_BIT = 0x7fffffff; // the last word of a set without the bit of the missing bin

/**
 * What a tree is while it grows: its splits in the order they were made. The root is node 0 and the k-th split gives the
 * nodes 2k + 1 (left) and 2k + 2, so class weights need no node numbers.
 */
export class Growth {
  nSplits = 0;
  node = new Int32Array(64);
  feature = new Int32Array(64);
  threshold = new Float32Array(64);
  nanLeft = new Uint8Array(64);
  /** Number of the split's set, or -1. */
  setOf = new Int32Array(64);
  /** Class weights of node i from i × nClasses. */
  sums: Float64Array;
  readonly sets: number[] = [];

  constructor(
    readonly nClasses: number,
    rootSums: Float64Array,
  ) {
    this.sums = new Float64Array(129 * nClasses);
    this.sums.set(rootSums);
  }

  get nNodes(): number {
    return 2 * this.nSplits + 1;
  }

  /** Adds a split and the class weights of its children. */
  add(split: Split, left: Float64Array, right: Float64Array): void {
    const k = this.next();
    this.node[k] = split.node;
    this.feature[k] = split.feature;
    this.threshold[k] = split.threshold;
    this.nanLeft[k] = split.nanLeft ? 1 : 0;
    this.setOf[k] = split.set ? this.addSet(split.set) : -1;
    this.sums.set(left, (2 * k + 1) * this.nClasses);
    this.sums.set(right, (2 * k + 2) * this.nClasses);
  }

  /** Adds `count` splits from the events that the WebAssembly grower wrote at `at`. */
  addEvents(buffer: SharedArrayBuffer, at: number, count: number): void {
    const { nClasses } = this;
    const words = new Uint32Array(buffer);
    const thresholds = new Float32Array(buffer);
    const numbers = new Float64Array(buffer);
    for (let i = 0; i < count; i++) {
      const event = (at + i * (EVENT_HEAD + 16 * nClasses)) / 4;
      const k = this.next();
      this.node[k] = words[event]!;
      this.feature[k] = words[event + 1]!;
      this.threshold[k] = thresholds[event + 2]!;
      const flags = words[event + 3]!;
      this.nanLeft[k] = flags & 1;
      this.setOf[k] = flags & 2 ? this.addSet(words.subarray(event + 4, event + 12)) : -1;
      const from = (event + EVENT_HEAD / 4) / 2;
      const to = (2 * k + 1) * nClasses;
      for (let c = 0; c < 2 * nClasses; c++) this.sums[to + c] = numbers[from + c]!;
    }
  }

  private addSet(set: Uint32Array): number {
    for (let w = 0; w < SET_WORDS; w++) this.sets.push(w === SET_WORDS - 1 ? set[w]! & MISSING_BIT : set[w]!);
    return this.sets.length / SET_WORDS - 1;
  }

  /** Makes room for a split and returns its number. */
  private next(): number {
    const k = this.nSplits++;
    if (k < this.node.length) return k;
    const grown = <T extends Int32Array | Float32Array | Uint8Array | Float64Array>(old: T): T => {
      const longer = new (old.constructor as new (length: number) => T)(old.length * 2);
      longer.set(old);
      return longer;
    };
    this.node = grown(this.node);
    this.feature = grown(this.feature);
    this.threshold = grown(this.threshold);
    this.nanLeft = grown(this.nanLeft);
    this.setOf = grown(this.setOf);
    const sums = new Float64Array((4 * k + 1) * this.nClasses);
    sums.set(this.sums);
    this.sums = sums;
    return k;
  }
}
