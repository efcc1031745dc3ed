import { PhantomNetError } from '../core/index.js';
import type { Run } from '../track/index.js';
import type { Candidate } from './search-candidates.js';
import type { Rung } from './search-halving.js';
import { greaterIsBetter } from './search-schema.js';
import { reusedTrial, type Trial, type TrialTask, trialKey } from './search-trial-runs.js';

/** What the trials of a search follow from. */
interface TrialSchedule {
  readonly nCandidates: number;
  /** The candidate of that number, with its share of what is rationed where that is a param. */
  candidateAt(trial: number, nResources: number): Candidate;
  readonly rungs: readonly Rung[];
  readonly metric: string;
  readonly maxSeconds: number | undefined;
  /** Trials of an earlier start, by `trialKey`. */
  readonly ended: ReadonlyMap<string, Run>;
}

/** Signs of life of a search. */
export interface TrialWatch {
  /** A trial begins, the `nth` from 1 of `total`; halving comes back to the same trial. */
  onStart(trial: number, nth: number, total: number): void;
  /** It ended; `best` is the best of its rung so far. */
  onEnd(trial: Trial, best: Trial | undefined, secondsLeft: number | undefined): void;
}

/** The trials in the order they ended, and whether the time was up before the last. */
export interface TrialsOutcome {
  readonly trials: readonly Trial[];
  readonly winner: Trial;
  readonly isOutOfTime: boolean;
}

/**
 * Tries every candidate in every rung it reaches, and returns the trials with the best of the highest rung that was reached.
 * When `maxSeconds` are over no trial begins, but at least one is made. Throws BAD_DATA, with the first reason, when no
 * trial of a rung finished.
 */
export async function runTrials(
  schedule: TrialSchedule,
  run: (task: TrialTask) => Promise<Trial>,
  watch: TrialWatch,
): Promise<TrialsOutcome> {
  const { rungs, metric } = schedule;
  const pace = createPace(rungs);
  const trials: Trial[] = [];
  let entrants = Array.from({ length: schedule.nCandidates }, (_, trial) => trial);
  for (const [rung, { nResources }] of rungs.entries()) {
    const tasks = entrants.map((trial) => {
      return { trial, rung, nResources, candidate: schedule.candidateAt(trial, nResources) };
    });
    const inRung = await runRung(tasks, { ...schedule, run, watch, pace, isFirst: rung === 0 });
    trials.push(...inRung);
    if (inRung.length < tasks.length) return { trials, winner: winnerOf(trials, metric), isOutOfTime: true };
    entrants = survivors(inRung, metric, rungs[rung + 1]?.nCandidates ?? 1);
  }
  return { trials, winner: winnerOf(trials, metric), isOutOfTime: false };
}

/** Returns the trials of one rung, fewer than were asked for when the time is up. */
async function runRung(
  tasks: readonly TrialTask[],
  context: TrialSchedule & {
    readonly run: (task: TrialTask) => Promise<Trial>;
    readonly watch: TrialWatch;
    readonly pace: Pace;
    readonly isFirst: boolean;
  },
): Promise<Trial[]> {
  const { ended, metric, maxSeconds = Number.POSITIVE_INFINITY, run, watch, pace } = context;
  const trials: Trial[] = [];
  for (const task of tasks) {
    const earlier = ended.get(trialKey(task));
    const mayRun = (context.isFirst && trials.length === 0) || pace.seconds() < maxSeconds;
    if (earlier === undefined && !mayRun) break;
    watch.onStart(task.trial, pace.done() + 1, pace.total);
    const trial = earlier === undefined ? await run(task) : reusedTrial(task, earlier);
    trials.push(trial);
    pace.add(trial);
    watch.onEnd(trial, ranked(trials, metric)[0], pace.secondsLeft(maxSeconds));
  }
  return trials;
}

/** Returns finished trials, the best first; among equals the one that was drawn first. */
export function ranked(trials: readonly Trial[], metric: string): Trial[] {
  const score = (trial: Trial): number => greaterIsBetter(metric, trial.mean[metric]!);
  return trials
    .filter((trial) => trial.status === 'finished')
    .sort((a, b) => score(b) - score(a) || a.trial - b.trial);
}

function survivors(inRung: readonly Trial[], metric: string, most: number): number[] {
  const best = ranked(inRung, metric).slice(0, most);
  if (best.length > 0) return best.map(({ trial }) => trial);
  throw allFailed(inRung);
}

/** Scores on different amounts do not compare, so only the highest rung counts. */
function winnerOf(trials: readonly Trial[], metric: string): Trial {
  const finished = trials.filter((trial) => trial.status === 'finished');
  const top = Math.max(...finished.map(({ rung }) => rung));
  const winner = ranked(
    finished.filter(({ rung }) => rung === top),
    metric,
  )[0];
  if (winner === undefined) throw allFailed(trials);
  return winner;
}

function allFailed(trials: readonly Trial[]): PhantomNetError {
  const nTrials = trials.length === 1 ? 'the only trial' : `all ${trials.length} trials`;
  return new PhantomNetError('BAD_DATA', `${nTrials} failed, the first with: ${trials[0]?.reason}`, {
    hint: 'their runs say why; change the space, the metric or estimator.maxMemoryBytes',
    details: { runIds: trials.slice(0, 20).map(({ runId }) => runId) },
  });
}

/** How long trials have taken, those of an earlier start too, and what that says of the others. */
interface Pace {
  readonly total: number;
  done(): number;
  seconds(): number;
  add(trial: Trial): void;
  /** By the resources that are still to be spent; undefined until something is known. */
  secondsLeft(maxSeconds: number): number | undefined;
}

function createPace(rungs: readonly Rung[]): Pace {
  const work = rungs.reduce((sum, rung) => sum + rung.nCandidates * rung.nResources, 0);
  let [nDone, seconds, workDone] = [0, 0, 0];
  return {
    total: rungs.reduce((sum, rung) => sum + rung.nCandidates, 0),
    done: () => nDone,
    seconds: () => seconds,
    add(trial) {
      nDone += 1;
      seconds += trial.seconds;
      workDone += trial.nResources;
    },
    secondsLeft(maxSeconds) {
      if (workDone === 0) return undefined;
      return Math.max(0, Math.min(maxSeconds - seconds, (seconds / workDone) * (work - workDone)));
    },
  };
}
