import { PhantomNetError } from '../core/index.js';
import type { FeatureMatrix, FeatureSpec, HoneypotEvent, Prediction } from '../data/index.js';
import type { StoredDecision, VerifiedPackage } from '../deploy/index.js';
import {
  columnRecords,
  type EncodedMatrix,
  type FeatureColumns,
  type FeatureEncoding,
  type FeaturePipeline,
  featureEncodingFromJSON,
  featurePipelineFromJSON,
  inputKindOf,
  rowsToColumns,
  rowsToMatrix,
  type Sampling,
  samplingFromJSON,
  tableToColumns,
  tableToMatrix,
} from '../features/index.js';
import {
  type Decided,
  decide,
  isTreesModel,
  type Model,
  type ParallelOptions,
  predict,
  predictScoresParallel,
} from '../model/index.js';
import { EventInput } from './event-input.js';
import { matrixRecords } from './matrix-records.js';
import { isTable, type Samples } from './samples.js';

/** What a detector may have beside its model. */
export type DetectorParts = Partial<Pick<Detector, 'sampling' | 'encoding' | 'decision'>>;

/** A model with the features it was trained on: raw events or rows of features in, predictions out. */
export class Detector extends EventInput {
  readonly model: Model;
  /** How samples are made of events, for a model that was trained on such; a file is then read as events. */
  readonly sampling: Sampling | undefined;
  /** How the features that a caller gives become those of the model; undefined where they are the same. */
  readonly encoding: FeatureEncoding | undefined;
  /** Threshold and calibration; undefined where the class with the highest score is named. */
  readonly decision: StoredDecision | undefined;

  /** Throws INVALID_PARAMETER for a decision of a model that has not two classes. */
  constructor(
    model: Model,
    pipeline: FeaturePipeline | undefined,
    { sampling, encoding, decision }: DetectorParts = {},
  ) {
    super(pipeline);
    if (decision !== undefined && model.classes.length !== 2)
      throw new PhantomNetError(
        'INVALID_PARAMETER',
        `a decision is for two classes, the model has ${model.classes.length}`,
        { hint: 'leave the decision out: the class with the highest score is named' },
      );
    this.model = model;
    this.sampling = sampling;
    this.encoding = encoding;
    this.decision = decision;
  }

  /** The features that a caller gives; the model has others where they are encoded. */
  get features(): readonly FeatureSpec[] {
    return this.encoding?.inputs ?? this.model.features;
  }

  get classes(): readonly (number | string)[] {
    return this.model.classes;
  }

  /** The score above which two-class detectors name the second class, Infinity where none is; null for more classes. */
  get threshold(): number | null {
    return this.decision?.threshold ?? (this.classes.length === 2 ? 0.5 : null);
  }

  /** Accuracy of a forest out of bag; null where it was not asked for. */
  get oobScore(): number | null {
    return isTreesModel(this.model) ? this.model.oobScore : null;
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
    if (inputKindOf(records, this.pipeline, this.features) === 'rows') {
      const missing = this.pipeline === undefined ? { mayBeMissing: () => true } : {};
      const matrix =
        this.encoding?.transform(rowsToColumns(this.features, records, missing)) ??
        rowsToMatrix(this.features, records, missing);
      return this.predictMatrix(matrix);
    }
    return this.predictEvents(this.readEvents(records));
  }

  /** Returns one prediction an event. Throws BAD_DATA when the model takes rows only. */
  predictEvents(events: readonly HoneypotEvent[]): Prediction[] {
    return this.predictSamples(events);
  }

  /** Returns one prediction an event or row of a table. Throws BAD_DATA where `transform` does. */
  predictSamples(samples: Samples): Prediction[] {
    return this.predictMatrix(this.transform(samples));
  }

  /**
   * Returns the matrix that the model takes, of events or of the rows of a table that has its features as columns; unseen
   * categories are counted. Throws BAD_DATA where they are not.
   */
  override transform(samples: Samples): EncodedMatrix {
    if (this.encoding !== undefined) return this.encoding.transform(this.#columnsOf(samples));
    return isTable(samples) ? tableToMatrix(samples, this.features) : super.transform(samples);
  }

  /** Returns the features of samples as a caller gives them, row by row: categories as text, missing values as null. */
  records(samples: Samples): Record<string, number | string | null>[] {
    if (this.encoding === undefined) return matrixRecords(this.transform(samples));
    return columnRecords(this.#columnsOf(samples));
  }

  #columnsOf(samples: Samples): FeatureColumns {
    return isTable(samples)
      ? tableToColumns(samples, this.features)
      : this.requirePipeline().columnsOf(samples);
  }

  /** Returns scores as they are told, calibrated where that was asked for, and the class of each row. `raw` is what the model gives. */
  decide(raw: Float64Array): Decided {
    if (this.decision !== undefined) return decide(raw, this.decision);
    return { scores: raw, codes: predict(this.model, raw) };
  }

  /** Returns one prediction a row of the matrix; without a threshold of its own, equal scores go to the lower class. */
  predictMatrix(matrix: FeatureMatrix): Prediction[] {
    return this.#predictionsOf(this.model.predictScoresBatch(matrix));
  }

  /** Returns what `predictMatrix` does, to the bit, scored by several threads where the matrix is large. */
  async predictMatrixParallel(matrix: FeatureMatrix, options: ParallelOptions = {}): Promise<Prediction[]> {
    return this.#predictionsOf(await predictScoresParallel(this.model, matrix, options));
  }

  #predictionsOf(raw: Float64Array): Prediction[] {
    const nClasses = this.classes.length;
    const { scores, codes } = this.decide(raw);
    return Array.from(codes, (code, i) => {
      const row = [...scores.subarray(i * nClasses, (i + 1) * nClasses)];
      return { label: this.classes[code]!, score: row[nClasses === 2 ? 1 : code]!, scores: row };
    });
  }
}

/**
 * Returns the detector of a verified package. Throws INTEGRITY when its feature state is not one of ours, or its encoding
 * makes other features of the stored example than when it was stored.
 */
export function detectorOf(pkg: VerifiedPackage): Detector {
  const pipeline =
    pkg.features === undefined
      ? undefined
      : featurePipelineFromJSON(parseState(pkg.features, 'features.json'));
  const encoding =
    pkg.encoding === undefined
      ? undefined
      : featureEncodingFromJSON(parseState(pkg.encoding, 'encoding.json'), pkg.inputExample);
  checkAgreement(pkg.model, pipeline, encoding);
  const sampling =
    pkg.samples === undefined ? undefined : samplingFromJSON(parseState(pkg.samples, 'samples.json'));
  return new Detector(pkg.model, pipeline, { sampling, encoding, decision: pkg.decision });
}

function parseState(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PhantomNetError('INTEGRITY', `${file} is not JSON`, {
      cause,
      hint: 'the package was not made by this program, or was changed since',
    });
  }
}

function checkAgreement(
  { features }: Model,
  pipeline: FeaturePipeline | undefined,
  encoding: FeatureEncoding | undefined,
): void {
  const named = (list: readonly FeatureSpec[]) => list.map(({ name, type }) => ({ name, type }));
  const pairs = [
    encoding === undefined ? [pipeline?.features, features] : [encoding.features, features],
    encoding === undefined ? [] : [pipeline && named(pipeline.features), encoding.inputs],
  ];
  if (pairs.every(([a, b]) => a === undefined || JSON.stringify(a) === JSON.stringify(b))) return;
  throw new PhantomNetError('INTEGRITY', 'the stored features are not the features of the model file', {
    hint: 'one of them was changed since they were logged; register a version made from a fresh run',
  });
}
