import type { HoneypotEvent, Prediction } from '../data/index.js';
import { createOnnxScorer, type OnnxPackage, type OnnxScorer } from '../deploy/index.js';
import { describeFeatures, type FeaturePipeline, fitFeatures, inputKindOf } from '../features/index.js';
import { EVENT_SCHEMA } from '../ingest/index.js';
import { EventInput } from './event-input.js';
import { matrixRecords, tableRecords } from './matrix-records.js';
import { isTable, type Samples } from './samples.js';

/**
 * An ONNX model of another program: rows of its columns in, predictions out, a call at a time. It takes raw events too
 * where all its columns are numeric features of ours by name; they are then made as training makes them by default.
 */
export class OnnxDetector extends EventInput {
  readonly scorer: OnnxScorer;

  constructor(scorer: OnnxScorer) {
    super(pipelineFor(scorer.columns.map(({ name }) => name)));
    this.scorer = scorer;
  }

  get classes(): readonly (number | string)[] {
    return this.scorer.classes;
  }

  /** The graph itself names the class, by whatever threshold it has. */
  get threshold(): null {
    return null;
  }

  /** Returns one prediction a record. All records are raw events, or all are rows. Throws BAD_DATA naming row and field. */
  async predict(records: readonly unknown[]): Promise<Prediction[]> {
    const takesEvents = this.pipeline !== undefined && inputKindOf(records, this.pipeline) === 'events';
    return takesEvents ? this.predictEvents(this.readEvents(records)) : this.scorer.predict(records);
  }

  /** Returns one prediction an event. Throws BAD_DATA when the model takes rows only. */
  async predictEvents(events: readonly HoneypotEvent[]): Promise<Prediction[]> {
    return this.scorer.predict(matrixRecords(this.transform(events)));
  }

  /** Returns one prediction an event or row of a table. Throws BAD_DATA naming the column that is not there. */
  async predictSamples(samples: Samples): Promise<Prediction[]> {
    if (!isTable(samples)) return this.predictEvents(samples);
    const names = this.scorer.columns.map(({ name }) => name);
    return this.scorer.predict(tableRecords(samples, names));
  }
}

/** Returns the detector of an ONNX package. Throws UNSUPPORTED where onnxruntime-node is missing, INTEGRITY for a graph that is no classifier. */
export async function onnxDetectorOf(pkg: OnnxPackage): Promise<OnnxDetector> {
  return new OnnxDetector(await createOnnxScorer(pkg));
}

/** Categories are learnt from rows that only the other program had, so numeric features alone have a pipeline here. */
function pipelineFor(names: readonly string[]): FeaturePipeline | undefined {
  const numeric = new Set(describeFeatures().flatMap((f) => (f.type === 'numeric' ? [f.name] : [])));
  if (names.length === 0 || !names.every((name) => numeric.has(name))) return undefined;
  return fitFeatures([], { schema: EVENT_SCHEMA, features: names });
}
