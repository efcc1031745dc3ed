import type { MlflowDatabase } from '../storage/index.js';
import { setTags } from './embedded-batch.js';
import { PROCESS_TAG, whyGone } from './embedded-process.js';

/** The tag that says why a run ended as it did. */
const REASON_TAG = 'phantomnet.statusReason';

/** A run that was found RUNNING without its process, and is KILLED now. */
export interface RecoveredRun {
  readonly runId: string;
  readonly reason: string;
}

/**
 * Sets every RUNNING run of this host whose process is gone to KILLED, with the time of finding out as its end and the
 * reason as a tag; returns them. Runs of other hosts, and runs without the tag of their process, are left alone.
 */
export async function recoverDeadRuns(db: MlflowDatabase): Promise<RecoveredRun[]> {
  const dead = runningRuns(db).flatMap(({ runId, mark }) => {
    const reason = whyGone(mark);
    return reason === undefined ? [] : [{ runId, reason }];
  });
  if (dead.length === 0) return [];
  return db.write(() =>
    dead.filter(({ runId, reason }) => {
      // Another process may have set it since it was read.
      const changed = db.sql.run(
        "UPDATE runs SET status = 'KILLED', end_time = ? WHERE run_uuid = ? AND status IN ('RUNNING', 'SCHEDULED')",
        [Date.now(), runId],
      );
      if (changed === 1) setTags(db, runId, [[REASON_TAG, reason]]);
      return changed === 1;
    }),
  );
}

function runningRuns(db: MlflowDatabase): { runId: string; mark: string }[] {
  const rows = db.sql.all(
    `SELECT runs.run_uuid AS run_uuid, tags.value AS mark FROM runs
     JOIN tags ON tags.run_uuid = runs.run_uuid AND tags.key = ?
     WHERE runs.status IN ('RUNNING', 'SCHEDULED') ORDER BY runs.start_time, runs.run_uuid`,
    [PROCESS_TAG],
  );
  return rows.map((row) => ({ runId: String(row['run_uuid']), mark: String(row['mark']) }));
}
