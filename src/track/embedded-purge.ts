import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { removeArtifacts } from './embedded-artifacts.js';
import { requireRun } from './embedded-run-state.js';

/** Removes a logged model for good: first it is marked deleted, so that none loads it half gone, then its files, then its rows. */
export async function purgeLoggedModel(db: MlflowDatabase, modelId: string): Promise<void> {
  const row = db.sql.get('SELECT artifact_location FROM logged_models WHERE model_id = ?', [modelId]);
  if (row === undefined) {
    throw new PhantomNetError('NOT_FOUND', `no logged model with id ${show(modelId)}`, {
      hint: 'look at the model outputs of the run that made it',
      details: { modelId },
    });
  }
  await db.write(() =>
    db.sql.run("UPDATE logged_models SET lifecycle_stage = 'deleted' WHERE model_id = ?", [modelId]),
  );
  await removeArtifacts(db, String(row['artifact_location']));
  await db.write(() => {
    db.sql.run("DELETE FROM inputs WHERE destination_type LIKE 'MODEL_%' AND destination_id = ?", [modelId]);
    for (const table of [
      'logged_model_metrics',
      'logged_model_params',
      'logged_model_tags',
      'logged_models',
    ]) {
      db.sql.run(`DELETE FROM ${table} WHERE model_id = ?`, [modelId]);
    }
  });
}

/** Removes a deleted run for good: its files, then its rows. The models it made stay. Throws CONFLICT for an active run. */
export async function purgeRun(db: MlflowDatabase, runId: string): Promise<void> {
  const row = requireRun(db, runId);
  if (row['lifecycle_stage'] !== 'deleted') {
    throw new PhantomNetError('CONFLICT', `run ${runId} is active and cannot be removed for good`, {
      hint: 'delete the run first',
      details: { runId },
    });
  }
  await removeArtifacts(db, String(row['artifact_uri']));
  await db.write(() => {
    db.sql.run(
      `DELETE FROM input_tags WHERE input_uuid IN
         (SELECT input_uuid FROM inputs WHERE source_id = ? OR destination_id = ?)`,
      [runId, runId],
    );
    db.sql.run('DELETE FROM inputs WHERE source_id = ? OR destination_id = ?', [runId, runId]);
    db.sql.run('DELETE FROM logged_model_metrics WHERE run_id = ?', [runId]);
    for (const table of ['metrics', 'latest_metrics', 'params', 'tags', 'runs']) {
      db.sql.run(`DELETE FROM ${table} WHERE run_uuid = ?`, [runId]);
    }
  });
}
