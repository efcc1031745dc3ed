import { type Evaluation, summarise } from '../evaluate/index.js';
import { collectPages, quoteFilterKey, quoteFilterText } from '../mlflow/index.js';
import {
  type Metric,
  type Run,
  type RunInfo,
  STATUS_REASON_TAG,
  type TrackingStore,
} from '../track/index.js';
import { RUNS_PER_PAGE } from './find-runs.js';
import { ROLE_TAG } from './log-experiment.js';
import { metricList } from './log-run.js';
import type { Candidate } from './search-candidates.js';

/** One trial: which candidate, in which rung, on how much. */
export interface TrialTask {
  /** Number of the candidate, from 0, in the order they were drawn. */
  readonly trial: number;
  readonly rung: number;
  /** Training rows or trees. */
  readonly nResources: number;
  readonly candidate: Candidate;
}

/** What came of a trial, and the child run it is logged as. */
export interface Trial extends TrialTask {
  readonly runId: string;
  readonly status: 'finished' | 'failed';
  /** Why it failed. */
  readonly reason: string | null;
  /** Means over the folds by metric; empty where it failed. */
  readonly mean: Readonly<Record<string, number>>;
  readonly std: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** It was taken from the store, where an earlier start had left it. */
  readonly isReused: boolean;
}

const TRIAL_TAG = 'phantomnet.trial';
const RUNG_TAG = 'phantomnet.rung';
/** Tag of a trial that came to an end by itself: finished or failed. */
export const TRIAL_STATUS_TAG = 'phantomnet.trialStatus';

/** Returns the tags by which the run of a trial is found again. */
export function trialTags({ trial, rung }: Pick<TrialTask, 'trial' | 'rung'>): Record<string, string> {
  return { [ROLE_TAG]: 'trial', [TRIAL_TAG]: String(trial), [RUNG_TAG]: String(rung) };
}

const MEAN = 'cvMean/';
const STD = 'cvStd/';

/** Returns mean and standard deviation over the folds by metric, and the same as a run has them. */
export function summariseTrial(
  folds: readonly Evaluation[],
): Pick<Trial, 'mean' | 'std'> & { readonly metrics: readonly Metric[] } {
  const summary = Object.entries(summarise(folds));
  const mean = Object.fromEntries(summary.map(([key, value]) => [key, value.mean]));
  const std = Object.fromEntries(summary.map(([key, value]) => [key, value.std]));
  return { mean, std, metrics: summaryMetrics({ mean, std }) };
}

/** Returns mean and standard deviation as a run has them: `cvMean/<metric>` and `cvStd/<metric>`. */
export function summaryMetrics({ mean, std }: Pick<Trial, 'mean' | 'std'>): Metric[] {
  return metricList(Object.fromEntries([...prefixed(MEAN, mean), ...prefixed(STD, std)]));
}

function prefixed(prefix: string, values: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]);
}

/** Returns the name by which a trial is found again. */
export function trialKey({ trial, rung }: Pick<TrialTask, 'trial' | 'rung'>): string {
  return `${trial}/${rung}`;
}

/**
 * Returns the child runs of trials that came to an end, by `trialKey`. One that still says RUNNING, as on a server when its
 * process died, is set to KILLED: the search goes on without it.
 */
export async function endedTrials(tracking: TrackingStore, parent: RunInfo): Promise<Map<string, Run>> {
  const filter =
    `tags.${quoteFilterKey('mlflow.parentRunId')} = ${quoteFilterText(parent.runId)}` +
    ` AND tags.${quoteFilterKey(ROLE_TAG)} = 'trial'`;
  const query = { experimentIds: [parent.experimentId], filter, maxResults: RUNS_PER_PAGE };
  const runs = await collectPages((page) => tracking.searchRuns({ ...page, ...query }));
  for (const { info } of runs) if (info.status === 'RUNNING') await closeLeftOver(tracking, info.runId);
  return new Map(
    runs.filter(hasEnded).map((run) => {
      const { tags } = run;
      return [trialKey({ trial: Number(tags[TRIAL_TAG]), rung: Number(tags[RUNG_TAG]) }), run];
    }),
  );
}

async function closeLeftOver(tracking: TrackingStore, runId: string): Promise<void> {
  await tracking.updateRun(runId, { status: 'KILLED', endTime: Date.now() });
  await tracking.logBatch(runId, { tags: { [STATUS_REASON_TAG]: 'the search was resumed without it' } });
}

/** A run fails of the store too, and is FINISHED only after all was logged. */
function hasEnded({ info, tags }: Run): boolean {
  const status = tags[TRIAL_STATUS_TAG];
  return (
    (info.status === 'FINISHED' && status === 'finished') || (info.status === 'FAILED' && status === 'failed')
  );
}

/** Returns the trial that an ended child run holds. */
export function reusedTrial(task: TrialTask, { info, tags, metrics }: Run): Trial {
  const read = (prefix: string) =>
    Object.values(metrics).flatMap(({ key, value }) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
    );
  const isFinished = info.status === 'FINISHED';
  return {
    ...task,
    runId: info.runId,
    status: isFinished ? 'finished' : 'failed',
    reason: isFinished ? null : (tags[STATUS_REASON_TAG] ?? null),
    mean: Object.fromEntries(read(MEAN)),
    std: Object.fromEntries(read(STD)),
    seconds: ((info.endTime ?? info.startTime) - info.startTime) / 1000,
    isReused: true,
  };
}
