import { WASM } from './generated/grow-wasm.js';
import { binningWords, type TrainingSet } from './training-set.js';
import { compileModule, instantiate, type WasmMemory } from './wasm.js';

/** What assembly/grow exports for binning. Addresses are bytes; a place is the number of a column's region. */
interface BinExports {
  readonly COLUMN_BYTES: { readonly value: number };
  configureBinning(nFeatures: number, states: number): void;
  openColumn(place: number, maxBins: number, nLevels: number): void;
  countColumn(chunk: number, start: number, end: number, feature: number, place: number): void;
  countLevel(chunk: number, start: number, end: number, feature: number, place: number, level: number): void;
  splitColumn(place: number, level: number): void;
  findEdges(place: number, lows: number, highs: number): void;
  encodeColumn(
    ...args: [
      chunk: number,
      start: number,
      end: number,
      feature: number,
      place: number,
      codes: number,
      lows: number,
      highs: number,
    ]
  ): void;
  interleave(
    ...args: [columns: number, nSamples: number, start: number, end: number, rows: number, rowBytes: number]
  ): void;
}

/** One step of binning that is shared out by columns, or for `interleave` by blocks of rows. */
export interface BinStep {
  readonly pass: 'open' | 'count' | 'split' | 'edges' | 'encode' | 'interleave';
  /** The chunk to read: its address, the row it starts with, and its rows. */
  readonly chunk: number;
  readonly firstRow: number;
  readonly nRows: number;
  /** Features to look at, with their places in `places`. */
  readonly features: readonly number[];
  readonly places: readonly number[];
  /** Level of `count` (0: the values themselves) and `split`. */
  readonly level: number;
  /** Which step of the fit it is. */
  readonly turn: number;
  /** Whether the step before reads the rows before of the same columns, and may still be under way. */
  readonly follows: boolean;
}

/** Words of a column's header that are read here. */
const [HAS_MANY, , N_MISSING, N_BAD, MUST_COUNT, N_BINS] = [0, 1, 2, 3, 9, 10];
const INTERLEAVED_ROWS = 4096;
/** Words that steps take their parts from, in turn, and behind them the step that was last done for columns together. */
const COUNTERS = 4;
/** Columns and rows that are read together: the rows stay in the nearer caches while one column after the other is. */
const COLUMNS_TOGETHER = 4;
const ROWS_TOGETHER = 1024;

/** What is known of a column. */
interface ColumnFacts {
  /** Whether it has more distinct values than bins. */
  readonly hasMany: boolean;
  readonly nMissing: number;
  /** Infinite values, and codes of no category. */
  readonly nBad: number;
  /** Whether some of its values must be counted at the next level. */
  readonly mustCount: boolean;
  readonly nBins: number;
}

/**
 * Runs steps of binning in WebAssembly, in the memory of a training set; several of them share out each step. Two steps of
 * one pass may be under way at once: a thread that finds no part left goes on with the next, where it waits for columns
 * that another thread still reads.
 */
export class WasmBinner {
  private readonly exports: BinExports;
  private readonly words: Int32Array;
  private turn = 0;

  constructor(
    private readonly set: TrainingSet,
    private readonly options: { readonly maxBins: number; readonly levels: Int32Array },
  ) {
    const memory = set.memory as WasmMemory;
    this.exports = instantiate<BinExports>(compileModule(WASM), memory);
    this.exports.configureBinning(set.shape.nFeatures, set.binning.states);
    this.words = binningWords(set);
  }

  /** Returns the turn of a new step, whose parts are all left. For the thread that gives the steps out. */
  openStep(): number {
    this.turn++;
    Atomics.store(this.words, this.turn % COUNTERS, 0);
    return this.turn;
  }

  /** Does parts of a step until none is left. */
  run(step: BinStep): void {
    if (step.pass === 'interleave') this.interleave(step);
    else if (step.pass === 'count' || step.pass === 'encode') this.readColumns(step);
    else
      for (let i = this.next(step); i < step.features.length; i = this.next(step)) this.finishColumn(step, i);
  }

  /** Returns what is known of the column at a place. */
  facts(place: number): ColumnFacts {
    const { binning, memory } = this.set;
    const at = binning.states + place * this.exports.COLUMN_BYTES.value;
    const header = new Uint32Array((memory as WasmMemory).buffer, at, 16);
    return {
      hasMany: header[HAS_MANY!] === 1,
      nMissing: header[N_MISSING!]!,
      nBad: header[N_BAD!]!,
      mustCount: header[MUST_COUNT!]! > 0,
      nBins: header[N_BINS!]!,
    };
  }

  private next({ turn }: BinStep): number {
    return Atomics.add(this.words, turn % COUNTERS, 1);
  }

  private readColumns(step: BinStep): void {
    const { words } = this;
    const n = step.features.length;
    for (let part = this.next(step); part * COLUMNS_TOGETHER < n; part = this.next(step)) {
      const done = COUNTERS + part;
      if (step.follows)
        for (let last = Atomics.load(words, done); last < step.turn - 1; last = Atomics.load(words, done))
          Atomics.wait(words, done, last);
      const start = part * COLUMNS_TOGETHER;
      this.readTogether(step, start, Math.min(n, start + COLUMNS_TOGETHER));
      Atomics.store(words, done, step.turn);
      Atomics.notify(words, done);
    }
  }

  /** Counts or encodes the columns from `start` to `end`, some rows of each before the next rows of any. */
  private readTogether(step: BinStep, start: number, end: number): void {
    const { exports, set } = this;
    const { lows, highs, columns } = set.shared;
    const { chunk, nRows, level } = step;
    for (let row = 0; row < nRows; row += ROWS_TOGETHER)
      for (let i = start; i < end; i++) {
        const feature = step.features[i]!;
        const where = [chunk, row, Math.min(nRows, row + ROWS_TOGETHER), feature, step.places[i]!] as const;
        if (step.pass === 'encode') {
          const codes = columns + feature * set.shape.nSamples + step.firstRow + row;
          exports.encodeColumn(...where, codes, lows + feature * 1024, highs + feature * 1024);
        } else if (level === 0) exports.countColumn(...where);
        else exports.countLevel(...where, level);
      }
  }

  private finishColumn({ pass, features, places, level }: BinStep, i: number): void {
    const { exports, options, set } = this;
    const feature = features[i]!;
    const place = places[i]!;
    const nLevels = options.levels[feature]!;
    if (pass === 'open') exports.openColumn(place, nLevels > 0 ? 255 : options.maxBins, nLevels);
    else if (pass === 'split') exports.splitColumn(place, level);
    else exports.findEdges(place, set.shared.lows + feature * 1024, set.shared.highs + feature * 1024);
  }

  private interleave(step: BinStep): void {
    const { columns, rows, rowBytes } = this.set.shared;
    const { nSamples } = this.set.shape;
    for (let part = this.next(step); part * INTERLEAVED_ROWS < step.nRows; part = this.next(step)) {
      const start = part * INTERLEAVED_ROWS;
      const end = Math.min(step.nRows, start + INTERLEAVED_ROWS);
      this.exports.interleave(columns, nSamples, start, end, rows, rowBytes);
    }
  }
}
