import { didYouMean, PhantomNetError, show } from '../core/index.js';
import {
  eventFieldName,
  type FeatureMatrix,
  fieldText,
  type HoneypotEvent,
  isEventForm,
  type Prediction,
  tablePlace,
} from '../data/index.js';
import type { EncodedMatrix } from '../features/index.js';
import type { IngestReport } from '../ingest/index.js';
import { isTreesModel, type ThresholdText, thresholdText } from '../model/index.js';
import { Detector } from './detector.js';
import { foreignLogNotes } from './foreign-logs.js';
import { modelColumns } from './model-columns.js';
import type { OnnxDetector } from './onnx-detector.js';
import { type DataConfig, dataPath, settleTableFormat, streamSamples } from './read-data.js';
import { type LoadedDetector, type LoadedOnnxDetector, loadAnyDetector } from './resolve-model.js';
import {
  brokenNotes,
  type EventSampleData,
  type EventSampleStream,
  type OnRead,
  streamEventSamples,
} from './sample-data.js';
import { openStateFile, type StateFile } from './sample-state-file.js';
import { isTable, type Samples } from './samples.js';
import { addUnseen, predictCounted, type UnseenCategories, unseenNotes } from './unseen-categories.js';
import type { Workspace } from './workspace.js';

/** Rows that are gathered for several threads: their features take some tens of megabytes. */
const GATHERED_ROWS = 131_072;
/** Columns that an error names at most. */
const MOST_NAMED = 20;

/** One scored event: one line of `predict`. */
export interface PredictedEvent {
  readonly file: string;
  readonly line: number;
  /** The event's id, where `--id` names a column. */
  readonly id?: string | null;
  readonly label: number | string;
  readonly score: number;
  /** Above it the second class is named; null where there are not two. */
  readonly threshold: ThresholdText | null;
  readonly model: string;
  /** With a state: the event came too late to be put in order, so it was scored on the history as it was. */
  readonly late?: true;
}

/** How a file is predicted. */
export interface PredictFileOptions {
  readonly data: DataConfig;
  /** The column that names events, in place of file and line. */
  readonly idColumn?: string;
  /** Threads that score with a model of trees, the default 1; -1 is all cores. Never changes the scores. */
  readonly nJobs?: number;
  /**
   * File of what came before: read where it is there, and replaced, whole or not at all, once all predictions were taken.
   * For a model whose samples are made of events with their history.
   */
  readonly state?: string;
  /** Told how much of logs is read so far, where samples are made of their events: the first batch comes after the last. */
  readonly onRead?: OnRead;
}

/** What was read, what of it training had not seen, and what a state says of it. */
export interface PredictReport extends IngestReport {
  /** What has a prediction of its own; `accepted` counts them. */
  readonly unit: 'event' | 'session';
  /** How often each feature of text had a category that training has not seen; only features with such. */
  readonly unseenCategories: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly state?: {
    /** Predictions that are marked as late. */
    readonly late: number;
    /** Sessions that began in an earlier file and have their prediction there. */
    readonly continued: number;
  };
}

/** Where each sample of a batch came from. */
type Places = readonly Pick<PredictedEvent, 'file' | 'line' | 'id' | 'late'>[];

interface PredictedBatch {
  readonly places: Places;
  readonly predictions: readonly Prediction[];
  readonly unseen: UnseenCategories;
}

/**
 * Yields one prediction an event, batch by batch, in file order and constant memory, and returns what was read and what of it
 * training had not seen. Rejected rows go where training sends them; beyond `maxRejects` it throws BAD_DATA. Throws as
 * `openStateFile` and `replace` do for the file of a state; no state is written where anything is thrown, or where not all
 * predictions are taken.
 */
export async function* predictFile(
  workspace: Workspace,
  address: string,
  options: PredictFileOptions,
): AsyncGenerator<readonly PredictedEvent[], PredictReport> {
  const loaded = await loadAnyDetector(workspace, address);
  const { detector, label: model } = loaded;
  const threshold = detector.threshold === null ? null : thresholdText(detector.threshold);
  const data = await settleTableFormat(options.data);
  const state = options.state === undefined ? undefined : await openStateFile(options.state, loaded);
  const stream = await detectorStream(loaded, { ...options, data, state });
  let nRows = 0;
  let unseenCategories: UnseenCategories = {};
  for await (const { places, predictions, unseen } of predictStream(detector, stream, options)) {
    nRows += predictions.length;
    unseenCategories = addUnseen(unseenCategories, unseen);
    yield predictions.map(({ label, score }, i) => ({ ...places[i]!, label, score, threshold, model }));
  }
  const { read, report } = stream;
  const sampling = detector instanceof Detector ? detector.sampling : undefined;
  const warnings = [
    ...brokenNotes(report),
    ...foreignLogNotes(sampling, read?.datasets ?? []),
    ...unseenNotes(detector, unseenCategories, { nRows }),
  ];
  const told = { ...report, unit: sampling?.sample.unit ?? 'event', unseenCategories, warnings };
  if (state === undefined || read?.state === undefined) return told;
  await state.replace(read.state);
  return { ...told, state: { late: read.late.size, continued: read.continued } };
}

