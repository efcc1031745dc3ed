import { given } from '../core/index.js';
import type { DatasetInput, RunInfo, TrackingStore } from '../track/index.js';
import { withRun } from '../track/index.js';
import { ALLOWED_TAG, AUDIT_FILE, blocking } from './audit-experiment.js';
import type { ExperimentConfig } from './config.js';
import { foldParams, type SettledConfig } from './cross-validation-folds.js';
import { decisionMetrics, decisionParams } from './decision-figures.js';
import { type DefenceReport, QUARANTINE_FILE } from './defences.js';
import { encodingOptions } from './encode-features.js';
import { type Baseline, type ExperimentOutcome, timeDetector } from './experiment-parts.js';
import { fitDetector, type Recipe, resolveParams, type Scored, scoreDetector } from './fit-detector.js';
import { intervalGroups } from './interval-groups.js';
import type { LabelledData } from './labelled-data.js';
import {
  FOLDS_FILE,
  foldMetrics,
  logPredictions,
  metricList,
  paramText,
  type StoredPredictions,
  storedFolds,
  storedPredictions,
} from './log-run.js';
import type { SampleData } from './read-data.js';
import { countSamples, isTable, samplePositions } from './samples.js';
import { countUnseen, UNSEEN_FILE } from './unseen-categories.js';
import type { WarmStart } from './warm-start.js';

/** Tag that says what a run is: an experiment of its own, or a baseline beside one. */
export const ROLE_TAG = 'phantomnet.role';

/** Logs what is known before training: params, the data sets with their digests, the kind of split. */
export async function logSetup(
  tracking: TrackingStore,
  runId: string,
  {
    config,
    params,
    data,
    start,
  }: {
    readonly config: SettledConfig;
    readonly params: Readonly<Record<string, unknown>>;
    readonly data: LabelledData;
    readonly start: WarmStart | undefined;
  },
): Promise<void> {
  const { method, testSize, testFrom, gap, groupBy } = data.split;
  await tracking.logBatch(runId, {
    params: paramText({
      estimator: config.estimator.name,
      ...params,
      ...(start === undefined ? {} : { from: start.address }),
      label: config.label.target,
      features: config.features.names === 'all' ? 'all' : config.features.names.join(','),
      ...(isTable(data.source.samples) ? {} : { emptyAs: config.features.emptyAs }),
      ...given(encodingOptions(config.features) ?? {}),
      split: method,
      testSize,
      ...given({ testFrom, splitGap: gap, splitGroupBy: groupBy }),
      splitRandomState: config.split.randomState,
      ...foldParams(config),
      cvOn: config.crossValidation.on,
      ...decisionParams(config),
    }),
    tags: {
      [ROLE_TAG]: 'experiment',
      'phantomnet.split': method,
      ...given({
        'phantomnet.splitTestFrom': testFrom,
        'phantomnet.splitGap': gap,
        'phantomnet.splitGroupBy': groupBy,
      }),
      'phantomnet.dataDigest': data.source.digest,
      ...(data.testSource === undefined ? {} : { 'phantomnet.testDataDigest': data.testSource.digest }),
      ...(config.audit.allow.length === 0 ? {} : { [ALLOWED_TAG]: config.audit.allow.join(',') }),
      ...(start === undefined ? {} : { 'phantomnet.fromDigest': start.modelDigest }),
    },
  });
  const { source, testSource } = data;
  await tracking.logInputs(runId, [
    datasetOf(source, 'training'),
    ...(testSource === undefined ? [] : [datasetOf(testSource, 'testing')]),
  ]);
}

function datasetOf({ path, digest, samples, report }: SampleData, context: string): DatasetInput {
  return {
    name: path.replace(/^.*[/\\]/, '').slice(0, 200),
    // MLflow keeps 36 characters of a data set's digest; the whole one is in `source` and the run's tags.
    digest: digest.slice(0, 36),
    sourceType: 'local',
    source: JSON.stringify({ uri: path, sha256: digest }),
    profile: JSON.stringify({ num_rows: countSamples(samples), rejected: report.rejected }),
    tags: { 'mlflow.data.context': context },
  };
}

/** Logs which training rows the defences set aside: all of them, none in silence. */
export async function logDefences(
  tracking: TrackingStore,
  run: RunInfo,
  report: DefenceReport | null,
): Promise<void> {
  if (report === null) return;
  const { capped, quarantined } = report;
  await tracking.logBatch(run.runId, {
    metrics: metricList({ cappedRows: capped, quarantinedRows: quarantined.length }),
  });
  await tracking.artifacts(run.artifactUri).put(QUARANTINE_FILE, json(quarantined));
}

