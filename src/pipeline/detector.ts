import { PhantomNetError } from '../core/index.js';
import type { FeatureMatrix, FeatureSpec, HoneypotEvent, Prediction } from '../data/index.js';
import type { StoredDecision, VerifiedPackage } from '../deploy/index.js';
import {
  type FeaturePipeline,
  featurePipelineFromJSON,
  inputKindOf,
  rowsToMatrix,
  type Sampling,
  samplingFromJSON,
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
import { isTable, type Samples } from './samples.js';

/** A model with the features it was trained on: raw events or rows of features in, predictions out. */
export class Detector extends EventInput {
  readonly model: Model;
  /** How samples are made of events, for a model that was trained on such; a file is then read as events. */
  readonly sampling: Sampling | undefined;
  /** Threshold and calibration; undefined where the class with the highest score is named. */
  readonly decision: StoredDecision | undefined;

  /** Throws INVALID_PARAMETER for a decision of a model that has not two classes. */
  constructor(
    model: Model,
    pipeline: FeaturePipeline | undefined,
    { sampling, decision }: Partial<Pick<Detector, 'sampling' | 'decision'>> = {},
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
    this.decision = decision;
  }

  get features(): readonly FeatureSpec[] {
    return this.model.features;
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
      return this.predictMatrix(rowsToMatrix(this.features, records, missing));
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

  /** Returns the features of events, or of the rows of a table that has them as columns. Throws BAD_DATA where they are not. */
  override transform(samples: Samples): FeatureMatrix {
    return isTable(samples) ? tableToMatrix(samples, this.features) : super.transform(samples);
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

/** Returns the detector of a verified package. Throws INTEGRITY when its feature state is not one of ours. */
export function detectorOf(pkg: VerifiedPackage): Detector {
  const pipeline =
    pkg.features === undefined
      ? undefined
      : featurePipelineFromJSON(parseState(pkg.features, 'features.json'));
  if (pipeline !== undefined) checkAgreement(pipeline, pkg.model);
  const sampling =
    pkg.samples === undefined ? undefined : samplingFromJSON(parseState(pkg.samples, 'samples.json'));
  return new Detector(pkg.model, pipeline, { sampling, decision: pkg.decision });
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

function checkAgreement(pipeline: FeaturePipeline, model: Model): void {
  if (JSON.stringify(pipeline.features) !== JSON.stringify(model.features))
    throw new PhantomNetError('INTEGRITY', 'the stored features are not the features of the model file', {
      hint: 'one of the two was changed since they were logged; register a version made from a fresh run',
    });
}
