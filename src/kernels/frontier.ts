import type { BestSplit } from './split-scan.js';

/** A leaf that could be split, with its best split and the range of its samples. */
export interface FrontierNode {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly decrease: number;
  readonly split: BestSplit;
}

function before(a: FrontierNode, b: FrontierNode): boolean {
  return a.decrease > b.decrease || (a.decrease === b.decrease && a.id < b.id);
}

/** A heap of leaves that gives the one with the largest decrease of impurity first; among equals the lowest id. */
export class Frontier {
  private readonly heap: FrontierNode[] = [];

  push(node: FrontierNode): void {
    const { heap } = this;
    let i = heap.push(node) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(node, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = node;
  }

  /** Removes and returns the first, or undefined when there is none. */
  pop(): FrontierNode | undefined {
    const { heap } = this;
    const first = heap[0];
    const node = heap.pop();
    if (!first || !node || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, node)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = node;
    return first;
  }
}
