import { MAX_DENSE_CLASSES } from './node-classes.js';

/** What decides how a fit lies in memory. */
export interface GrowShape {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nClasses: number;
  /** Whether samples have float64 weights of their own, or are drawn in proportion to them. */
  readonly weighted: boolean;
  /** Whether a tree's weights are no whole numbers, so that every row has a float64 weight in every worker. */
  readonly wide: boolean;
  /** Leaves a tree grows best split first to; 0 is unlimited. */
  readonly maxLeafNodes: number;
}

/** Byte offsets of what all workers share; `rows` is 0 where there is no row-major copy. */
export interface SharedLayout {
  readonly control: number;
  readonly kinds: number;
  readonly lows: number;
  readonly highs: number;
  readonly labels: number;
  readonly sampleWeights: number;
  readonly cumulative: number;
  readonly columns: number;
  readonly rows: number;
  readonly rowBytes: number;
  /** Where the workers' regions start. */
  readonly end: number;
}

/** Byte offsets of what one worker has for itself. */
export interface WorkerLayout {
  readonly config: number;
  readonly samples: number;
  readonly scratch: number;
  readonly treeWeights: number;
  readonly histograms: number;
  readonly counts: number;
  readonly bitmaps: number;
  readonly order: number;
  readonly constants: number;
  readonly chosen: number;
  readonly totals: number;
  readonly leftSums: number;
  readonly rightSums: number;
  readonly bestSums: number;
  readonly levels: number;
  readonly bestSet: number;
  readonly stack: number;
  readonly frontier: number;
  readonly heap: number;
  readonly blocks: number;
  readonly nBlocks: number;
  readonly blockShift: number;
  readonly events: number;
  readonly eventsBytes: number;
  readonly end: number;
}

/** Bytes of an event before its class weights, as assembly/grow/grow.ts writes them. */
export const EVENT_HEAD = 48;
/** A row of more bytes than two cache lines is not worth copying. */
const MAX_ROW_BYTES = 128;
/** Rows below which all columns stay in the cache, and a copy row after row gains nothing. */
const ROWS_PAY = 262_144;
/** A block has room for an eighth of the rows of the one before, down to about this many. */
const BLOCK_SHIFT = 3;
const SMALLEST_BLOCK = 256;
const EVENTS_BYTES = 256 * 1024;
const STACK_ENTRIES = 72;
/** Bytes a sample takes beyond `MAX_DENSE_CLASSES` where it is sorted, with its class and its weight. */
const SORTED_BYTES = 64;

/** Bytes of a column's region while it is binned, as assembly/grow/column-region.ts has them. */
const COLUMN_BYTES = 64 + 4096 + 262_144 + 6144 * 72;
/** Columns that are binned at once: more take more passes over the rows. */
const BINNED_AT_ONCE = 64;
const CHUNK_BYTES = 2 * 1024 * 1024;

/** Byte offsets of what binning needs beside the set itself. */
export interface BinningLayout {
  /** Two chunks of rows: one is copied in while the other is read. */
  readonly chunks: readonly [number, number];
  readonly chunkRows: number;
  readonly states: number;
  /** Columns that there are regions for. */
  readonly nPlaces: number;
  readonly end: number;
}

/** Hands out regions one after the other, each at a multiple of 64 bytes. */
class Allocator {
  constructor(public at: number) {}

  take(bytes: number): number {
    const start = Math.ceil(this.at / 64) * 64;
    this.at = start + bytes;
    return start;
  }
}

