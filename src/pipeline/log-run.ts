import { canonicalJson, sha256Hex, VERSION } from '../core/index.js';
import type { HoneypotEvent, Prediction } from '../data/index.js';
import { packModel } from '../deploy/index.js';
import type { Evaluation } from '../evaluate/index.js';
import { describeFeatures } from '../features/index.js';
import type { ArtifactStore, LoggedModel, Metric, TrackingStore } from '../track/index.js';
import type { Detector } from './detector.js';
import type { Scored } from './fit-detector.js';
import { matrixRecords } from './matrix-records.js';
import { PACKAGE_DIGEST_TAG } from './resolve-model.js';

/** Name of a run's model: it is found at `runs:/<id>/model`. */
const MODEL_NAME = 'model';
/** Artifact of a run that holds what it predicted on its test rows. */
export const PREDICTIONS_FILE = 'predictions.json';

/** What a run predicted on its test rows; two runs are compared row by row where `dataset` and `rows` agree. */
export interface StoredPredictions {
  /** Digest of data file and label. */
  readonly dataset: string;
  /** Zero-based positions of the test rows in the input. */
  readonly rows: readonly number[];
  readonly yTrue: readonly (number | string)[];
  readonly yPred: readonly (number | string)[];
  /** Probability of the second class; of the predicted class where there are more than two. */
  readonly scores: readonly number[];
}

/** Returns what to store of a scored test set. */
export function storedPredictions(
  scored: Scored,
  context: {
    readonly dataDigest: string;
    readonly label: string;
    readonly rows: readonly number[];
    readonly classes: Detector['classes'];
  },
): StoredPredictions {
  const { classes, rows } = context;
  const column = (code: number): number => (classes.length === 2 ? 1 : code);
  return {
    dataset: sha256Hex(canonicalJson([context.dataDigest, context.label])),
    rows,
    yTrue: Array.from(scored.yTrue, (code) => classes[code]!),
    yPred: Array.from(scored.yPred, (code) => classes[code]!),
    scores: Array.from(scored.yPred, (code, i) => scored.scores[i * classes.length + column(code)]!),
  };
}

/** Returns metrics at step 0 as a batch has them. */
export function metricList(values: Readonly<Record<string, number>>, timestamp = Date.now()): Metric[] {
  return Object.entries(values).map(([key, value]) => ({ key, value, timestamp, step: 0 }));
}

/** Returns the metrics of each fold, the fold as step, under `cv/<metric>`. */
export function foldMetrics(folds: readonly Evaluation[], timestamp = Date.now()): Metric[] {
  return folds.flatMap((fold, step) =>
    Object.entries(fold.metrics).map(([key, value]) => ({ key: `cv/${key}`, value, timestamp, step })),
  );
}

/** Returns params as MLflow keeps them: text, flat names. */
export function paramText(params: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** Features that MLflow's clients give as whole numbers. */
const INTEGERS: ReadonlySet<string> = new Set(
  describeFeatures().flatMap((f) => (f.isInteger && !f.mayBeMissing ? [f.name] : [])),
);

/** How many rows and events a package keeps as its example. */
const EXAMPLE_SIZE = 5;

/** Logs a detector as its run's model and returns it: files first, READY last, so a torn upload is never READY. */
export async function logModel(
  tracking: TrackingStore,
  run: { readonly runId: string; readonly experimentId: string },
  detector: Detector,
  examples: readonly HoneypotEvent[],
): Promise<{ readonly model: LoggedModel; readonly modelDigest: string; readonly packageDigest: string }> {
  const logged = await tracking.createLoggedModel({
    experimentId: run.experimentId,
    name: MODEL_NAME,
    sourceRunId: run.runId,
  });
  try {
    const packed = packDetector(detector, examples, { runId: run.runId, modelId: logged.modelId });
    await uploadFiles(tracking.artifacts(logged.artifactUri), packed.files);
    await tracking.setLoggedModelTags(logged.modelId, {
      [PACKAGE_DIGEST_TAG]: packed.packageDigest,
      'phantomnet.modelDigest': packed.modelDigest,
    });
    const model = await tracking.finalizeLoggedModel(logged.modelId, 'READY');
    return { model, modelDigest: packed.modelDigest, packageDigest: packed.packageDigest };
  } catch (error) {
    await tracking.finalizeLoggedModel(logged.modelId, 'UPLOAD_FAILED').catch(() => undefined);
    throw error;
  }
}

async function uploadFiles(
  store: ArtifactStore,
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<void> {
  for (const [path, bytes] of files) await store.put(path, bytes);
}

function packDetector(
  detector: Detector,
  events: readonly HoneypotEvent[],
  ids: { readonly runId: string; readonly modelId: string },
) {
  const examples = events.slice(0, EXAMPLE_SIZE);
  const inputExample = matrixRecords(detector.transform(examples));
  // Secrets are redacted in what is stored, so the expected outputs are those of the stored events, not of the originals.
  const absent = Object.fromEntries(detector.columns.map((column) => [column, null]));
  const eventExample = examples.map((event) => ({ ...absent, ...event.fields }));
  return packModel({
    model: detector.model,
    integers: INTEGERS,
    features: canonicalJson(detector.pipeline),
    inputExample,
    eventExample,
    expectedOutput: { rows: detector.predict(inputExample), events: predictAll(detector, eventExample) },
    version: VERSION,
    createdAtMs: Date.now(),
    ...ids,
  });
}

function predictAll(detector: Detector, records: readonly unknown[]): Prediction[] {
  return records.length === 0 ? [] : detector.predict(records);
}
