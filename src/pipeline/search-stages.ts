import type { DataAudit } from '../audit/index.js';
import type { Split } from '../data/index.js';
import type { Run } from '../track/index.js';
import { auditScored } from './audit-experiment.js';
import { reportRun } from './build-report.js';
import { checkAll } from './check-all.js';
import { chooseDecision } from './choose-decision.js';
import { crossValidationFolds, type SettledConfig } from './cross-validation-folds.js';
import { type ExperimentResult, experimentResult, judgeGates, timeDetector } from './experiment-parts.js';
import { fitDetector, type Recipe, resolveParams, scoreDetector } from './fit-detector.js';
import { checkFeatures, settleRecipe } from './fit-features.js';
import { intervalGroups } from './interval-groups.js';
import type { LabelledData } from './labelled-data.js';
import { logBaselines, logOutcome, logSetup } from './log-experiment.js';
import { logModel, paramText } from './log-run.js';
import { OutOfFold } from './out-of-fold.js';
import { recipeOf } from './recipe.js';
import type { ExperimentContext } from './run-experiment.js';
import { countSamples } from './samples.js';
import { scoreUnseenSources } from './score-sources.js';
import type { Candidate } from './search-candidates.js';
import type { SearchExperimentConfig } from './search-config.js';
import { type Rung, shareOfFolds } from './search-halving.js';
import { planRungs, type SearchPlan } from './search-plan.js';
import { SEARCH_FILE, type SearchReport, searchNotes, searchReport, winnerFolds } from './search-report.js';
import { candidateConfig } from './search-settings.js';
import { runTrial, type TrialContext } from './search-trial.js';
import { endedTrials, summaryMetrics, type Trial } from './search-trial-runs.js';
import { runTrials, type TrialsOutcome, type TrialWatch } from './search-trials.js';

/** What a search made: the experiment of its winner, and how it was found. */
export interface SearchResult extends ExperimentResult {
  readonly search: SearchReport;
}

/** A search that is ready to begin. */
interface ReadySearch {
  readonly config: SettledConfig<SearchExperimentConfig>;
  readonly plan: SearchPlan;
  readonly data: LabelledData;
  readonly recipeFor: (candidate: Candidate) => Recipe;
  readonly audit: DataAudit;
}

/** What its trials said. */
interface TriedSearch {
  readonly rungs: readonly Rung[];
  readonly outcome: TrialsOutcome;
}

/** What the stages of a search run in. */
interface ActiveSearch extends ExperimentContext {
  readonly run: Run;
  readonly signal: AbortSignal;
}

/** Returns what makes a candidate's recipe, settled by the data. Throws for features and encoders that the data has no columns for. */
export function candidateRecipes(
  config: SearchExperimentConfig,
  { candidates }: SearchPlan,
  { source }: LabelledData,
): ReadySearch['recipeFor'] {
  const recipeFor = (candidate: Candidate): Recipe =>
    settleRecipe(recipeOf(candidateConfig(config, candidate)), source);
  checkAll(candidates.map((candidate) => () => checkFeatures(recipeFor(candidate))));
  return recipeFor;
}

/** Tries the candidates on the training part, each trial in a child run; those of an earlier start come from the store. */
export async function tryCandidates(
  search: ReadySearch,
  { workspace: { tracking }, progress, run, signal }: ActiveSearch,
): Promise<TriedSearch> {
  const { config, plan, data, recipeFor } = search;
  const { metric, strategy, maxSeconds, resource } = config.search;
  await tracking.logBatch(run.info.runId, {
    params: paramText({
      'search.strategy': strategy,
      'search.metric': metric,
      'search.seed': plan.randomState,
    }),
  });
  const rungs = rungsOf(search);
  const { train } = data;
  const context = { tracking, parent: run.info, train, metric, signal, recipeFor, foldsOf: foldsOf(search) };
  const areTrees = strategy === 'halving' && resource === 'nEstimators';
  const schedule = {
    nCandidates: plan.candidates.length,
    candidateAt: (trial: number, nEstimators: number): Candidate => {
      const candidate = plan.candidates[trial]!;
      return areTrees ? { ...candidate, params: { ...candidate.params, nEstimators } } : candidate;
    },
    ...{ rungs, metric, maxSeconds },
    ended: await endedTrials(tracking, run.info),
  };
  return {
    rungs,
    outcome: await runTrials(schedule, (task) => runTrial(context, task), watchOf(progress, metric)),
  };
}

function rungsOf({ config, plan, data, recipeFor }: ReadySearch): Rung[] {
  const { samples, labels } = data.train;
  const recipe = recipeFor(plan.candidates[0]!);
  return planRungs(config, plan, {
    recipe,
    nSamples: countSamples(samples),
    nClasses: labels.classes.length,
  });
}

