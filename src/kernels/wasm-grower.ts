import { WASM } from './generated/grow-wasm.js';
import type { SharedLayout, WorkerLayout } from './grow-layout.js';
import { Growth } from './growth.js';
import { DenseClasses } from './node-classes.js';
import type { TrainingSet, TreeRules } from './training-set.js';
import { compileModule, instantiate, type WasmMemory } from './wasm.js';

/** What assembly/grow exports for growing. */
interface GrowExports {
  configure(config: number): void;
  startTree(randomState: number, tree: number): number;
  grow(): number;
  takeEvents(): number;
}

const DONE = 0;
const UNLIMITED = 0xffffffff;
const whole = (value: number) => Math.min(value, UNLIMITED);

/** Grows trees in WebAssembly: the fast form of `TreeGrower`, in the memory of the training set. */
export class WasmGrower {
  private readonly exports: GrowExports;
  private readonly buffer: SharedArrayBuffer;
  private readonly layout: WorkerLayout;

  /** `worker`: which of the set's regions this grower has for itself. */
  constructor(
    private readonly set: TrainingSet,
    private readonly rules: TreeRules,
    worker: number,
  ) {
    const memory = set.memory as WasmMemory;
    this.buffer = memory.buffer;
    this.layout = set.workers[worker]!;
    this.exports = instantiate<GrowExports>(compileModule(WASM), memory);
    this.clear();
    writeConfig(this.buffer, set, rules, this.layout);
    this.exports.configure(this.layout.config);
  }

  /** Grows tree `t`; see `TreeGrower`. */
  *grow(t: number): Generator<void, Growth> {
    const { exports, layout, set } = this;
    const { nClasses } = set.shape;
    exports.startTree(this.rules.randomState, t);
    const classes = new DenseClasses(nClasses, this.rules.criterion !== 'gini');
    classes.room(0).set(new Float64Array(this.buffer, layout.totals, nClasses));
    const growth = new Growth(classes);
    for (;;) {
      const state = exports.grow();
      growth.addEvents(this.buffer, layout.events, exports.takeEvents(), classes);
      if (state === DONE) return growth;
      yield;
    }
  }

  /** Empties what must be empty between uses: other kernels have used this memory before. */
  private clear(): void {
    const { histograms, counts, bitmaps, order } = this.layout;
    new Uint8Array(this.buffer, histograms, counts - histograms).fill(0);
    new Uint8Array(this.buffer, counts, bitmaps - counts).fill(0);
    new Uint8Array(this.buffer, bitmaps, order - bitmaps).fill(0);
  }
}

/** Writes the block that assembly/grow/config.ts reads. */
function writeConfig(
  buffer: SharedArrayBuffer,
  { shape, shared }: TrainingSet,
  rules: TreeRules,
  own: WorkerLayout,
): void {
  const words = new Uint32Array(buffer, own.config, 64);
  words.set([
    ...[shape.nSamples, shape.nFeatures, shape.nClasses, whole(rules.maxFeatures), whole(rules.maxDepth)],
    ...[whole(rules.minSamplesSplit), whole(rules.minSamplesLeaf), rules.criterion === 'gini' ? 0 : 1],
    ...[rules.nDraws, rules.balancedSubsample ? 1 : 0],
    ...sharedWords(shared, rules),
    ...[own.samples, own.scratch, own.treeWeights, own.histograms, own.counts, own.bitmaps, own.order],
    ...[own.constants, own.chosen, own.totals, own.leftSums, own.rightSums, own.bestSums, own.levels],
    ...[own.bestSet, own.stack, own.blocks, own.nBlocks, own.blockShift, 0],
    ...[own.events, own.eventsBytes, shared.control],
  ]);
  new Float64Array(buffer, own.config + 168, 2).set([rules.minWeightFractionLeaf, rules.minImpurityDecrease]);
  words.set(
    [
      rules.drawFeatures ? 1 : 0,
      whole(shape.maxLeafNodes),
      own.frontier,
      own.heap,
      rules.randomSplits ? 1 : 0,
    ],
    46,
  );
}

function sharedWords(shared: SharedLayout, rules: TreeRules): number[] {
  const isDrawn = rules.nDraws > 0;
  return [
    ...[shared.columns, shared.rows, shared.rowBytes, shared.labels, shared.lows, shared.highs, shared.kinds],
    ...[isDrawn ? 0 : shared.sampleWeights, isDrawn ? shared.cumulative : 0],
  ];
}
