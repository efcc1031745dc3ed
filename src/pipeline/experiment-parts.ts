import type { Audit } from '../audit/index.js';
import { benchmarkLatency, type Evaluation, type LatencyReport } from '../evaluate/index.js';
import type { Experiment, LoggedModel, Run } from '../track/index.js';
import { auditNotes, blocking } from './audit-experiment.js';
import type { ExperimentConfig } from './config.js';
import type { CrossValidation } from './cross-validation.js';
import { type DecisionOutcome, type DecisionReport, decisionReport } from './decision-figures.js';
import type { Detector } from './detector.js';
import type { Scored } from './fit-detector.js';
import type { LabelledData } from './labelled-data.js';
import { predictionNotes } from './log-run.js';
import { type SampleData, type Unit, unitOf } from './read-data.js';
import { countSamples, type Samples, samplePositions, takeSamples } from './samples.js';
import type { UnseenSources } from './score-sources.js';
import type { SplitFacts } from './split-samples.js';
import { unseenNotes } from './unseen-categories.js';
import { type WarmStart, warmStartNotes } from './warm-start.js';

/** An acceptance gate and whether it held. */
export interface Gate {
  readonly name: string;
  readonly passed: boolean;
  readonly value: number;
  readonly limit: number;
}

/** Returns the latency of a detector from raw sample to prediction: single samples, and all of them in one call. */
export function timeDetector(detector: Detector, samples: Samples, repeat: number): LatencyReport {
  return benchmarkLatency(
    {
      nEvents: countSamples(samples),
      predictOne: (i) => detector.predictSamples(takeSamples(samples, [i])),
      predictBatch: () => detector.predictSamples(samples),
    },
    { repeat },
  );
}

/** Returns the acceptance gates: accuracy on the test rows, and mean latency of one event. */
export function judgeGates(
  limits: ExperimentConfig['gates'],
  evaluation: Evaluation,
  latency: LatencyReport,
  threshold: number | undefined,
): Gate[] {
  const accuracy = evaluation.metrics['accuracy'] ?? 0;
  const latencyMs = latency.single.meanMs;
  return [
    { name: 'accuracy', passed: accuracy >= limits.minAccuracy, value: accuracy, limit: limits.minAccuracy },
    {
      name: 'latencyMs',
      passed: latencyMs < limits.maxLatencyMs,
      value: latencyMs,
      limit: limits.maxLatencyMs,
    },
    // Where attacks are few, a detector that never alerts is right most of the time.
    ...(threshold === Infinity ? [{ name: 'alerts', passed: false, value: 0, limit: 1 }] : []),
  ];
}

/** A file that was read. */
export interface FileFacts {
  readonly path: string;
  readonly digest: string;
  /** Samples. */
  readonly rows: number;
  /** What one sample is. */
  readonly unit: Unit;
  /** Events that the samples were made of, where they were. */
  readonly events?: number;
  readonly rejected: number;
}

/** What one run of an experiment made; plain values, printed as JSON by `train --json`. */
export interface ExperimentResult {
  readonly runId: string;
  readonly runName: string;
  readonly experiment: { readonly id: string; readonly name: string };
  readonly status: 'FINISHED';
  readonly data: FileFacts & {
    /** The test file, where one was named. */
    readonly test?: FileFacts;
  };
  readonly label: string;
  readonly classes: readonly (number | string)[];
  readonly features: readonly string[];
  readonly estimator: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The model that the fit went on from, and its trees; null where it began anew. */
  readonly from: Omit<WarmStart, 'detector'> | null;
  readonly split: SplitFacts & {
    readonly randomState: number;
    readonly nTrain: number;
    readonly nTest: number;
    /** Zero-based positions of the test rows, in the test file where there is one. */
    readonly testIndices: readonly number[];
  };
  /** Threshold and calibration; null where the class with the highest score is named. */
  readonly decision: DecisionReport | null;
  readonly metrics: Evaluation['metrics'];
  readonly intervals: Evaluation['intervals'];
  readonly confusionMatrix: Evaluation['confusionMatrix'];
  readonly perClass: Evaluation['perClass'];
  /** The same on test samples of sources that had no training sample; null where there are none, or of one class. */
  readonly unseenSources: UnseenSources | null;
  /** Accuracy of a forest out of bag on the training rows; null where it was not asked for (`oobScore`). */
  readonly oobScore: number | null;
  readonly warnings: readonly string[];
  /** What the audits of the data and of the score found. */
  readonly audits: readonly Audit[];
  readonly crossValidation: Omit<CrossValidation, 'perFold' | 'drawn'> | null;
  /** Mean of one event, from raw event to prediction; more in `latency`. */
  readonly latencyMs: number;
  readonly latency: LatencyReport;
  readonly gates: readonly Gate[];
  readonly passed: boolean;
  readonly baselines: readonly Baseline[];
  readonly model: { readonly address: string; readonly modelId: string; readonly modelDigest: string };
}

