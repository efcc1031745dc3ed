import { PhantomNetError } from '../core/index.js';
import type { Split } from '../data/index.js';
import type { Evaluation } from '../evaluate/index.js';
import { type RunInfo, STATUS_REASON_TAG, type TrackingStore, withRun } from '../track/index.js';
import { crossValidate, type LabelledSamples, type Recipe, resolveParams } from './fit-detector.js';
import { foldMetrics, paramText } from './log-run.js';
import type { Candidate } from './search-candidates.js';
import {
  summariseTrial,
  TRIAL_STATUS_TAG,
  type Trial,
  type TrialTask,
  trialTags,
} from './search-trial-runs.js';

/** What all trials of a search have in common. */
export interface TrialContext {
  readonly tracking: TrackingStore;
  readonly parent: RunInfo;
  readonly recipeFor: (candidate: Candidate) => Recipe;
  readonly train: LabelledSamples;
  readonly metric: string;
  /** The folds of a rung: the same for all its trials, so that they compare row by row. */
  foldsOf(nResources: number): readonly Split[];
  readonly signal: AbortSignal;
}

/** A fit of a trial that came to nothing: the search goes on. */
class TrialFailure extends Error {
  constructor(
    readonly runId: string,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/**
 * Cross-validates a candidate in a child run and returns what came of it. A fit that is refused or runs out of memory makes
 * a failed trial; what the store refuses, an interruption and a defect are thrown.
 */
export async function runTrial(context: TrialContext, task: TrialTask): Promise<Trial> {
  const { tracking, parent, signal } = context;
  const { experimentId, runId: parentRunId } = parent;
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  const options = { experimentId, parentRunId, runName: nameOf(task), tags: trialTags(task) };
  try {
    return await withRun(tracking, options, async ({ run: { info } }) => {
      const summary = await scoreTrial(context, task, info.runId);
      const outcome = { runId: info.runId, status: 'finished', reason: null, ...summary } as const;
      return { ...task, ...outcome, seconds: seconds(), isReused: false };
    });
  } catch (error) {
    if (!(error instanceof TrialFailure) || signal.aborted) throw error;
    const { runId } = error;
    // As the tag has it, so that a trial that is reused says the same.
    const reason = (await tracking.getRun(runId)).tags[STATUS_REASON_TAG] ?? null;
    const outcome = { runId, status: 'failed', reason, mean: {}, std: {} } as const;
    return { ...task, ...outcome, seconds: seconds(), isReused: false };
  }
}

/** Cross-validates and logs a candidate. Throws a TrialFailure, with the run's tag set, where that is the fit's fault. */
async function scoreTrial(
  { tracking, recipeFor, train, metric, foldsOf, signal }: TrialContext,
  task: TrialTask,
  runId: string,
): Promise<Pick<Trial, 'mean' | 'std'>> {
  const recipe = recipeFor(task.candidate);
  await tracking.logBatch(runId, { params: trialParams(recipe, task) });
  let evaluations: Evaluation[];
  try {
    evaluations = await crossValidate(recipe, train, { folds: foldsOf(task.nResources), signal });
    requireMetric(evaluations, metric);
  } catch (error) {
    if (!isOfFit(error)) throw error;
    await tracking.logBatch(runId, { tags: { [TRIAL_STATUS_TAG]: 'failed' } });
    throw new TrialFailure(runId, error);
  }
  const { metrics, ...summary } = summariseTrial(evaluations);
  await tracking.logBatch(runId, {
    metrics: [...metrics, ...foldMetrics(evaluations)],
    tags: { [TRIAL_STATUS_TAG]: 'finished' },
  });
  return summary;
}

function nameOf({ trial, rung }: TrialTask): string {
  return rung === 0 ? `trial-${trial}` : `trial-${trial}-rung-${rung}`;
}

function trialParams(recipe: Recipe, { candidate, nResources }: TrialTask): Record<string, string> {
  const { estimator, features, settings } = candidate;
  const params = resolvedOrGiven(recipe);
  return paramText({ estimator, ...params, features: listed(features), nResources, ...settings });
}

function listed(features: Candidate['features']): string {
  return features === 'all' ? 'all' : features.join(',');
}

/** Params that do not go together are told by the fit; what was asked for is logged all the same. */
function resolvedOrGiven(recipe: Recipe): Readonly<Record<string, unknown>> {
  try {
    return resolveParams(recipe);
  } catch {
    return recipe.params;
  }
}

function isOfFit(error: unknown): error is Error {
  const codes = ['INVALID_PARAMETER', 'BAD_DATA', 'UNSUPPORTED'];
  return error instanceof PhantomNetError ? codes.includes(error.code) : error instanceof RangeError;
}

function requireMetric(evaluations: readonly Evaluation[], metric: string): void {
  const nWithout = evaluations.filter((evaluation) => evaluation.metrics[metric] === undefined).length;
  if (nWithout === 0) return;
  throw new PhantomNetError(
    'BAD_DATA',
    `${metric} is undefined in ${nWithout} of ${evaluations.length} folds`,
    {
      hint: 'choose another search.metric: some need two classes, or scores',
      details: { metric },
    },
  );
}