/** Returns where the training set lies. `rowMajor` adds the copy row after row, which large sets grow faster on. */
export function layoutShared(shape: GrowShape, rowMajor: boolean): SharedLayout {
  const { nSamples, nFeatures, weighted } = shape;
  const memory = new Allocator(0);
  const rowBytes = Math.ceil(nFeatures / 16) * 16;
  const withRows = rowMajor && rowBytes <= MAX_ROW_BYTES && nSamples >= ROWS_PAY;
  return {
    control: memory.take(1024), // below every region, so that 0 can mean that there is none
    kinds: memory.take(nFeatures),
    lows: memory.take(nFeatures * 1024),
    highs: memory.take(nFeatures * 1024),
    labels: memory.take(nSamples * 2),
    sampleWeights: weighted ? memory.take(nSamples * 8) : 0,
    cumulative: weighted ? memory.take(nSamples * 8) : 0,
    columns: memory.take(nSamples * nFeatures),
    rows: withRows ? memory.take(nSamples * rowBytes) : 0,
    rowBytes,
    end: memory.take(0),
  };
}

/**
 * Returns where a worker's region from `start` has its parts. Beyond `MAX_DENSE_CLASSES` it is as large as what the
 * kernels in JavaScript allocate, which nothing lies in.
 */
export function layoutWorker(shape: GrowShape, shared: SharedLayout, start: number): WorkerLayout {
  const { nSamples, nFeatures, nClasses, wide } = shape;
  const isDense = nClasses <= MAX_DENSE_CLASSES;
  const nDense = isDense ? nClasses : 0;
  const memory = new Allocator(start);
  const sums = () => memory.take(Math.max(16, nClasses * 8));
  const hasBlocks = shared.rows > 0;
  let nBlocks = 0;
  let blockRows = 0;
  for (let rows = nSamples >>> BLOCK_SHIFT; hasBlocks && rows >= SMALLEST_BLOCK; rows >>>= BLOCK_SHIFT) {
    nBlocks++;
    blockRows += rows;
  }
  // Every leaf but the first came with a sibling; a node that is open holds two samples at least.
  const nOpen = Math.min(2 * shape.maxLeafNodes, 2 * nSamples);
  const eventBytes = EVENT_HEAD + 16 * nDense;
  const eventsBytes = Math.max(Math.min(EVENTS_BYTES, eventBytes * nSamples), eventBytes);
  return {
    config: memory.take(256),
    samples: memory.take(nSamples * 4 + 4),
    scratch: memory.take(nSamples * 4 + 4),
    treeWeights: wide ? memory.take(nSamples * 8) : 0,
    histograms: memory.take(
      isDense ? 256 * nClasses * 8 + (nClasses === 2 ? 6 * 2048 : 0) : nSamples * SORTED_BYTES,
    ),
    counts: memory.take(1024),
    bitmaps: memory.take(96),
    order: memory.take(nFeatures * 4),
    constants: memory.take(nFeatures * 8),
    chosen: memory.take(nFeatures * 4 + 8),
    totals: sums(),
    leftSums: sums(),
    rightSums: sums(),
    bestSums: sums(),
    levels: memory.take(256 + 2048),
    bestSet: memory.take(288),
    stack: memory.take(STACK_ENTRIES * (32 + 8 * nDense)),
    frontier: memory.take(nOpen * (344 + 16 * nDense)),
    heap: memory.take(nOpen * 4),
    blocks: memory.take(blockRows * shared.rowBytes),
    nBlocks,
    blockShift: BLOCK_SHIFT,
    events: memory.take(eventsBytes),
    eventsBytes,
    end: memory.take(0),
  };
}

/** Returns where binning has its chunks and the regions of its columns, from `start`. */
export function layoutBinning({ nSamples, nFeatures }: GrowShape, start: number): BinningLayout {
  const memory = new Allocator(start);
  const chunkRows = Math.max(1, Math.min(nSamples, Math.floor(CHUNK_BYTES / (4 * nFeatures))));
  const nPlaces = Math.min(nFeatures, BINNED_AT_ONCE);
  return {
    chunks: [memory.take(chunkRows * nFeatures * 4), memory.take(chunkRows * nFeatures * 4)],
    chunkRows,
    states: memory.take(nPlaces * COLUMN_BYTES),
    nPlaces,
    end: memory.take(0),
  };
}
