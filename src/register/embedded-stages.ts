import { PhantomNetError, show } from '../core/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { checkModelExists, latestVersions, requireVersion, requireVersionNumber } from './embedded-rows.js';
import { touchModel } from './embedded-versions.js';
import { type ModelVersion, STAGES, type Stage } from './port.js';

/**
 * Moves a version to a stage; `archiveExisting` moves the others of that stage to Archived in the same transaction.
 * Throws INVALID_PARAMETER for an unknown stage, and for `archiveExisting` with a stage other than Staging and Production.
 */
export function transitionStage(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: string },
  change: { readonly stage: Stage; readonly archiveExisting: boolean },
): ModelVersion {
  const { name, version } = key;
  const { archiveExisting } = change;
  const stage = canonicalStage(change.stage);
  if (archiveExisting && stage !== 'Staging' && stage !== 'Production') {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `existing versions cannot be archived on the way to stage ${stage}`,
      {
        hint: 'archive existing versions only with Staging or Production',
        // To MLflow this is an error of its own.
        details: { stage, mlflowCode: 'INTERNAL_ERROR' },
      },
    );
  }
  const number = requireVersionNumber(db, name, version);
  const now = Date.now();
  if (archiveExisting) {
    db.sql.run(
      `UPDATE model_versions SET current_stage = 'Archived', last_updated_time = ?
       WHERE workspace = 'default' AND name = ? AND version <> ? AND current_stage = ?`,
      [now, name, number, stage],
    );
  }
  db.sql.run(
    `UPDATE model_versions SET current_stage = ?, last_updated_time = ?
     WHERE workspace = 'default' AND name = ? AND version = ?`,
    [stage, now, name, number],
  );
  touchModel(db, name, now);
  return requireVersion(db, name, version);
}

/**
 * Returns the newest version of each stage asked for (default all) that has one, the stage with the oldest version
 * first. Throws NOT_FOUND for an unknown model, INVALID_PARAMETER for an unknown stage.
 */
export function getLatestVersions(
  db: MlflowDatabase,
  name: string,
  stages: readonly Stage[] = [],
): ModelVersion[] {
  checkModelExists(db, name);
  const wanted = stages.map(canonicalStage);
  return latestVersions(db, name).filter(({ stage }) => wanted.length === 0 || wanted.includes(stage));
}

/** MLflow takes a stage in any case of its letters. */
function canonicalStage(stage: string): Stage {
  const found = STAGES.find((known) => known.toLowerCase() === String(stage).toLowerCase());
  if (found !== undefined) return found;
  throw new PhantomNetError('INVALID_PARAMETER', `stage must be ${STAGES.join(', ')}, got ${show(stage)}`, {
    hint: 'use one of these stages, or an alias for a name of your own',
    details: { stage, allowed: STAGES },
  });
}
