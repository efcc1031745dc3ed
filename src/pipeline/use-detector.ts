import { PhantomNetError, show, visible } from '../core/index.js';
import type { Labels, Prediction } from '../data/index.js';
import { type Evaluation, evaluate, type LatencyReport } from '../evaluate/index.js';
import { type ThresholdText, thresholdText } from '../model/index.js';
import type { ExperimentConfig } from './config.js';
import { Detector } from './detector.js';
import { timeDetector } from './experiment-parts.js';
import { foreignLogNotes } from './foreign-logs.js';
import { intervalGroups } from './interval-groups.js';
import { labelSamples } from './label-samples.js';
import { labelColumnOf, modelColumns } from './model-columns.js';
import { type DataConfig, readData, type Unit, unitOf } from './read-data.js';
import { type LoadedDetector, loadAnyDetector, loadDetector } from './resolve-model.js';
import { hasLabelRule, type OnRead, readSampleData } from './sample-data.js';
import { countSamples, type Samples } from './samples.js';
import { predictCounted, type UnseenCategories, unseenNotes } from './unseen-categories.js';
import type { Workspace } from './workspace.js';

/** How right a logged detector is on a labelled file. */
export interface EvaluationResult extends Evaluation {
  readonly address: string;
  readonly model: string;
  /** Above it the second class is named; null where there are not two. */
  readonly threshold: ThresholdText | null;
  readonly data: {
    readonly path: string;
    readonly digest: string;
    readonly rejected: number;
    /** What one sample is. */
    readonly unit: Unit;
  };
  readonly unseenCategories: UnseenCategories;
}

const SEEN_DATA = {
  metric: 'all',
  message: 'the model was trained on rows of this very file, so these numbers say little of new events',
};

/**
 * Scores a labelled file with a logged detector; `onRead` is told how much of logs is read so far. Throws BAD_DATA for a label
 * the detector does not know.
 */
export async function evaluateDetector(
  workspace: Workspace,
  address: string,
  options: {
    readonly data: DataConfig;
    readonly label: ExperimentConfig['label'];
    readonly onRead?: OnRead | undefined;
  },
): Promise<EvaluationResult> {
  const { detector, label, resolved } = await loadAnyDetector(workspace, address);
  const { target } = options.label;
  const sampling = detector instanceof Detector ? detector.sampling : undefined;
  if (sampling !== undefined && !hasLabelRule(options.label)) throw noRule(address);
  const made =
    sampling === undefined
      ? undefined
      : await readSampleData(options.data, {
          ...{ sample: sampling.sample, label: options.label, onRead: options.onRead },
        });
  const { samples, path, digest, report } =
    made ??
    (await readData(options.data, {
      label: target,
      columns: [...modelColumns(detector), labelColumnOf(target, detector.classes)],
    }));
  const run = resolved.runId === '' ? undefined : await workspace.tracking.getRun(resolved.runId);
  const trainedOnIt = run?.tags['phantomnet.dataDigest'] === digest;
  detector.requireColumns(samples, report.format);
  const labels = alignLabels(labelSamples(samples, options.label), detector.classes, options.label.target);
  const { predictions, unseen } = await predictCounted(detector, samples);
  const evaluation = evaluatePredictions(predictions, labels, samples);
  const notes = [
    ...otherLabelNotes(run?.params['label'], target),
    ...foreignLogNotes(sampling, made?.datasets ?? []),
    ...unseenNotes(detector, unseen, { nRows: evaluation.nSamples }),
  ];
  const warnings = [
    ...(trainedOnIt ? [SEEN_DATA] : []),
    ...notes.map((message) => ({ metric: 'all', message })),
    ...evaluation.warnings,
  ];
  return {
    address,
    model: label,
    threshold: detector.threshold === null ? null : thresholdText(detector.threshold),
    data: { path, digest, rejected: report.rejected, unit: unitOf(made ?? { samples }) },
    unseenCategories: unseen,
    ...evaluation,
    warnings,
  };
}

function noRule(address: string): PhantomNetError {
  return new PhantomNetError('INVALID_CONFIG', 'label: no rule says what it is, and logs hold none', {
    hint: `name the config that ${show(address)} was trained with, or another with a label rule: --config <file>`,
    details: { address },
  });
}

/** Returns a warning where a model was trained for another label than it is held against. */
function otherLabelNotes(trained: string | undefined, target: string): string[] {
  if (trained === undefined || trained === target) return [];
  return [`the model was trained for ${visible(trained)}, and the label here is ${visible(target)}`];
}

function evaluatePredictions(
  predictions: readonly Prediction[],
  { classes, codes }: Labels,
  samples: Samples,
): Evaluation {
  return evaluate({
    yTrue: codes,
    yPred: Uint16Array.from(predictions, ({ label }) => classes.indexOf(label)),
    scores: Float64Array.from(predictions.flatMap(({ scores }) => scores)),
    classes,
    groups: intervalGroups({}, samples).groups,
  });
}

/** Returns the labels coded by the detector's classes. Throws BAD_DATA naming a class it was not trained on. */
function alignLabels(labels: Labels, classes: LoadedDetector['detector']['classes'], target: string): Labels {
  const codes = labels.classes.map((label) => classes.indexOf(label));
  const unknown = labels.classes.filter((_, i) => codes[i]! < 0);
  if (unknown.length > 0)
    throw new PhantomNetError(
      'BAD_DATA',
      `label ${show(target)} has classes the model was not trained on: ${unknown.map(show).slice(0, 5).join(', ')}`,
      {
        hint: `the model's classes are ${classes.map(show).slice(0, 10).join(', ')}`,
        details: { unknown, classes },
      },
    );
  return { classes, codes: labels.codes.map((code) => codes[code]!) };
}

/** Latency of a logged detector on a file's events. */
export interface BenchmarkResult extends LatencyReport {
  readonly address: string;
  readonly model: string;
  readonly data: { readonly path: string; readonly rows: number; readonly unit: Unit };
  readonly limitMs: number;
  readonly passed: boolean;
}

/**
 * Times a logged detector from raw event to prediction; `passed` when the mean of one event is under the limit. `onRead` is told
 * how much of logs is read so far.
 */
export async function benchmarkDetector(
  workspace: Workspace,
  address: string,
  options: {
    readonly data: DataConfig;
    readonly repeat: number;
    readonly maxLatencyMs: number;
    readonly onRead?: OnRead | undefined;
  },
): Promise<BenchmarkResult> {
  const { detector, label } = await loadDetector(workspace, address);
  const read =
    detector.sampling === undefined
      ? await readData(options.data, { requiredColumns: [], columns: modelColumns(detector) })
      : await readSampleData(options.data, { sample: detector.sampling.sample, onRead: options.onRead });
  const { samples, path, report } = read;
  detector.requireColumns(samples, report.format);
  const latency = timeDetector(detector, samples, options.repeat);
  return {
    address,
    model: label,
    data: { path, rows: countSamples(samples), unit: unitOf(read) },
    ...latency,
    limitMs: options.maxLatencyMs,
    passed: latency.single.meanMs < options.maxLatencyMs,
  };
}