/** Logs what came of it: metrics, fold metrics, evaluation, test rows, predictions and latency. */
export async function logOutcome(
  tracking: TrackingStore,
  run: RunInfo,
  outcome: ExperimentOutcome,
): Promise<void> {
  const { config, data, decision, detector, scored, unseen, folds, latency, gates, model, audits } = outcome;
  const { oobScore } = detector;
  const nUnseen = countUnseen(scored.unseenCategories);
  const cv = folds === null ? {} : { ...prefixed('cvMean', folds.mean), ...prefixed('cvStd', folds.std) };
  await tracking.logBatch(run.runId, {
    metrics: [
      ...metricList({
        ...scored.evaluation.metrics,
        ...(nUnseen === 0 ? {} : { unseenCategories: nUnseen }),
        ...(unseen === null ? {} : prefixed('unseen', unseen.metrics)),
        ...(oobScore === null ? {} : { oobScore }),
        ...cv,
        ...(decision === null ? {} : decisionMetrics(decision, scored)),
        latencyMs: latency.single.meanMs,
        latencyP99Ms: latency.single.p99Ms,
        latencyWholeMs: latency.whole.meanMs,
      }),
      ...(folds === null ? [] : foldMetrics(folds.perFold)),
    ],
    tags: {
      'phantomnet.modelDigest': model.modelDigest,
      'phantomnet.gates': gates.every((g) => g.passed) ? 'passed' : 'failed',
      'phantomnet.audit': blocking(audits, config).length === 0 ? 'passed' : 'failed',
    },
  });
  const artifacts = tracking.artifacts(run.artifactUri);
  await artifacts.put('evaluation.json', json(scored.evaluation));
  await artifacts.put('latency.json', json(latency));
  if (nUnseen > 0) await artifacts.put(UNSEEN_FILE, json(scored.unseenCategories));
  await artifacts.put(AUDIT_FILE, json(audits));
  await artifacts.put(
    'split.json',
    json({
      ...data.split,
      randomState: config.split.randomState,
      testIndices: samplePositions(data.test.samples),
    }),
  );
  if (folds !== null) await artifacts.put(FOLDS_FILE, json(storedFolds(folds.drawn, folds.perFold)));
  await logPredictions(tracking, run, predictionsOf(scored, config, data));
}

/** Trains each baseline on the same rows and logs it as a child run. */
export async function logBaselines(
  tracking: TrackingStore,
  parent: RunInfo,
  {
    config,
    recipe,
    data,
    signal,
  }: {
    readonly config: ExperimentConfig;
    readonly recipe: Recipe;
    readonly data: LabelledData;
    readonly signal: AbortSignal;
  },
): Promise<Baseline[]> {
  const resampled = intervalGroups(config.split, data.test.samples);
  const baselines: Baseline[] = [];
  for (const name of config.baselines) {
    const own: Recipe = { ...recipe, estimator: name, params: {} };
    const options = { experimentId: parent.experimentId, runName: name, parentRunId: parent.runId };
    const baseline = await withRun(tracking, options, async ({ run }) => {
      const detector = await fitDetector(own, data.train, { signal });
      const scored = scoreDetector(detector, data.test, { resampled });
      const latency = timeDetector(detector, data.test.samples, config.latency.repeat);
      await tracking.logBatch(run.info.runId, {
        params: paramText({ estimator: name, ...resolveParams(own) }),
        metrics: metricList({ ...scored.evaluation.metrics, latencyMs: latency.single.meanMs }),
        tags: { [ROLE_TAG]: 'baseline' },
      });
      const artifacts = tracking.artifacts(run.info.artifactUri);
      await artifacts.put('evaluation.json', json(scored.evaluation));
      await logPredictions(tracking, run.info, predictionsOf(scored, config, data));
      return { name, runId: run.info.runId, metrics: scored.evaluation.metrics };
    });
    baselines.push(baseline);
  }
  return baselines;
}

function predictionsOf(scored: Scored, config: ExperimentConfig, data: LabelledData): StoredPredictions {
  return storedPredictions(scored, {
    dataDigest: (data.testSource ?? data.source).digest,
    label: config.label.target,
    rows: samplePositions(data.test.samples),
  });
}

function prefixed(prefix: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}/${key}`, value]));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
