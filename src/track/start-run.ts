import { userInfo } from 'node:os';
import { PhantomNetError } from '../core/index.js';
import { PROCESS_TAG, thisProcess } from './embedded-process.js';
import type { GitState } from './git-state.js';
import type { Run, TrackingStore } from './port.js';
import { selectExperiment } from './select-experiment.js';

/** What a run is and where it belongs. */
export interface RunOptions {
  /** Default: the experiment that `selectExperiment` finds in `env`. */
  readonly experimentId?: string;
  /** Made up by the store when absent. */
  readonly runName?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The run inside which this one is started. */
  readonly parentRunId?: string;
  /** Default: the user of the process. */
  readonly user?: string;
  /** What made the run, such as the command line; `type` is one of MLflow's (LOCAL, JOB, PROJECT, NOTEBOOK). */
  readonly source?: { readonly name: string; readonly type?: string };
  readonly git?: GitState;
  /** Default: `process.env`. MLFLOW_RUN_ID is removed from it once used, as MLflow does, so that only one run resumes it. */
  readonly env?: Record<string, string | undefined>;
}

/** Returns a new run, or the one that MLFLOW_RUN_ID names, set to RUNNING again. A nested run is always new. */
export async function startRun(store: TrackingStore, options: RunOptions): Promise<Run> {
  const env = options.env ?? process.env;
  const resumedId = options.parentRunId === undefined ? env['MLFLOW_RUN_ID'] : undefined;
  const tags = { ...processMark(store), ...contextTags(options) };
  if (resumedId) {
    delete env['MLFLOW_RUN_ID'];
    return resumeRun(store, resumedId, { ...options, tags });
  }
  const experimentId = options.experimentId ?? (await selectExperiment(store, { env })).experimentId;
  return store.createRun({
    experimentId,
    userId: tags['mlflow.user'] ?? '',
    tags,
    ...(options.runName === undefined ? {} : { runName: options.runName }),
  });
}

async function resumeRun(store: TrackingStore, runId: string, options: RunOptions): Promise<Run> {
  const { info } = await store.getRun(runId);
  if (info.lifecycleStage === 'deleted') {
    throw new PhantomNetError('CONFLICT', `MLFLOW_RUN_ID names run ${runId}, which is deleted`, {
      hint: `restore it with \`phantomnet runs restore ${runId}\`, or unset MLFLOW_RUN_ID`,
      details: { runId },
    });
  }
  if (options.experimentId !== undefined && options.experimentId !== info.experimentId) {
    throw new PhantomNetError(
      'CONFLICT',
      `MLFLOW_RUN_ID names run ${runId} of experiment ${info.experimentId}, not of ${options.experimentId}`,
      {
        hint: 'unset MLFLOW_RUN_ID, or choose the experiment of the run',
        details: { runId, experimentId: info.experimentId },
      },
    );
  }
  await store.updateRun(runId, {
    status: 'RUNNING',
    ...(options.runName === undefined ? {} : { runName: options.runName }),
  });
  await store.logBatch(runId, { tags: options.tags ?? {} });
  return store.getRun(runId);
}

/** An embedded store tells by this tag whether the process of a run is alive. */
function processMark(store: TrackingStore): Record<string, string> {
  return store.uri.startsWith('sqlite:') ? { [PROCESS_TAG]: thisProcess() } : {};
}

function contextTags(options: RunOptions): Record<string, string> {
  const { parentRunId, source, git, user = userName() } = options;
  return {
    ...(user === undefined ? {} : { 'mlflow.user': user }),
    ...(source === undefined
      ? {}
      : { 'mlflow.source.name': source.name, 'mlflow.source.type': source.type ?? 'LOCAL' }),
    ...(git === undefined
      ? {}
      : { 'mlflow.source.git.commit': git.commit, 'phantomnet.git.dirty': String(git.isDirty) }),
    ...(parentRunId === undefined ? {} : { 'mlflow.parentRunId': parentRunId }),
    ...options.tags,
  };
}

/** A process in a container may have a number and no name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
