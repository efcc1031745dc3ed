import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase, SqlRow } from '../storage/index.js';

/** Returns the row of a run in any state. Throws NOT_FOUND. */
export function requireRun(db: MlflowDatabase, runId: string): SqlRow {
  const row = db.sql.get('SELECT * FROM runs WHERE run_uuid = ?', [runId]);
  if (row !== undefined) return row;
  throw new PhantomNetError('NOT_FOUND', `no run with id ${show(runId)}`, {
    hint: 'list the runs to see their ids',
    details: { runId },
  });
}

/** Returns the row of a run that may be written to. Throws NOT_FOUND, or CONFLICT for a deleted run. */
export function requireActiveRun(db: MlflowDatabase, runId: string): SqlRow {
  const row = requireRun(db, runId);
  if (row['lifecycle_stage'] === 'active') return row;
  throw new PhantomNetError('CONFLICT', `run ${runId} is deleted and cannot be written to`, {
    hint: 'restore the run first',
    details: { runId },
  });
}
