import { canonicalJson, sha256Hex, VERSION } from '../core/index.js';
import type { HoneypotEvent, Prediction, TableSource } from '../data/index.js';
import { packModel } from '../deploy/index.js';
import type { Evaluation, FoldMetrics } from '../evaluate/index.js';
import { describeFeatures, storedEncoding } from '../features/index.js';
import type { ArtifactStore, LoggedModel, Metric, RunInfo, TrackingStore } from '../track/index.js';
import type { Detector } from './detector.js';
import type { Scored } from './fit-detector.js';
import { PACKAGE_DIGEST_TAG } from './resolve-model.js';
import { countSamples, isTable, type Samples, takeSamples } from './samples.js';

/** Name of a run's model: it is found at `runs:/<id>/model`. */
const MODEL_NAME = 'model';
/** Artifact of a run that holds what it predicted on its test rows. */
export const PREDICTIONS_FILE = 'predictions.json';
/** Artifact of a run that holds its metrics by fold, where it was cross-validated. */
export const FOLDS_FILE = 'cross-validation.json';
/** Most test rows whose predictions are logged: about 50 MB. */
const MAX_STORED_ROWS = 1_000_000;

/** Tag of a run that keeps no predictions: how many test rows there were. */
export const NOT_KEPT_TAG = 'phantomnet.predictionsNotKept';

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
  /** The class that the scores are for, where there are two. */
  readonly positiveClass?: number | string;
  /** The group of each row as a number, in order of first appearance: what the intervals resampled, and no address. */
  readonly groups?: readonly number[];
  /** What names the groups: `source`, or what the split grouped by. */
  readonly groupBy?: string;
}

/** Returns what to store of a scored test set. */
export function storedPredictions(
  scored: Scored,
  context: {
    readonly dataDigest: string;
    readonly label: string;
    readonly rows: readonly number[];
  },
): StoredPredictions {
  const { rows } = context;
  const { classes, resampled } = scored;
  const column = (code: number): number => (classes.length === 2 ? 1 : code);
  return {
    dataset: sha256Hex(canonicalJson([context.dataDigest, context.label])),
    rows,
    yTrue: Array.from(scored.yTrue, (code) => classes[code]!),
    yPred: Array.from(scored.yPred, (code) => classes[code]!),
    scores: Array.from(scored.yPred, (code, i) => scored.scores[i * classes.length + column(code)]!),
    ...(classes.length === 2 ? { positiveClass: classes[1]! } : {}),
    ...(resampled.by === null ? {} : { groups: numbered(resampled.groups), groupBy: resampled.by }),
  };
}

function numbered(names: readonly (number | string)[]): number[] {
  const codes = new Map<number | string, number>();
  return names.map((name) => {
    const code = codes.get(name) ?? codes.size;
    codes.set(name, code);
    return code;
  });
}

/** Logs predictions; of so many rows that nobody could read them back, a tag with their number. */
export async function logPredictions(
  tracking: Pick<TrackingStore, 'artifacts' | 'logBatch'>,
  run: Pick<RunInfo, 'runId' | 'artifactUri'>,
  predictions: StoredPredictions,
): Promise<void> {
  const nRows = predictions.rows.length;
  if (nRows > MAX_STORED_ROWS)
    await tracking.logBatch(run.runId, { tags: { [NOT_KEPT_TAG]: String(nRows) } });
  else await tracking.artifacts(run.artifactUri).put(PREDICTIONS_FILE, `${JSON.stringify(predictions)}\n`);
}

/** Returns what is to be known of so many test rows. */
export function predictionNotes(nRows: number): string[] {
  if (nRows <= MAX_STORED_ROWS) return [];
  return [
    `predictions: those of ${nRows} test rows are not kept, as ${MAX_STORED_ROWS} are the most; compare does not test this run row by row`,
  ];
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

/** Returns what to store of folds, so that runs on the same folds can be compared: the metrics that every fold has. */
export function storedFolds(
  folds: Pick<FoldMetrics, 'folds' | 'testToTrain'>,
  evaluations: readonly Evaluation[],
): FoldMetrics {
  const byFold = evaluations.map(({ metrics }) => metrics);
  const names = Object.keys(byFold[0] ?? {}).filter((name) => byFold.every((fold) => name in fold));
  const metrics = Object.fromEntries(names.map((name) => [name, byFold.map((fold) => fold[name]!)]));
  return { ...folds, metrics };
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

/** Features of events that MLflow's clients give as whole numbers. */
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
  examples: Samples,
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
  samples: Samples,
  ids: { readonly runId: string; readonly modelId: string },
) {
  const rows = Array.from({ length: Math.min(EXAMPLE_SIZE, countSamples(samples)) }, (_, row) => row);
  const examples = takeSamples(samples, rows);
  const inputExample = detector.records(examples);
  const { encoding } = detector;
  const eventExample = isTable(examples) ? [] : eventRecords(examples, detector.columns);
  return packModel({
    model: detector.model,
    integers: isTable(samples) ? integersOf(samples.source) : INTEGERS,
    ...(detector.pipeline === undefined ? {} : { features: canonicalJson(detector.pipeline), eventExample }),
    ...(encoding === undefined ? {} : { encoding: canonicalJson(storedEncoding(encoding, inputExample)) }),
    ...(detector.sampling === undefined ? {} : { samples: canonicalJson(detector.sampling) }),
    decision: detector.decision,
    inputExample,
    expectedOutput: { rows: detector.predict(inputExample), events: predictAll(detector, eventExample) },
    version: VERSION,
    createdAtMs: Date.now(),
    ...ids,
  });
}

/** Secrets are redacted in what is stored, so the expected outputs are those of the stored events, not of the originals. */
function eventRecords(events: readonly HoneypotEvent[], columns: readonly string[]) {
  const absent = Object.fromEntries(columns.map((column) => [column, null]));
  return events.map((event) => ({ ...absent, ...event.fields }));
}

function integersOf({ columns }: TableSource): ReadonlySet<string> {
  return new Set(columns.filter((column) => column.isInteger).map((column) => column.name));
}

function predictAll(detector: Detector, records: readonly unknown[]): Prediction[] {
  return records.length === 0 ? [] : detector.predict(records);
}