/** A baseline trained on the same rows, and the child run it was logged as. */
export interface Baseline {
  readonly name: string;
  readonly runId: string;
  readonly metrics: Evaluation['metrics'];
}

/** The parts a result is put together from. */
export interface ExperimentOutcome {
  readonly config: ExperimentConfig;
  readonly data: LabelledData;
  readonly start: WarmStart | undefined;
  readonly decision: DecisionOutcome | null;
  readonly detector: Detector;
  readonly scored: Scored;
  readonly unseen: UnseenSources | null;
  readonly folds: CrossValidation | null;
  readonly latency: LatencyReport;
  readonly gates: readonly Gate[];
  /** What the audits found, now that the test rows are scored. */
  readonly audits: readonly Audit[];
  readonly model: {
    readonly model: LoggedModel;
    readonly modelDigest: string;
    readonly packageDigest: string;
  };
}

/** Returns the result of a finished experiment. */
export function experimentResult(
  parts: ExperimentOutcome & {
    readonly run: Run;
    readonly experiment: Experiment;
    readonly params: Readonly<Record<string, unknown>>;
    readonly baselines: readonly Baseline[];
    /** What the report calls weak. */
    readonly weaknesses: readonly string[];
  },
): ExperimentResult {
  const { config, data, start, decision, detector, scored, run, experiment, model, latency, gates } = parts;
  const { evaluation } = scored;
  const { source, testSource } = data;
  return {
    runId: run.info.runId,
    runName: run.info.runName,
    experiment: { id: experiment.experimentId, name: experiment.name },
    status: 'FINISHED',
    data: { ...dataFacts(source), ...(testSource === undefined ? {} : { test: dataFacts(testSource) }) },
    label: config.label.target,
    classes: detector.classes,
    features: detector.features.map((f) => f.name),
    estimator: config.estimator.name,
    params: parts.params,
    from: start === undefined ? null : withoutDetector(start),
    split: {
      ...data.split,
      randomState: config.split.randomState,
      nTrain: countSamples(data.train.samples),
      nTest: countSamples(data.test.samples),
      testIndices: samplePositions(data.test.samples),
    },
    decision: decision && decisionReport(decision, scored),
    metrics: evaluation.metrics,
    intervals: evaluation.intervals,
    confusionMatrix: evaluation.confusionMatrix,
    perClass: evaluation.perClass,
    unseenSources: parts.unseen,
    oobScore: detector.oobScore,
    warnings: [...experimentWarnings(parts), ...parts.weaknesses.map((words) => `weak: ${words}`)],
    audits: parts.audits,
    crossValidation: parts.folds === null ? null : withoutFolds(parts.folds),
    latencyMs: latency.single.meanMs,
    latency,
    gates,
    passed: gates.every((g) => g.passed) && blocking(parts.audits, config).length === 0,
    baselines: parts.baselines,
    model: {
      address: `runs:/${run.info.runId}/model`,
      modelId: model.model.modelId,
      modelDigest: model.modelDigest,
    },
  };
}

/** Returns the warnings of data, labels, warm start and evaluation. */
export function experimentWarnings({
  config,
  data,
  start,
  scored,
  audits,
  decision,
  detector,
}: Pick<
  ExperimentOutcome,
  'config' | 'data' | 'start' | 'scored' | 'audits' | 'decision' | 'detector'
>): string[] {
  return [
    ...data.notes,
    ...(start === undefined ? [] : warmStartNotes(start, config)),
    ...auditNotes(audits, config),
    ...(decision?.notes ?? []),
    ...unseenNotes(detector, scored.unseenCategories, { nRows: scored.yTrue.length, rows: 'test rows' }),
    ...predictionNotes(scored.yTrue.length),
    // That there are few groups, the report calls weak.
    ...scored.evaluation.warnings.flatMap(({ metric, message }) =>
      metric === 'groups' ? [] : [message.startsWith(metric) ? message : `${metric}: ${message}`],
    ),
  ];
}

function withoutFolds(folds: CrossValidation): Omit<CrossValidation, 'perFold' | 'drawn'> {
  const { perFold: _perFold, drawn: _drawn, ...rest } = folds;
  return rest;
}

function withoutDetector({ detector: _detector, ...rest }: WarmStart): Omit<WarmStart, 'detector'> {
  return rest;
}

function dataFacts(source: SampleData): FileFacts {
  const { path, digest, samples, report, made } = source;
  return {
    ...{ path, digest, rows: countSamples(samples), unit: unitOf(source) },
    ...(made === undefined ? {} : { events: made.events }),
    rejected: report.rejected,
  };
}
