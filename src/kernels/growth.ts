import { EVENT_HEAD } from './grow-layout.js';
import type { DenseClasses, NodeClasses } from './node-classes.js';

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
 * nodes 2k + 1 (left) and 2k + 2.
 */
export class Growth {
  nSplits = 0;
  node = new Int32Array(64);
  feature = new Int32Array(64);
  threshold = new Float32Array(64);
  nanLeft = new Uint8Array(64);
  /** Number of the split's set, or -1. */
  setOf = new Int32Array(64);
  readonly sets: number[] = [];

  constructor(readonly classes: NodeClasses) {}

  get nNodes(): number {
    return 2 * this.nSplits + 1;
  }

  /** Adds a split. */
  add(split: Split): void {
    const k = this.next();
    this.node[k] = split.node;
    this.feature[k] = split.feature;
    this.threshold[k] = split.threshold;
    this.nanLeft[k] = split.nanLeft ? 1 : 0;
    this.setOf[k] = split.set ? this.addSet(split.set) : -1;
  }

  /** Adds `count` splits and their class weights from the events that the WebAssembly grower wrote at `at`. */
  addEvents(buffer: SharedArrayBuffer, at: number, count: number, classes: DenseClasses): void {
    const { nClasses } = classes;
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
      const sums = classes.room(2 * k + 1, 2);
      for (let c = 0; c < 2 * nClasses; c++) sums[c] = numbers[from + c]!;
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
    const grown = <T extends Int32Array | Float32Array | Uint8Array>(old: T): T => {
      const longer = new (old.constructor as new (length: number) => T)(old.length * 2);
      longer.set(old);
      return longer;
    };
    this.node = grown(this.node);
    this.feature = grown(this.feature);
    this.threshold = grown(this.threshold);
    this.nanLeft = grown(this.nanLeft);
    this.setOf = grown(this.setOf);
    return k;
  }
}
