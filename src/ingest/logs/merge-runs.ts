import { closeSync, openSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ByteSink, IDENTITY_BYTES, MIN_BUFFER_BYTES, RowCursor, type Run } from './row-cursor.js';

/** How runs are merged. */
export interface MergeOptions {
  /** File to write the events to. */
  readonly out: string;
  /** Most memory for what is read ahead, in bytes. */
  readonly memoryBytes: number;
  /** What becomes of lines that came before, byte for byte. */
  readonly repeats: 'drop' | 'keep';
  readonly signal?: AbortSignal | undefined;
}

/** Rows that are later written to Parquet at once. */
export const GROUP_ROWS = 30_720;

/** What was merged. */
interface Merged {
  readonly events: number;
  /** Lines left out. */
  readonly repeats: number;
  /** Bytes of the largest of all groups of rows. */
  readonly largestGroupBytes: number;
}

const MAX_BUFFER_BYTES = 2 ** 20;
const OUT_BYTES = 2 ** 22;

/**
 * Writes the events of all runs to one file, in order: by time, then sensor, then place. A run is opened only when its time has
 * come, so logs in order cost a buffer or two.
 */
export async function mergeRuns(
  runs: readonly Run[],
  { out, memoryBytes, repeats, signal }: MergeOptions,
): Promise<Merged> {
  const files = new Map(
    [...new Set(runs.map(({ file }) => file))].map((file) => [file, openSync(file, 'r')]),
  );
  const waiting = [...runs].sort((a, b) => b.firstTime - a.firstTime);
  const share = Math.floor(memoryBytes / mostAtOnce(runs));
  const bufferBytes = Math.max(MIN_BUFFER_BYTES, Math.min(share, MAX_BUFFER_BYTES));
  const writer = new EventWriter(out);
  const seen = repeats === 'drop' ? new Repeats() : undefined;
  const open: RowCursor[] = [];
  try {
    let events = 0;
    for (;;) {
      for (
        let run = waiting.at(-1);
        run !== undefined && (open.length === 0 || run.firstTime <= open[0]!.time);
      ) {
        const cursor = new RowCursor(run, files.get(run.file)!, bufferBytes);
        if (cursor.next()) addTo(open, cursor);
        waiting.pop();
        run = waiting.at(-1);
      }
      const [first] = open;
      if (first === undefined) break;
      if (seen?.has(first) !== true) {
        if (events % GROUP_ROWS === 0) writer.beginGroup();
        events++;
        first.copyTo(writer);
      }
      if (first.next()) sinkFirst(open);
      else removeFirst(open);
      if (writer.isFull) {
        writer.flush();
        // Whoever interrupts is heard.
        await nextTurn();
        signal?.throwIfAborted();
      }
    }
    writer.beginGroup();
    writer.flush();
    return { events, repeats: seen?.count ?? 0, largestGroupBytes: writer.largestGroupBytes };
  } finally {
    writer.close();
    for (const file of files.values()) closeSync(file);
  }
}

/** Tells repeats: equal lines have equal times, so only those of one time need be known. */
class Repeats {
  count = 0;
  #time = Number.NaN;
  /** The first row of the time, which most times have alone; once there are more, all are in the set. */
  readonly #first = Buffer.alloc(IDENTITY_BYTES);
  readonly #row = Buffer.alloc(IDENTITY_BYTES);
  readonly #known = new Set<string>();

  has(row: RowCursor): boolean {
    if (row.time !== this.#time) {
      this.#time = row.time;
      if (this.#known.size > 0) this.#known.clear();
      row.identityTo(this.#first);
      return false;
    }
    if (this.#known.size === 0) this.#known.add(this.#first.toString('latin1'));
    row.identityTo(this.#row);
    const before = this.#known.size;
    this.#known.add(this.#row.toString('latin1'));
    if (this.#known.size > before) return false;
    this.count++;
    return true;
  }
}

/** Returns the largest number of runs that have rows of one time, or of times around it. */
function mostAtOnce(runs: readonly Run[]): number {
  const starts = Float64Array.from(runs, ({ firstTime }) => firstTime).sort();
  const ends = Float64Array.from(runs, ({ lastTime }) => lastTime).sort();
  let most = 1;
  for (let start = 0, end = 0; start < starts.length; start++) {
    while (ends[end]! < starts[start]!) end++;
    most = Math.max(most, start + 1 - end);
  }
  return most;
}

/** Gathers what is written, and writes it in large pieces. */
class EventWriter implements ByteSink {
  /** Bytes of the largest group that has ended. */
  largestGroupBytes = 0;
  readonly #file: number;
  readonly #buffer = Buffer.allocUnsafeSlow(OUT_BYTES);
  #used = 0;
  #groupBytes = 0;

  constructor(out: string) {
    this.#file = openSync(out, 'wx', 0o600);
  }

  get isFull(): boolean {
    return this.#used > OUT_BYTES / 2;
  }

  take(bytes: Buffer, from: number, to: number): void {
    if (this.#used + to - from > OUT_BYTES) this.flush();
    this.#used += bytes.copy(this.#buffer, this.#used, from, to);
    this.#groupBytes += to - from;
  }

  beginGroup(): void {
    this.largestGroupBytes = Math.max(this.largestGroupBytes, this.#groupBytes);
    this.#groupBytes = 0;
  }

  flush(): void {
    for (let at = 0; at < this.#used; ) at += writeSync(this.#file, this.#buffer, at, this.#used - at);
    this.#used = 0;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The open runs are a binary heap: none stands before the one at half its place. */
function addTo(heap: RowCursor[], cursor: RowCursor): void {
  let at = heap.push(cursor) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!cursor.isBefore(heap[above]!)) break;
    heap[at] = heap[above]!;
    at = above;
  }
  heap[at] = cursor;
}

function sinkFirst(heap: RowCursor[]): void {
  const cursor = heap[0]!;
  let at = 0;
  for (let below = 1; below < heap.length; below = at * 2 + 1) {
    if (below + 1 < heap.length && heap[below + 1]!.isBefore(heap[below]!)) below++;
    if (!heap[below]!.isBefore(cursor)) break;
    heap[at] = heap[below]!;
    at = below;
  }
  heap[at] = cursor;
}

function removeFirst(heap: RowCursor[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  heap[0] = last;
  sinkFirst(heap);
}
