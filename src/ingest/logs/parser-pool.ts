import { Worker } from 'node:worker_threads';
import type { LinesOrder, LinesReport, ParseJob } from './parse-worker.js';

/** Orders a worker has at once: one it reads, one that waits. */
const ORDERS_AT_ONCE = 2;

/** Room for the events of one order, so that they are gone before the collector looks at them twice. */
const YOUNG_MB = 64;

interface Seat {
  readonly worker: Worker;
  readonly waiting: Map<number, { resolve(report: LinesReport): void; reject(error: unknown): void }>;
}

/** Threads that read lines, each to a file of rows of its own. */
export class ParserPool {
  readonly #seats: readonly Seat[];
  #next = 0;
  #failure: unknown;
  #wake: () => void = () => undefined;

  /** How many threads there are. */
  get size(): number {
    return this.#seats.length;
  }

  constructor(jobs: readonly ParseJob[]) {
    this.#seats = jobs.map((parse) => this.#seat(parse));
  }

  /**
   * Hands lines to a thread, once one has room, and returns its report to come. Lines of one `lane` are read by one
   * thread, in order. The bytes are copied: what they are part of is read on.
   */
  async give(
    order: Omit<LinesOrder, 'order'>,
    lane: number | undefined,
  ): Promise<{ readonly report: Promise<LinesReport> }> {
    const number = this.#next++;
    const seat = await this.#freeSeat(lane);
    const report = new Promise<LinesReport>((resolve, reject) =>
      seat.waiting.set(number, { resolve, reject }),
    );
    // Whoever waits for the report is told; until then it is nobody's.
    report.catch(() => undefined);
    const bytes = new Uint8Array(order.bytes);
    seat.worker.postMessage({ ...order, bytes, order: number } satisfies LinesOrder, [bytes.buffer]);
    return { report };
  }

  /** Ends the threads once they have read what they were given. */
  async close(): Promise<void> {
    await Promise.all(
      this.#seats.map(({ worker }) => {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.postMessage('close');
        return this.#failure === undefined ? ended : worker.terminate();
      }),
    );
  }

  /** Ends the threads at once. */
  async abort(): Promise<void> {
    await Promise.all(this.#seats.map(({ worker }) => worker.terminate()));
  }

  async #freeSeat(lane: number | undefined): Promise<Seat> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const seats = lane === undefined ? this.#seats : [this.#seats[lane % this.#seats.length]!];
      const seat = seats.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
      if (seat.waiting.size < ORDERS_AT_ONCE) return seat;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #seat(parse: ParseJob): Seat {
    const worker = new Worker(new URL('./parse-worker.js', import.meta.url), {
      workerData: { parse },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const seat: Seat = { worker, waiting: new Map() };
    worker.on('message', (report: LinesReport) => {
      seat.waiting.get(report.order)!.resolve(report);
      seat.waiting.delete(report.order);
      this.#wake();
    });
    worker.on('error', (error) => {
      this.#failure = error;
      for (const { reject } of seat.waiting.values()) reject(error);
      this.#wake();
    });
    return seat;
  }
}
