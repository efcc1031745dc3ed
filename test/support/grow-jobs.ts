import { layoutBinning, layoutShared, layoutWorker } from '#src/kernels/grow-layout.js';
import {
  allocateWasm,
  bufferOf,
  type GrowShape,
  type MemoryPlan,
  type TrainingSet,
  type TreeJob,
  type TreeRules,
} from '#src/kernels/index.js';
import { featureLevels } from '#src/model/index.js';
import { binMatrix } from '#src/train/forest/bin-matrix.js';
import { crewHere } from '#src/train/forest/crew.js';
import { growRules } from '#src/train/forest/tree-params.js';
import { randomForest } from '#src/train/index.js';
import type { TrainingData } from './forest-cases.js';

/** From and to of bytes that nothing may write. */
export type Guard = readonly [start: number, end: number];

/** A job whose parts lie apart, and the bytes in between. */
export interface GuardedJob {
  readonly job: TreeJob;
  readonly guards: {
    readonly shared: readonly Guard[];
    readonly binning: readonly Guard[];
    /** By worker. */
    readonly workers: readonly (readonly Guard[])[];
  };
}

/** What a job is made of beside its data. */
export interface JobRules {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly rules?: Partial<TreeRules>;
  readonly nTrees?: number;
  readonly nWorkers?: number;
  /** Has the copy row after row, however few rows there are. */
  readonly withRows?: boolean;
}

const GUARD_BYTES = 256;
const POISON = 0xa5;
/** Numbers of a layout that are no addresses. */
const SIZES = new Set(['rowBytes', 'nBlocks', 'blockShift', 'eventsBytes', 'chunkRows', 'nPlaces', 'end']);

/** Lays out a training set in WebAssembly with guards around every part, labels filled in, and bins it. */
export async function guardedJob(data: TrainingData, more: JobRules = {}): Promise<GuardedJob> {
  const { x, y, sampleWeight } = data;
  const params = randomForest.params(more.params);
  const rules: TreeRules = {
    ...growRules(params, x.nSamples, x.features.length),
    drawFeatures: true,
    randomSplits: false,
    randomState: params.randomState,
    nDraws: params.bootstrap ? x.nSamples : 0,
    balancedSubsample: params.classWeight === 'balanced_subsample',
    ...more.rules,
  };
  const shape: GrowShape = {
    nSamples: x.nSamples,
    nFeatures: x.features.length,
    nClasses: y.classes.length,
    weighted: sampleWeight !== undefined,
    wide: sampleWeight !== undefined || rules.balancedSubsample,
    maxLeafNodes: Number.isFinite(rules.maxLeafNodes) ? rules.maxLeafNodes : 0,
  };
  const { plan, guards } = spread(shape, more.nWorkers ?? 1, more.withRows ?? false);
  const set = allocateWasm(plan);
  fillSamples(set, data);
  const job: TreeJob = {
    kernels: 'wasm',
    set,
    rules,
    firstTree: 0,
    nTrees: more.nTrees ?? 3,
    maxBins: params.maxBins,
    levels: featureLevels(x.features),
  };
  poison(set, [...guards.shared, ...guards.binning]);
  await binMatrix(x, job, crewHere(job));
  return { job, guards };
}

function fillSamples(set: TrainingSet, { y, sampleWeight }: TrainingData): void {
  const buffer = bufferOf(set);
  new Uint16Array(buffer, set.shared.labels, y.codes.length).set(y.codes);
  if (!sampleWeight) return;
  new Float64Array(buffer, set.shared.sampleWeights, sampleWeight.length).set(sampleWeight);
  let sum = 0;
  new Float64Array(buffer, set.shared.cumulative, sampleWeight.length).set(
    sampleWeight.map((weight) => {
      sum += weight;
      return sum;
    }),
  );
}

/** The layout of `planMemory`, with guards before, between and behind all parts. */
function spread(shape: GrowShape, nWorkers: number, withRows: boolean) {
  const plain = layoutShared(shape, false);
  const { rowBytes } = plain;
  const [shared, sharedGuards] = apart(
    withRows ? { ...plain, rows: plain.end, end: plain.end + shape.nSamples * rowBytes } : plain,
  );
  const { chunks, ...rest } = layoutBinning(shape, shared.end);
  const [binning, binningGuards] = apart({ first: chunks[0], second: chunks[1], ...rest });
  const workers = [];
  const workerGuards = [];
  let end = shared.end;
  for (let w = 0; w < nWorkers; w++) {
    const [own, guards] = apart(layoutWorker(shape, shared, end));
    workers.push(own);
    workerGuards.push(guards);
    end = own.end;
  }
  const plan: MemoryPlan = {
    shape,
    shared,
    binning: { ...binning, chunks: [binning.first, binning.second] },
    workers,
    bytes: Math.max(end, binning.end),
  };
  return { plan, guards: { shared: sharedGuards, binning: binningGuards, workers: workerGuards } };
}

function apart<T extends object>(layout: T): [T, Guard[]] {
  const parts = Object.entries(layout as Record<string, number>)
    .filter(([name, at]) => !SIZES.has(name) && (at > 0 || name === 'control'))
    .sort(([, a], [, b]) => a - b);
  const moved: Record<string, number> = { ...(layout as Record<string, number>) };
  const guards = parts.map(([name, at], k): Guard => {
    moved[name] = at + (k + 1) * GUARD_BYTES;
    return [at + k * GUARD_BYTES, at + (k + 1) * GUARD_BYTES];
  });
  const end = moved['end']! + parts.length * GUARD_BYTES;
  moved['end'] = end + GUARD_BYTES;
  return [moved as T, [...guards, [end, end + GUARD_BYTES]]];
}

/** Fills guards with a pattern. */
export function poison(set: TrainingSet, guards: readonly Guard[]): void {
  const bytes = new Uint8Array(bufferOf(set));
  for (const [start, end] of guards) bytes.fill(POISON, start, end);
}

/** Returns the bytes of guards that were written. */
export function written(set: TrainingSet, guards: readonly Guard[]): number[] {
  const bytes = new Uint8Array(bufferOf(set));
  const found: number[] = [];
  for (const [start, end] of guards)
    for (let at = start; at < end; at++) if (bytes[at] !== POISON) found.push(at);
  return found;
}