/** Returns the folds by the resource of a rung: those of `train` with the same config, with fewer rows where rows are rationed. */
function foldsOf({ config, data }: ReadySearch): TrialContext['foldsOf'] {
  const { search, split } = config;
  const { samples, labels } = data.train;
  const { randomState } = split;
  const folds = crossValidationFolds(data.train, config);
  if (search.strategy !== 'halving' || search.resource !== 'nSamples') return () => folds;
  const drawn = new Map<number, Split[]>();
  return (nRows) => {
    const share = nRows / countSamples(samples);
    const part = drawn.get(nRows) ?? shareOfFolds(folds, labels, { share, randomState });
    drawn.set(nRows, part);
    return part;
  };
}

function watchOf(progress: ExperimentContext['progress'], metric: string): TrialWatch {
  const score = (trial: Trial): string => trial.mean[metric]!.toFixed(4).replace(/^(-?)0\./, '$1.');
  return {
    onStart: (trial, nth, total) => progress.stage(`trial ${trial} (${nth} of ${total})`),
    onEnd(trial, best, secondsLeft) {
      const what = trial.status === 'failed' ? `failed: ${trial.reason}` : score(trial);
      const bestSoFar = best === undefined ? '' : `, best ${score(best)} (trial ${best.trial})`;
      // Those of an earlier start come all at once: how long they took says nothing of now.
      if (trial.isReused) return progress.done(`${what} from the store${bestSoFar}`);
      const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
      progress.done(`${what}${bestSoFar}${left}`);
    },
  };
}

/** Fits the winner on the whole training part, evaluates it once on the test part, and logs it as `train` does. */
export async function finishSearch(
  { plan, data, recipeFor, audit, rungs, outcome, ...search }: ReadySearch & TriedSearch,
  { workspace: { tracking }, progress, run, signal }: ActiveSearch,
): Promise<SearchResult> {
  const { candidate } = outcome.winner;
  // No search is for the folds: they were settled before it.
  const { crossValidation } = search.config;
  const config = { ...candidateConfig(search.config, candidate), crossValidation };
  const recipe = recipeFor(candidate);
  const params = resolveParams(recipe);
  const experiment = await tracking.getExperiment(run.info.experimentId);
  await logSetup(tracking, run.info.runId, { config, params, data, start: undefined });

  progress.stage(`train ${candidate.estimator}`);
  const decision = await chooseDecision(config, recipe, { signal, outOfFold: new OutOfFold(data.train) });
  const fitStartMs = performance.now();
  const detector = await fitDetector(recipe, data.train, { signal, decision: decision?.stored });
  const fitMs = performance.now() - fitStartMs;
  progress.done(`trial ${outcome.winner.trial} on ${countSamples(data.train.samples)} rows`);

  progress.stage('evaluate');
  const resampled = intervalGroups(config.split, data.test.samples);
  const scored = scoreDetector(detector, data.test, { resampled });
  const { evaluation } = scored;
  const latency = timeDetector(detector, data.test.samples, config.latency.repeat);
  const gates = judgeGates(config.gates, evaluation, latency, decision?.stored.threshold);
  progress.done(
    `accuracy ${evaluation.metrics['accuracy']?.toFixed(4)} on ${countSamples(data.test.samples)} rows`,
  );

  progress.stage('log run and model');
  const report = searchReport(search.config, plan, { rungs, outcome, evaluation });
  const model = await logModel(tracking, run.info, detector, data.train.samples);
  // The winner was chosen on its folds, so they must not be compared with those of other runs: no folds are logged.
  const parts = {
    config,
    data,
    start: undefined,
    decision,
    detector,
    scored,
    folds: null,
    latency,
    gates,
    model,
    audits: auditScored(audit, scored),
    unseen: scoreUnseenSources(scored, data),
  };
  await logOutcome(tracking, run.info, parts);
  await tracking.logBatch(run.info.runId, { metrics: summaryMetrics(outcome.winner) });
  await tracking.artifacts(run.info.artifactUri).put(SEARCH_FILE, `${JSON.stringify(report, null, 1)}\n`);
  progress.done(`run ${run.info.runId}`);

  if (config.baselines.length > 0) progress.stage('compare with baselines');
  const baselines = await logBaselines(tracking, run.info, { config, recipe, data, signal });
  progress.done(baselines.map((b) => b.name).join(', '));

  progress.stage('report');
  const about = { recipe, baselines, fitMs, signal, experiment: experiment.name };
  const { weaknesses } = await reportRun(tracking, run, { ...parts, ...about });
  progress.done('report.html, report.md, report.json');
  const result = experimentResult({ ...parts, run, experiment, params, baselines, weaknesses });
  const warnings = [...searchNotes(report), ...result.warnings];
  return { ...result, warnings, crossValidation: winnerFolds(outcome, config), search: report };
}
