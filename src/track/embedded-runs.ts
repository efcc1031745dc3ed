import { userInfo } from 'node:os';
import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import { type Batch, cutTo, isLongerThan, LIMITS, prepareRunTags } from '../mlflow/index.js';
import { appendToArtifactUri, type MlflowDatabase } from '../storage/index.js';
import { RUN_NAME_TAG, setTags } from './embedded-batch.js';
import { experimentNumber, requireActiveExperiment } from './embedded-experiments.js';
import { hexId } from './embedded-inputs.js';
import { PROCESS_TAG, thisProcess } from './embedded-process.js';
import { loadRuns } from './embedded-run-rows.js';
import { requireActiveRun, requireRun } from './embedded-run-state.js';
import type { Run, RunStatus, TrackingStore } from './port.js';
import { randomRunName } from './run-name.js';

/** Creates a RUNNING run, tagged with its name and with the process that runs it. */
export function createRun(db: MlflowDatabase, options: Parameters<TrackingStore['createRun']>[0]): Run {
  const tags = options.tags ?? {};
  const name = runNameOf(options.runName, tags);
  const userId = options.userId ?? userName();
  const runId = hexId();
  const experiment = requireActiveExperiment(db, options.experimentId);
  db.sql.run(
    `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,
       source_version, lifecycle_stage, artifact_uri, experiment_id)
     VALUES (?, ?, 'UNKNOWN', '', '', ?, 'RUNNING', ?, '', 'active', ?, ?)`,
    [
      runId,
      name,
      userId,
      options.startTime ?? Date.now(),
      appendToArtifactUri(experiment.artifactLocation, runId, 'artifacts'),
      experimentNumber(options.experimentId),
    ],
  );
  setTags(db, runId, prepareNewTags({ [PROCESS_TAG]: thisProcess(), ...tags, [RUN_NAME_TAG]: name }));
  return getRunRow(db, runId);
}

/** Returns a run with all that was logged to it. Throws NOT_FOUND. */
export function getRun(db: MlflowDatabase, runId: string): Run {
  return db.sql.snapshot(() => getRunRow(db, runId));
}

/** Changes status, end time or name (with its tag). Throws CONFLICT for a deleted run. */
export function updateRun(
  db: MlflowDatabase,
  runId: string,
  change: { readonly status?: RunStatus; readonly endTime?: number; readonly runName?: string },
): void {
  requireActiveRun(db, runId);
  if (change.status !== undefined) {
    db.sql.run('UPDATE runs SET status = ? WHERE run_uuid = ?', [change.status, runId]);
  }
  if (change.endTime !== undefined) {
    db.sql.run('UPDATE runs SET end_time = ? WHERE run_uuid = ?', [change.endTime, runId]);
  }
  if (change.runName) setTags(db, runId, prepareRunTags({ [RUN_NAME_TAG]: change.runName }));
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

function getRunRow(db: MlflowDatabase, runId: string): Run {
  return loadRuns(db, [requireRun(db, runId)])[0]!;
}

/** MLflow checks no more than the length of the keys a run starts with. */
function prepareNewTags(tags: Readonly<Record<string, string>>): Batch['tags'] {
  return Object.entries(tags).map(([key, value]) => {
    if (key === '' || isLongerThan(key, LIMITS.keyLength)) {
      invalidParameter('tag key', `1 to ${LIMITS.keyLength} characters`, key);
    }
    return [key, cutTo(value, LIMITS.runTagValueLength)];
  });
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
