import { userInfo } from 'node:os';
import { PhantomNetError, show } from '../core/index.js';
import { prepareRunTags } from '../mlflow/index.js';
import { appendToArtifactUri, type MlflowDatabase } from '../storage/index.js';
import { RUN_NAME_TAG, setTags } from './embedded-batch.js';
import { experimentNumber, requireActiveExperiment } from './embedded-experiments.js';
import { hexId } from './embedded-inputs.js';
import { loadRun } from './embedded-run-rows.js';
import { noRun, requireActiveRun, requireRun } from './embedded-run-state.js';
import type { Run, RunInfo, RunStatus, TrackingStore } from './port.js';
import { randomRunName } from './run-name.js';

/** Creates a RUNNING run, tagged with its name. */
export function createRun(db: MlflowDatabase, options: Parameters<TrackingStore['createRun']>[0]): Run {
  const { tags = {}, experimentId, startTime = Date.now(), userId = userName() } = options;
  const runName = runNameOf(options.runName, tags);
  const runId = hexId();
  const experiment = requireActiveExperiment(db, experimentId);
  const place = String(experiment['artifact_location'] ?? '');
  const artifactUri = appendToArtifactUri(place, runId, 'artifacts');
  db.sql.run(
    `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,
       source_version, lifecycle_stage, artifact_uri, experiment_id)
     VALUES (?, ?, 'UNKNOWN', '', '', ?, 'RUNNING', ?, '', 'active', ?, ?)`,
    [runId, runName, userId, startTime, artifactUri, experimentNumber(experimentId)],
  );
  // MLflow takes any keys, and values of any length, for the tags that a run starts with.
  const all = { ...tags, [RUN_NAME_TAG]: runName };
  setTags(db, runId, Object.entries(all));
  return {
    info: {
      runId,
      runName,
      experimentId: String(experiment['experiment_id']),
      userId,
      status: 'RUNNING',
      startTime,
      endTime: null,
      artifactUri,
      lifecycleStage: 'active',
    },
    metrics: {},
    params: {},
    tags: all,
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
  };
}

/** Returns a run with all that was logged to it. Throws NOT_FOUND. */
export function getRun(db: MlflowDatabase, runId: string): Run {
  const run = loadRun(db, runId);
  if (run === undefined) throw noRun(runId);
  return run;
}

/** Changes status, end time or name (with its tag) and returns what is so now. Throws CONFLICT for a deleted run. */
export function updateRun(
  db: MlflowDatabase,
  runId: string,
  change: { readonly status?: RunStatus; readonly endTime?: number; readonly runName?: string },
): RunInfo {
  requireActiveRun(db, runId);
  db.sql.run(
    'UPDATE runs SET status = ifnull(?, status), end_time = ifnull(?, end_time) WHERE run_uuid = ?',
    [change.status ?? null, change.endTime ?? null, runId],
  );
  if (change.runName) setTags(db, runId, prepareRunTags({ [RUN_NAME_TAG]: change.runName }));
  return getRun(db, runId).info;
}

/** Marks a run deleted or active; what is so already stays so. Throws NOT_FOUND. */
export function moveRun(db: MlflowDatabase, runId: string, to: 'active' | 'deleted'): void {
  requireRun(db, runId);
  db.sql.run('UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE run_uuid = ?', [
    to,
    to === 'deleted' ? Date.now() : null,
    runId,
  ]);
}

function runNameOf(runName: string | undefined, tags: Readonly<Record<string, string>>): string {
  const tagged = tags[RUN_NAME_TAG];
  if (runName && tagged && runName !== tagged) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `run name ${show(runName)} and tag ${RUN_NAME_TAG} ${show(tagged)} must be equal`,
      { hint: 'give one of them only' },
    );
  }
  return runName || tagged || randomRunName();
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user number without a name.
    return process.env['USER'] ?? 'unknown';
  }
}
