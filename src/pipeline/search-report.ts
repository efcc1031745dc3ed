import type { Evaluation, Interval } from '../evaluate/index.js';
import type { SettledConfig } from './cross-validation-folds.js';
import type { ExperimentResult } from './experiment-parts.js';
import type { Candidate } from './search-candidates.js';
import type { SearchExperimentConfig } from './search-config.js';
import type { Rung } from './search-halving.js';
import type { SearchPlan } from './search-plan.js';
import type { Trial } from './search-trial-runs.js';
import type { TrialsOutcome } from './search-trials.js';

/** A trial as it is told: its params and, by the metric of the search, mean and standard deviation over the folds. */
export interface SearchTrial
  extends Candidate,
    Pick<Trial, 'trial' | 'rung' | 'nResources' | 'runId' | 'status' | 'reason' | 'seconds' | 'isReused'> {
  /** null where the trial failed. */
  readonly mean: number | null;
  readonly std: number | null;
}

/** What a search tried and chose; plain values, logged as `search.json`. */
export interface SearchReport {
  readonly strategy: string;
  readonly metric: string;
  readonly folds: number;
  readonly randomState: number;
  /** What the rungs share out: training rows or trees. */
  readonly resource: string;
  readonly rungs: readonly Rung[];
  readonly nCandidates: number;
  /** Combinations of the space; null where it has a range. */
  readonly nCombinations: number | null;
  readonly trials: readonly SearchTrial[];
  readonly winner: SearchTrial;
  /** Score of the winner inside the training part. It is the best of several, and so often too good. */
  readonly inner: { readonly mean: number; readonly std: number; readonly bestOf: number };
  /** Score of the winner, fitted on the whole training part, on the test part that no trial saw. */
  readonly outer: { readonly value: number | null; readonly interval: Interval | null };
  /** Why trials were left out. */
  readonly stopped: 'maxSeconds' | null;
  /** Trials that were taken from an earlier start. */
  readonly nReused: number;
}

/** Name of the artifact that holds the report. */
export const SEARCH_FILE = 'search.json';

/** Returns the report of a search whose winner was evaluated on the test part. */
export function searchReport(
  { search }: SearchExperimentConfig,
  plan: SearchPlan,
  {
    rungs,
    outcome,
    evaluation,
  }: { readonly rungs: readonly Rung[]; readonly outcome: TrialsOutcome; readonly evaluation: Evaluation },
): SearchReport {
  const { metric, strategy } = search;
  const { trials, winner } = outcome;
  const finished = trials.filter(({ status }) => status === 'finished');
  return {
    strategy,
    metric,
    folds: plan.folds,
    randomState: plan.randomState,
    resource: strategy === 'halving' ? search.resource : 'nSamples',
    rungs,
    nCandidates: plan.candidates.length,
    nCombinations: plan.nCombinations,
    trials: trials.map((trial) => told(trial, metric)),
    winner: told(winner, metric),
    inner: {
      mean: winner.mean[metric]!,
      std: winner.std[metric]!,
      bestOf: new Set(finished.map(({ trial }) => trial)).size,
    },
    outer: { value: evaluation.metrics[metric] ?? null, interval: evaluation.intervals[metric] ?? null },
    stopped: outcome.isOutOfTime ? 'maxSeconds' : null,
    nReused: trials.filter(({ isReused }) => isReused).length,
  };
}

function told({ candidate, mean, std, ...trial }: Trial, metric: string): SearchTrial {
  const { trial: number, rung, nResources, runId, status, reason, seconds, isReused } = trial;
  return {
    ...{ trial: number, rung, nResources, status, reason, runId },
    ...candidate,
    ...{ mean: mean[metric] ?? null, std: std[metric] ?? null, seconds, isReused },
  };
}

/** Returns the winner's trial as the cross-validation of the experiment; of each fold the trial's own run tells. */
export function winnerFolds(
  { winner }: TrialsOutcome,
  { crossValidation: { folds, repeats, on, method } }: SettledConfig<SearchExperimentConfig>,
): ExperimentResult['crossValidation'] {
  return { folds, repeats, on, method, mean: winner.mean, std: winner.std };
}

/** Returns what is to be known before the numbers of a search are believed. */
export function searchNotes(report: SearchReport): string[] {
  const { metric, inner, outer, trials, stopped, nCandidates } = report;
  const nFailed = trials.filter(({ status }) => status === 'failed').length;
  const nTried = new Set(trials.map(({ trial }) => trial)).size;
  return [
    ...(inner.bestOf > 1
      ? [
          `the cross-validated ${metric} of ${inner.mean.toFixed(4)} is the best of ${inner.bestOf}, and such a best is often too good: go by the test rows, which no trial saw${outer.value === null ? '' : ` (${outer.value.toFixed(4)})`}`,
        ]
      : []),
    ...(stopped === null ? [] : [`the time was up: ${nTried} of ${nCandidates} combinations were tried`]),
    ...(nFailed === 0 ? [] : [`${nFailed} of ${trials.length} trials failed; their runs say why`]),
  ];
}
