import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { AcceptedInput, FeatureMatrix, FeatureSpec, HoneypotEvent, Prediction } from '../data/index.js';
import type { VerifiedPackage } from '../deploy/index.js';
import {
  type FeaturePipeline,
  featurePipelineFromJSON,
  inputKindOf,
  rowsToMatrix,
} from '../features/index.js';
import { eventsFromRecords, type IngestReport, WEEK6_SCHEMA } from '../ingest/index.js';
import { type Model, predict } from '../model/index.js';

/** A model with the features it was trained on: raw events or rows of features in, predictions out. */
export class Detector {
  readonly model: Model;
  readonly pipeline: FeaturePipeline | undefined;

  constructor(model: Model, pipeline: FeaturePipeline | undefined) {
    this.model = model;
    this.pipeline = pipeline;
  }

  /** Which inputs it takes: its signature's `inputKind`. */
  get inputKind(): AcceptedInput {
    return this.pipeline === undefined ? 'rows' : 'both';
  }

  get features(): readonly FeatureSpec[] {
    return this.model.features;
  }

  get classes(): readonly (number | string)[] {
    return this.model.classes;
  }

  /** The score above which two-class detectors name the second class; null for more classes. */
  get threshold(): number | null {
    return this.classes.length === 2 ? 0.5 : null;
  }

  /**
   * Returns one prediction a record. All records are raw events, or all are rows of the named features.
   * Throws BAD_DATA naming row and field for mixed, incomplete or mistyped records.
   *
   * @example
   * ```ts
   * import { createMajorityModel } from 'phantomnet';
   * const features = [{ name: 'payload_length', type: 'numeric' }];
   * const model = createMajorityModel({ features, classes: [0, 1], priors: Float64Array.of(0.75, 0.25) });
   * new Detector(model, undefined).predict([{ payload_length: 120 }]).map((p) => p.label); // [0]
   * ```
   */
  predict(records: readonly unknown[]): Prediction[] {
    if (inputKindOf(records, this.pipeline) === 'rows')
      return this.predictMatrix(rowsToMatrix(this.features, records));
    this.requireFields(records as readonly Readonly<Record<string, unknown>>[]);
    return this.predictEvents(eventsFromRecords(records, { requiredColumns: [] }));
  }

  /** The event columns its features are read from; none for a model that takes rows only. */
  get columns(): readonly string[] {
    return this.pipeline?.signature.columns ?? [];
  }

  /** A missing value is written as null; a field that is not there at all is more likely a misspelt name. */
  private requireFields(records: readonly Readonly<Record<string, unknown>>[]): void {
    records.forEach((record, row) => {
      const absent = this.columns.find((column) => !Object.hasOwn(record, column));
      if (absent === undefined) return;
      throw new PhantomNetError(
        'BAD_DATA',
        `row ${row}: field ${show(absent)} is missing, and a feature is made from it`,
        {
          hint:
            didYouMean(absent, Object.keys(record)) ??
            `give every event ${this.columns.join(', ')}; null where there is no value`,
          details: { row, field: absent },
        },
      );
    });
  }

  /**
   * Throws BAD_DATA when no event of a file has a column that a feature is made from. JSON lines leave out what has no
   * value, so there it is an error only where a key looks misspelt or none of the columns is there.
   */
  requireColumns(events: readonly HoneypotEvent[], format: IngestReport['format']): void {
    const [first] = events;
    const has = (column: string): boolean => events.some((event) => Object.hasOwn(event.fields, column));
    const absent = this.columns.filter((column) => !has(column));
    if (first === undefined || absent.length === 0) return;
    const unknown = Object.keys(first.fields).filter((key) => !WEEK6_SCHEMA.some(({ name }) => name === key));
    const misspelt = absent.find((column) => didYouMean(column, unknown) !== undefined);
    const column = misspelt ?? absent[0]!;
    if (format === 'jsonl' && misspelt === undefined && absent.length < this.columns.length) return;
    throw new PhantomNetError(
      'BAD_DATA',
      `${first.file}: no column ${show(column)}, and a feature of the model is made from it`,
      {
        hint: didYouMean(column, unknown) ?? `the columns are ${Object.keys(first.fields).join(', ')}`,
        details: { file: first.file, column },
      },
    );
  }

  /** Returns one prediction an event. Throws BAD_DATA when the model takes rows only. */
  predictEvents(events: readonly HoneypotEvent[]): Prediction[] {
    return this.predictMatrix(this.transform(events));
  }

  /** Returns the features of events. Throws BAD_DATA when the model takes rows only. */
  transform(events: readonly HoneypotEvent[]): FeatureMatrix {
    if (this.pipeline === undefined)
      throw new PhantomNetError('BAD_DATA', 'this model takes rows of its features, not raw events', {
        hint: `give rows with ${this.features.map((f) => f.name).join(', ')}`,
      });
    return this.pipeline.transform(events);
  }

  /** Returns one prediction a row of the matrix; equal scores go to the lower class. */
  predictMatrix(matrix: FeatureMatrix): Prediction[] {
    const nClasses = this.classes.length;
    const scores = this.model.predictScoresBatch(matrix);
    return Array.from(predict(this.model, scores), (code, i) => {
      const row = [...scores.subarray(i * nClasses, (i + 1) * nClasses)];
      return { label: this.classes[code]!, score: row[nClasses === 2 ? 1 : code]!, scores: row };
    });
  }
}

/** Returns the detector of a verified package. Throws INTEGRITY when its feature state is not one of ours. */
export function detectorOf(pkg: VerifiedPackage): Detector {
  const pipeline = pkg.features === undefined ? undefined : featurePipelineFromJSON(parseState(pkg.features));
  if (pipeline !== undefined) checkAgreement(pipeline, pkg.model);
  return new Detector(pkg.model, pipeline);
}

function parseState(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PhantomNetError('INTEGRITY', 'features.json is not JSON', {
      cause,
      hint: 'the package was not made by this program, or was changed since',
    });
  }
}

function checkAgreement(pipeline: FeaturePipeline, model: Model): void {
  if (JSON.stringify(pipeline.features) !== JSON.stringify(model.features))
    throw new PhantomNetError('INTEGRITY', 'the stored features are not the features of the model file', {
      hint: 'one of the two was changed since they were logged; register a version made from a fresh run',
    });
}