/** Returns the samples of a file as the detector takes them: those that are made of events, all at once. */
async function detectorStream(
  { detector }: LoadedDetector | LoadedOnnxDetector,
  {
    data,
    state,
    onRead,
  }: Pick<PredictFileOptions, 'data' | 'onRead'> & { readonly state: StateFile | undefined },
): Promise<EventSampleStream> {
  const sampling = detector instanceof Detector ? detector.sampling : undefined;
  if (sampling !== undefined)
    return streamEventSamples(data, { sample: sampling.sample, state: state?.state, onRead });
  return streamSamples(dataPath(data), data, { requiredColumns: [], columns: modelColumns(detector) });
}

async function* predictStream(
  detector: Detector | OnnxDetector,
  stream: EventSampleStream,
  { idColumn, nJobs = 1 }: PredictFileOptions,
): AsyncGenerator<PredictedBatch, void> {
  const batches = checkedBatches(detector, stream);
  const place = (samples: Samples): Places => placesOf(samples, { idColumn, read: stream.read });
  if (nJobs !== 1 && detector instanceof Detector && isTreesModel(detector.model)) {
    for await (const encoded of gather(encodeBatches(detector, batches, place)))
      yield* predictTogether(detector, encoded, nJobs);
    return;
  }
  for await (const samples of batches)
    yield { places: place(samples), ...(await predictCounted(detector, samples)) };
}

async function* checkedBatches(
  detector: Detector | OnnxDetector,
  stream: EventSampleStream,
): AsyncGenerator<Samples, void> {
  let isFirst = true;
  for await (const samples of stream) {
    if (isFirst) detector.requireColumns(samples, stream.report.format);
    isFirst = false;
    yield samples;
  }
}

/** A batch as the model takes it: far smaller than its events. */
interface EncodedBatch {
  readonly places: Places;
  readonly matrix: EncodedMatrix;
}

async function* encodeBatches(
  detector: Detector,
  batches: AsyncIterable<Samples>,
  place: (samples: Samples) => Places,
): AsyncGenerator<EncodedBatch, void> {
  for await (const samples of batches) yield { places: place(samples), matrix: detector.transform(samples) };
}

/** Yields batches in groups that pay for threads. What was read before an error comes before the error. */
async function* gather(batches: AsyncIterable<EncodedBatch>): AsyncGenerator<EncodedBatch[], void> {
  let group: EncodedBatch[] = [];
  let nRows = 0;
  try {
    for await (const batch of batches) {
      group.push(batch);
      nRows += batch.matrix.nSamples;
      if (nRows < GATHERED_ROWS) continue;
      yield group;
      group = [];
      nRows = 0;
    }
  } catch (error) {
    if (group.length > 0) yield group;
    throw error;
  }
  if (group.length > 0) yield group;
}

async function* predictTogether(
  detector: Detector,
  batches: readonly EncodedBatch[],
  nJobs: number,
): AsyncGenerator<PredictedBatch, void> {
  const matrix = joinMatrices(
    detector,
    batches.map((batch) => batch.matrix),
  );
  const predictions = await detector.predictMatrixParallel(matrix, { nJobs });
  let start = 0;
  for (const { places, matrix: part } of batches) {
    yield { places, predictions: predictions.slice(start, start + places.length), unseen: part.unseen };
    start += places.length;
  }
}

function joinMatrices({ model: { features } }: Detector, matrices: readonly FeatureMatrix[]): FeatureMatrix {
  const nSamples = matrices.reduce((sum, matrix) => sum + matrix.nSamples, 0);
  const values = new Float32Array(nSamples * features.length);
  let at = 0;
  for (const matrix of matrices) {
    values.set(matrix.values, at);
    at += matrix.values.length;
  }
  return { nSamples, features, values };
}

/** Returns file, line and, where `idColumn` names a column, id of each sample, and whether it came late. */
function placesOf(
  samples: Samples,
  { idColumn, read }: { readonly idColumn: string | undefined; readonly read: EventSampleData | undefined },
): Places {
  if (!isTable(samples)) return samples.map((event) => placeOf(event, idColumn));
  const { file, nRows, positions, values } = samples;
  const ids = idColumn === undefined ? undefined : values.get(idColumn);
  if (idColumn !== undefined && ids === undefined) noColumn(file, idColumn, [...values.keys()]);
  return Array.from({ length: nRows }, (_, i) => ({
    ...tablePlace(samples, i),
    ...(ids === undefined ? {} : { id: ids[i] === null ? null : String(ids[i]) }),
    ...(read?.late.has(positions[i]!) === true ? { late: true as const } : {}),
  }));
}

function placeOf({ file, line, fields }: HoneypotEvent, idColumn: string | undefined): Places[number] {
  if (idColumn === undefined) return { file, line };
  const field = eventFieldName(idColumn);
  if (!Object.hasOwn(fields, field) && !isEventForm(fields)) noColumn(file, idColumn, Object.keys(fields));
  const value = fields[field] ?? null;
  return { file, line, id: value === null ? null : fieldText(field, value) };
}

function noColumn(file: string, column: string, columns: readonly string[]): never {
  throw new PhantomNetError('NOT_FOUND', `--id: no column ${show(column)} in ${file}`, {
    hint: didYouMean(column, columns) ?? `choose one of ${columns.slice(0, MOST_NAMED).join(', ')}`,
    details: { column, file },
  });
}
