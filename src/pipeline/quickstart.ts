import { fileURLToPath } from 'node:url';
import { programCall } from '../core/index.js';
import type { Comparison } from '../evaluate/index.js';
import { compareRuns } from './compare-runs.js';
import type { ExperimentResult } from './experiment-parts.js';
import { registerRun } from './register-run.js';
import { loadDetector } from './resolve-model.js';
import { runExperiment, type StageProgress, silent } from './run-experiment.js';
import { type StagingResult, stageVersion } from './stage-version.js';
import type { Workspace } from './workspace.js';

/** The registered model of the reference. */
export const REFERENCE_MODEL = 'PhantomNet_Attack_Detector';
const EXPERIMENT = 'quickstart';
/** The reference's sanity input: a payload of 120 characters is benign. */
const SANITY_INPUT = [{ payload_length: 120 }];

/** What the quickstart made. */
export interface QuickstartResult {
  readonly passed: boolean;
  readonly seconds: number;
  readonly store: string;
  readonly sample: string;
  readonly reference: ExperimentResult;
  readonly allFeatures: ExperimentResult;
  readonly comparison: Comparison;
  readonly staging: StagingResult;
  readonly model: {
    readonly name: string;
    readonly version: string;
    readonly stage: string;
    readonly tags: Readonly<Record<string, string>>;
  };
  readonly sanity: {
    readonly input: typeof SANITY_INPUT;
    readonly predictions: readonly (number | string)[];
  };
  readonly next: readonly string[];
}

/** Path of the sample that the package ships. */
export const SAMPLE_PATH: string = fileURLToPath(
  new URL('../../sample/honeypot-events.csv', import.meta.url),
);

/**
 * The whole way on the shipped sample: two forests are trained, the one on `payload_length` alone is registered, checked,
 * staged, tagged and loaded back; the one on all features is compared. `passed` is false when a gate or check failed.
 */
export async function quickstart(options: {
  readonly workspace: Workspace;
  readonly progress?: StageProgress;
  readonly randomState?: number;
}): Promise<QuickstartResult> {
  const { workspace, progress = silent, randomState = 42 } = options;
  const startedMs = performance.now();
  const shared = {
    experiment: EXPERIMENT,
    data: { path: SAMPLE_PATH },
    split: { method: 'stratified' as const, testSize: 0.2, randomState },
  };
  progress.heading('Forest on all features, to compare');
  const allFeatures = await runExperiment(
    { ...shared, runName: 'forest-all-features', baselines: [] },
    { workspace, progress },
  );
  progress.heading('Forest on payload_length alone, the reference');
  const reference = await runExperiment(
    {
      ...shared,
      runName: 'forest-payload-length',
      features: { names: ['payload_length'] },
      estimator: { params: { nEstimators: 200 } },
    },
    { workspace, progress },
  );

  progress.heading(`From run to staged model ${REFERENCE_MODEL}`);
  progress.stage('compare runs');
  const comparison = await compareRuns(workspace, {
    runIds: [reference.runId, allFeatures.runId, ...reference.baselines.map((b) => b.runId)],
    against: reference.runId,
  });
  progress.done();

  progress.stage('register');
  const registered = await registerRun(workspace, {
    name: REFERENCE_MODEL,
    runId: reference.runId,
    description: 'Random forest on payload_length, trained by the quickstart on the shipped sample.',
  });
  progress.done(`${registered.name} version ${registered.version}`);

  progress.stage('check, stage and tag');
  const staging = await stageVersion(workspace, {
    name: REFERENCE_MODEL,
    version: registered.version,
    stage: 'Staging',
    archiveExisting: true,
    minAccuracy: 0.85,
    maxLatencyMs: 100,
    sanityInput: SANITY_INPUT,
    expect: [0],
  });
  progress.done(staging.passed ? 'all checks passed' : 'a check failed');

  progress.stage('load back and predict');
  const address = `models:/${REFERENCE_MODEL}/${staging.passed ? 'Staging' : registered.version}`;
  const { detector } = await loadDetector(workspace, address);
  const predictions = detector.predict(SANITY_INPUT).map((p) => p.label);
  progress.done(`${JSON.stringify(SANITY_INPUT)} → ${JSON.stringify(predictions)}`);

  const command = programCall();
  const { version, stage, tags } = staging.version;
  return {
    passed: reference.passed && staging.passed,
    seconds: (performance.now() - startedMs) / 1000,
    store: workspace.tracking.uri,
    sample: SAMPLE_PATH,
    reference,
    allFeatures,
    comparison,
    staging,
    model: { name: REFERENCE_MODEL, version, stage, tags },
    sanity: { input: SANITY_INPUT, predictions },
    next: [
      `${command} deploy check models:/${REFERENCE_MODEL}/Staging`,
      `${command} compare --experiment ${EXPERIMENT}`,
      `${command} train your-events.csv --experiment mine`,
    ],
  };
}
