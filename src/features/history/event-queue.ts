import { compareEvents, type HistoryEvent } from './event.js';

interface Waiting {
  readonly event: HistoryEvent;
  /** Events that nothing else orders go as they came. */
  readonly arrival: number;
}

/** Events in order, the first at hand: a binary heap. */
export class EventQueue {
  private readonly heap: Waiting[] = [];
  private arrivals = 0;

  get size(): number {
    return this.heap.length;
  }

  get first(): HistoryEvent | undefined {
    return this.heap[0]?.event;
  }

  /** Returns all events in order, and keeps them. */
  inOrder(): HistoryEvent[] {
    return this.heap.toSorted(compareWaiting).map(({ event }) => event);
  }

  add(event: HistoryEvent): void {
    const waiting = { event, arrival: this.arrivals };
    this.arrivals += 1;
    let at = this.heap.length;
    this.heap.push(waiting);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compareWaiting(this.heap[parent]!, waiting) <= 0) break;
      this.heap[at] = this.heap[parent]!;
      at = parent;
    }
    this.heap[at] = waiting;
  }

  /** Takes the first event out. */
  takeFirst(): HistoryEvent | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first !== undefined && last !== undefined && first !== last) this.sink(last);
    return first?.event;
  }

  /** Puts an event in the place of the first, then below all that come before it. */
  private sink(waiting: Waiting): void {
    const { heap } = this;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && compareWaiting(heap[child + 1]!, heap[child]!) < 0) child += 1;
      if (compareWaiting(waiting, heap[child]!) <= 0) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = waiting;
  }
}

function compareWaiting(a: Waiting, b: Waiting): number {
  return compareEvents(a.event, b.event) || a.arrival - b.arrival;
}
