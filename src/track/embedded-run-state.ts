import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase, SqlRow } from '../storage/index.js';

/** Returns the row of a run in any state. Throws NOT_FOUND. */
export function requireRun(db: MlflowDatabase, runId: string): SqlRow {
  const row = db.sql.get('SELECT * FROM runs WHERE run_uuid = ?', [runId]);
  if (row === undefined) throw noRun(runId);
  return row;
}

/** Returns the experiment of a run that may be written to. Throws NOT_FOUND, or CONFLICT for a deleted run. */
export function requireActiveRun(db: MlflowDatabase, runId: string): { readonly experimentId: number } {
  const row = db.sql.row('SELECT lifecycle_stage, experiment_id FROM runs WHERE run_uuid = ?', [runId]);
  if (row === undefined) throw noRun(runId);
  if (row[0] === 'active') return { experimentId: Number(row[1]) };
  throw new PhantomNetError('CONFLICT', `run ${runId} is deleted and cannot be written to`, {
    hint: 'restore the run first',
    details: { runId },
  });
}

/** The error that there is no such run. */
export function noRun(runId: string): PhantomNetError {
  return new PhantomNetError('NOT_FOUND', `no run with id ${show(runId)}`, {
    hint: 'list the runs to see their ids',
    details: { runId },
  });
}
