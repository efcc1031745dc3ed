import { given } from '../core/index.js';
import { countClasses } from '../features/index.js';
import { readGitState, selectExperiment, withRun } from '../track/index.js';
import type { Progress } from '../train/index.js';
import { auditCount, auditSamples, auditScored, checkAudits } from './audit-experiment.js';
import { reportRun } from './build-report.js';
import { checkConfig } from './check-config.js';
import { checkSplit } from './check-split.js';
import { checkTestFile } from './check-test-file.js';
import { checkDecision, chooseDecision, requireTwoClasses } from './choose-decision.js';
import { type ExperimentConfigInput, experimentConfigSchema, parseConfig } from './config.js';
import { crossValidation } from './cross-validation.js';
import { defenceNotes, defendTraining } from './defences.js';
import {
  type ExperimentResult,
  experimentResult,
  type Gate,
  judgeGates,
  timeDetector,
} from './experiment-parts.js';
import { fitDetector, resolveParams, scoreDetector } from './fit-detector.js';
import { settleRecipe } from './fit-features.js';
import { intervalGroups } from './interval-groups.js';
import { readLabelledData } from './labelled-data.js';
import { logBaselines, logDefences, logOutcome, logSetup } from './log-experiment.js';
import { logModel } from './log-run.js';
import { OutOfFold } from './out-of-fold.js';
import { settleTableFormat, unitOf } from './read-data.js';
import { recipeOf } from './recipe.js';
import { checkReportColumns } from './report-columns.js';
import { countSamples } from './samples.js';
import { scoreUnseenSources } from './score-sources.js';
import { settleFolds } from './settle-folds.js';
import { checkWarmStart, loadWarmStart } from './warm-start.js';
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
  /** How far the stage is, and the seconds left where they are known. */
  advance(done: number, total: number, secondsLeft?: number): void;
  done(fact?: string): void;
}

/** Progress that is told to nobody. */
export const silent: StageProgress = { heading() {}, stage() {}, advance() {}, done() {} };

/**
 * Returns everything one experiment made: read → label → split → audit → cross-validate → choose the threshold → train →
 * evaluate → time → compare → log. This function is the pipeline; each line is a stage. Deterministic but for times and ids.
 * Throws before a run is started for a bad config or bad data, and where an audit blocks; later errors mark the run FAILED
 * with the reason.
 */
export async function runExperiment(
  input: ExperimentConfigInput,
  { workspace, progress }: ExperimentContext,
): Promise<ExperimentResult> {
  const { tracking } = workspace;
  const written = parseConfig(experimentConfigSchema, input, 'config');
  const parsed = { ...written, data: await settleTableFormat(written.data) };
  const asked = recipeOf(parsed);
  const params = resolveParams(asked);
  checkConfig(parsed, asked);
  checkTestFile(input);
  checkSplit(input);
  checkDecision(parsed);
  const { from } = parsed.estimator;
  const start = from === undefined ? undefined : await loadWarmStart(workspace, from, asked);

  progress.stage('read events');
  const loaded = await readLabelledData(parsed, asked, (count) => progress.advance(count, 0));
  const { config, notes } = settleFolds(parsed, loaded);
  const read = { ...loaded, notes: [...loaded.notes, ...notes] };
  const recipe = settleRecipe(asked, read.source);
  requireTwoClasses(config, read.train.labels);
  if (start !== undefined) checkWarmStart(start, recipe, read.train.labels);
  checkReportColumns(config, read);
  progress.done(
    `${countSamples(read.all.samples)} ${unitOf(read.source)}s, ${countClasses(read.all.labels)
      .map((c) => `class ${c.class}: ${c.count}`)
      .join(', ')}`,
  );

  progress.stage('audit');
  const audit = auditSamples(config, recipe, read);
  checkAudits(audit.audits, config);
  progress.done(auditCount(audit.audits, config));

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
      onProgress: ({ done, total, secondsLeft }: Progress) => progress.advance(done, total, secondsLeft),
    };
    const { runId, experimentId } = run.info;
    const experiment = await tracking.getExperiment(experimentId);
    await logSetup(tracking, runId, { config, params, data: read, start });

    if (config.defences !== undefined) progress.stage('defend the training rows');
    const { train, report: defended } = await defendTraining(parsed, recipe, read.train, watch);
    const data = { ...read, train, notes: [...read.notes, ...defenceNotes(defended)] };
    progress.done(`${countSamples(train.samples)} of ${countSamples(read.train.samples)} rows`);
    await logDefences(tracking, run.info, defended);

    progress.stage('cross-validate');
    const outOfFold = new OutOfFold(data.train);
    const folds = await crossValidation(config, recipe, data, { ...watch, outOfFold });
    progress.done(
      folds === null ? 'none' : `${folds.folds} folds, accuracy ${folds.mean['accuracy']?.toFixed(4)}`,
    );

    const decision = await chooseDecision(config, recipe, { ...watch, outOfFold });

    progress.stage(`train ${config.estimator.name}`);
    const fitStartMs = performance.now();
    const detector = await fitDetector(recipe, data.train, {
      ...watch,
      from: start?.detector,
      decision: decision?.stored,
    });
    const fitMs = performance.now() - fitStartMs;
    progress.done(`${countSamples(data.train.samples)} rows, ${detector.features.length} features`);

    progress.stage('evaluate');
    const resampled = intervalGroups(config.split, data.test.samples);
    const scored = scoreDetector(detector, data.test, { resampled });
    const nTest = countSamples(data.test.samples);
    progress.done(`accuracy ${scored.evaluation.metrics['accuracy']?.toFixed(4)} on ${nTest} rows`);

    progress.stage('benchmark latency');
    const latency = timeDetector(detector, data.test.samples, config.latency.repeat);
    progress.done(`${latency.single.meanMs.toFixed(3)} ms for one ${unitOf(data.source)}`);

    progress.stage('log run and model');
    const gates: Gate[] = judgeGates(config.gates, scored.evaluation, latency, decision?.stored.threshold);
    const model = await logModel(tracking, run.info, detector, data.train.samples);
    const audits = auditScored(audit, scored);
    const unseen = scoreUnseenSources(scored, data);
    const parts = { config, data, start, decision, detector, scored, unseen, folds };
    const outcome = { ...parts, latency, gates, model, audits };
    await logOutcome(tracking, run.info, outcome);
    progress.done(`run ${runId}`);

    if (config.baselines.length > 0) progress.stage('compare with baselines');
    const baselines = await logBaselines(tracking, run.info, { config, recipe, data, signal });
    progress.done(baselines.map((b) => b.name).join(', '));

    progress.stage('report');
    const about = { recipe, baselines, fitMs, signal, experiment: experiment.name };
    const { weaknesses } = await reportRun(tracking, run, { ...outcome, ...about });
    progress.done('report.html, report.md, report.json');
    return experimentResult({ ...outcome, run, experiment, params, baselines, weaknesses });
  });
}
