import { given } from '../core/index.js';
import { takeLabels } from '../data/index.js';
import { countClasses, labelEvents, resolveFeatures } from '../features/index.js';
import { readGitState, selectExperiment, withRun } from '../track/index.js';
import {
  type ExperimentConfig,
  type ExperimentConfigInput,
  experimentConfigSchema,
  parseConfig,
} from './config.js';
import {
  crossValidation,
  type ExperimentResult,
  experimentResult,
  type Gate,
  judgeGates,
  type LabelledData,
  timeDetector,
} from './experiment-parts.js';
import {
  fitDetector,
  labelOptions,
  pick,
  presentFeatures,
  type Recipe,
  resolveParams,
  schemaOf,
  scoreDetector,
  unseenAttackEvents,
} from './fit-detector.js';
import { logBaselines, logOutcome, logSetup } from './log-experiment.js';
import { logModel } from './log-run.js';
import { readData } from './read-data.js';
import { splitEvents } from './split-events.js';
import type { Workspace } from './workspace.js';

/** Where an experiment runs and how it tells what it is doing. */
export interface ExperimentContext {
  readonly workspace: Workspace;
  readonly progress: StageProgress;
}

/** Signs of life of a long composer. */
export interface StageProgress {
  /** What the next stages are about. */
  heading(text: string): void;
  stage(name: string): void;
  advance(done: number, total: number): void;
  done(fact?: string): void;
}

/** Progress that is told to nobody. */
export const silent: StageProgress = { heading() {}, stage() {}, advance() {}, done() {} };

/**
 * Returns everything one experiment made: read → label → split → cross-validate → train → evaluate → time → compare →
 * log. This function is the pipeline; each line is a stage. Deterministic but for times and ids.
 * Throws before a run is started for a bad config or bad data; later errors mark the run FAILED with the reason.
 */
export async function runExperiment(
  input: ExperimentConfigInput,
  { workspace: { tracking }, progress }: ExperimentContext,
): Promise<ExperimentResult> {
  const config = parseConfig(experimentConfigSchema, input, 'config');
  const asked = recipeOf(config);
  const params = resolveParams(asked);
  checkNames(config, asked);

  progress.stage('read events');
  const source = await readData(config.data);
  const labels = labelEvents(source.events, labelOptions(config.label));
  const split = splitEvents(source.events, labels, config.split);
  const data: LabelledData = { source, labels, split };
  const recipe = { ...asked, features: presentFeatures(asked, source.events) };
  const notes = unseenAttackEvents(config.label, source.events);
  progress.done(
    `${source.events.length} events, ${countClasses(labels)
      .map((c) => `class ${c.class}: ${c.count}`)
      .join(', ')}`,
  );

  // Without a name the environment chooses: the run of MLFLOW_RUN_ID, in its own experiment, or an experiment.
  const { experiment: name } = config;
  const options = given({
    experimentId: name === undefined ? undefined : (await selectExperiment(tracking, { name })).experimentId,
    runName: config.runName,
    git: await readGitState(process.cwd()),
    source: { name: 'phantomnet train' },
  });
  return withRun(tracking, options, async ({ run, signal }) => {
    const watch = {
      signal,
      onProgress: (p: { done: number; total: number }) => progress.advance(p.done, p.total),
    };
    const { runId, experimentId } = run.info;
    const experiment = await tracking.getExperiment(experimentId);
    await logSetup(tracking, runId, { config, params, data });

    progress.stage('cross-validate');
    const folds = await crossValidation(config, recipe, data, watch);
    progress.done(
      folds === null ? 'none' : `${folds.folds} folds, accuracy ${folds.mean['accuracy']?.toFixed(4)}`,
    );

    progress.stage(`train ${config.estimator.name}`);
    const train = pick(source.events, split.train);
    const detector = await fitDetector(recipe, train, takeLabels(labels, split.train), watch);
    progress.done(`${train.length} rows, ${detector.features.length} features`);

    progress.stage('evaluate');
    const test = pick(source.events, split.test);
    const scored = scoreDetector(detector, test, takeLabels(labels, split.test));
    progress.done(`accuracy ${scored.evaluation.metrics['accuracy']?.toFixed(4)} on ${test.length} rows`);

    progress.stage('benchmark latency');
    const latency = timeDetector(detector, test, config.latency.repeat);
    progress.done(`${latency.single.meanMs.toFixed(3)} ms an event`);

    progress.stage('log run and model');
    const gates: Gate[] = judgeGates(config.gates, scored.evaluation, latency);
    const model = await logModel(tracking, run.info, detector, train);
    const outcome = { config, data, detector, scored, folds, latency, gates, model };
    await logOutcome(tracking, run.info, outcome);
    progress.done(`run ${runId}`);

    if (config.baselines.length > 0) progress.stage('compare with baselines');
    const baselines = await logBaselines(tracking, run.info, { config, recipe, data, signal });
    progress.done(baselines.map((b) => b.name).join(', '));
    return experimentResult({ ...outcome, run, experiment, params, baselines, notes });
  });
}

/** A misspelt name is told before anything is read. */
function checkNames(config: ExperimentConfig, recipe: Recipe): void {
  resolveFeatures(config.features.names, schemaOf(recipe));
  for (const estimator of config.baselines) resolveParams({ ...recipe, estimator, params: {} });
}

function recipeOf(config: ExperimentConfig): Recipe {
  return {
    estimator: config.estimator.name,
    params: config.estimator.params,
    features: config.features,
    labelColumn: config.label.target === 'is_attack' ? undefined : config.label.target,
    randomState: config.split.randomState,
  };
}
