import { WASM } from './generated/grow-wasm.js';
import { counterWord, type TrainingSet } from './training-set.js';
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

/** One step of binning that is shared out: a column to a worker, or for `interleave` a block of rows. */
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
}

/** Words of a column's header that are read here. */
const [HAS_MANY, , N_MISSING, N_BAD, MUST_COUNT, N_BINS] = [0, 1, 2, 3, 9, 10];
const INTERLEAVED_ROWS = 4096;

/** What is known of a column. */
export interface ColumnFacts {
  /** Whether it has more distinct values than bins. */
  readonly hasMany: boolean;
  readonly nMissing: number;
  /** Infinite values, and codes of no category. */
  readonly nBad: number;
  /** Whether some of its values must be counted at the next level. */
  readonly mustCount: boolean;
  readonly nBins: number;
}

/** Runs steps of binning in WebAssembly, in the memory of a training set; several of them share out each step. */
export class WasmBinner {
  private readonly exports: BinExports;
  private readonly counter: Int32Array;

  constructor(
    private readonly set: TrainingSet,
    private readonly options: { readonly maxBins: number; readonly levels: Int32Array },
  ) {
    const memory = set.memory as WasmMemory;
    this.exports = instantiate<BinExports>(compileModule(WASM), memory);
    this.exports.configureBinning(set.shape.nFeatures, set.binning.states);
    this.counter = counterWord(set);
  }

  /** Does parts of a step until none is left. The counter must be 0 when the first worker starts. */
  run(step: BinStep): void {
    const nParts =
      step.pass === 'interleave' ? Math.ceil(step.nRows / INTERLEAVED_ROWS) : step.features.length;
    for (let i = this.next(); i < nParts; i = this.next()) this.runPart(step, i);
  }

  /** Makes the parts of the next step start from the first. */
  reset(): void {
    Atomics.store(this.counter, 0, 0);
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

  private next(): number {
    return Atomics.add(this.counter, 0, 1);
  }

  private runPart(step: BinStep, i: number): void {
    const { exports, options, set } = this;
    const { nSamples } = set.shape;
    const { shared } = set;
    const { chunk, nRows, level } = step;
    const feature = step.features[i]!;
    const place = step.places[i]!;
    const nLevels = options.levels[feature]!;
    const bins = [shared.lows + feature * 1024, shared.highs + feature * 1024] as const;
    const passes: Readonly<Record<BinStep['pass'], () => void>> = {
      open: () => exports.openColumn(place, nLevels > 0 ? 255 : options.maxBins, nLevels),
      count: () => {
        if (level === 0) exports.countColumn(chunk, 0, nRows, feature, place);
        else exports.countLevel(chunk, 0, nRows, feature, place, level);
      },
      split: () => exports.splitColumn(place, level),
      edges: () => exports.findEdges(place, ...bins),
      encode: () => {
        const codes = shared.columns + feature * nSamples + step.firstRow;
        exports.encodeColumn(chunk, 0, nRows, feature, place, codes, ...bins);
      },
      interleave: () => {
        const start = i * INTERLEAVED_ROWS;
        const end = Math.min(nRows, start + INTERLEAVED_ROWS);
        exports.interleave(shared.columns, nSamples, start, end, shared.rows, shared.rowBytes);
      },
    };
    passes[step.pass]();
  }
}
