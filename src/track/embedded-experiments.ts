import { PhantomNetError, show } from '../core/index.js';
import { checkExperimentId, checkExperimentName, checkExperimentTag } from '../mlflow/index.js';
import { appendToArtifactUri, type MlflowDatabase, type SqlRow } from '../storage/index.js';
import { loadRecords } from './embedded-rows.js';
import type { Experiment, LifecycleStage, ViewType } from './port.js';

const COLUMNS = 'experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time';

/**
 * Creates an experiment, with its artifacts at `<root>/<id>` unless it is given another place; a deleted experiment
 * keeps its name.
 */
export function createExperiment(
  db: MlflowDatabase,
  name: string,
  options: {
    readonly tags?: Readonly<Record<string, string>>;
    readonly artifactLocation?: string | undefined;
  },
): Experiment {
  checkExperimentName(name);
  const tags = Object.entries(options.tags ?? {});
  for (const [key, value] of tags) checkExperimentTag(key, value);
  if (findByName(db, name) !== undefined) throw nameTaken(name);
  const now = Date.now();
  db.sql.run(
    `INSERT INTO experiments (name, lifecycle_stage, creation_time, last_update_time, workspace)
     VALUES (?, 'active', ?, ?, 'default')`,
    [name, now, now],
  );
  const id = Number(db.sql.get('SELECT last_insert_rowid() AS id')?.['id']);
  db.sql.run('UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?', [
    options.artifactLocation || appendToArtifactUri(db.artifactRootUri, String(id)),
    id,
  ]);
  for (const [key, value] of tags) writeTag(db, id, [key, value]);
  return requireExperiment(db, String(id));
}

/** Gives an experiment another name. Throws CONFLICT for a deleted one, ALREADY_EXISTS for a name that is taken. */
export function renameExperiment(db: MlflowDatabase, experimentId: string, newName: string): void {
  checkExperimentName(newName);
  const { name, lifecycleStage } = requireExperiment(db, experimentId);
  if (lifecycleStage !== 'active') {
    throw new PhantomNetError('CONFLICT', `experiment ${show(name)} is deleted and keeps its name`, {
      hint: 'restore the experiment first',
      details: { experimentId, mlflowCode: 'INVALID_STATE' },
    });
  }
  if (newName !== name && findByName(db, newName) !== undefined) throw nameTaken(newName, 'BAD_REQUEST');
  db.sql.run('UPDATE experiments SET name = ?, last_update_time = ? WHERE experiment_id = ?', [
    newName,
    Date.now(),
    experimentNumber(experimentId),
  ]);
}

/** Writes a tag over what is there. Throws CONFLICT for a deleted experiment. */
export function setExperimentTag(
  db: MlflowDatabase,
  experimentId: string,
  [key, value]: readonly [key: string, value: string],
): void {
  checkExperimentTag(key, value);
  requireActiveExperiment(db, experimentId);
  writeTag(db, experimentNumber(experimentId), [key, value]);
}

/** Removes a tag. Throws NOT_FOUND when there is none, CONFLICT for a deleted experiment. */
export function deleteExperimentTag(db: MlflowDatabase, experimentId: string, key: string): void {
  requireActiveExperiment(db, experimentId);
  const values = [experimentNumber(experimentId), key];
  if (db.sql.run('DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?', values) > 0) return;
  throw new PhantomNetError('NOT_FOUND', `experiment ${experimentId} has no tag ${show(key)}`, {
    hint: 'look at the tags of the experiment',
    details: { experimentId, key },
  });
}

/** Returns an experiment, deleted or not. Throws NOT_FOUND, or INVALID_PARAMETER for an id that is not a number. */
export function requireExperiment(db: MlflowDatabase, experimentId: string): Experiment {
  return toExperiments(db, [requireRow(db, experimentId)])[0]!;
}

function requireRow(db: MlflowDatabase, experimentId: string): SqlRow {
  const row = db.sql.get(`SELECT ${COLUMNS} FROM experiments WHERE experiment_id = ?`, [
    experimentNumber(experimentId),
  ]);
  if (row === undefined) {
    throw new PhantomNetError('NOT_FOUND', `no experiment with id ${show(experimentId)}`, {
      hint: 'list the experiments to see their ids',
      details: { experimentId },
    });
  }
  return row;
}

/** Returns the row of an experiment that may be written to. Throws CONFLICT for a deleted one. */
export function requireActiveExperiment(db: MlflowDatabase, experimentId: string): SqlRow {
  const row = requireRow(db, experimentId);
  if (row['lifecycle_stage'] === 'active') return row;
  throw new PhantomNetError('CONFLICT', `experiment ${show(row['name'])} is deleted and takes no writes`, {
    hint: 'restore the experiment first, or choose another',
    details: { experimentId },
  });
}

/** Returns the experiment of that name, deleted or not, or undefined. */
export function getExperimentByName(db: MlflowDatabase, name: string): Experiment | undefined {
  const row = findByName(db, name);
  return row === undefined ? undefined : toExperiments(db, [row])[0];
}

/** Deletes an active experiment with its runs, or restores a deleted one with its runs. NOT_FOUND when it is in the other state. */
export function moveExperiment(db: MlflowDatabase, experimentId: string, to: LifecycleStage): void {
  const from: LifecycleStage = to === 'active' ? 'deleted' : 'active';
  const experiment = requireExperiment(db, experimentId);
  if (experiment.lifecycleStage !== from) {
    throw new PhantomNetError(
      'NOT_FOUND',
      `no ${from} experiment with id ${show(experimentId)}: it is ${to}`,
      {
        hint: `nothing to do: the experiment is ${to} already`,
        details: { experimentId },
      },
    );
  }
  const now = Date.now();
  const id = experimentNumber(experimentId);
  db.sql.run('UPDATE experiments SET lifecycle_stage = ?, last_update_time = ? WHERE experiment_id = ?', [
    to,
    now,
    id,
  ]);
  db.sql.run('UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE experiment_id = ?', [
    to,
    to === 'deleted' ? now : null,
    id,
  ]);
}

/** Returns the number behind an experiment id. Throws INVALID_PARAMETER when there is none. */
export function experimentNumber(experimentId: string): number {
  checkExperimentId(experimentId);
  return Number(experimentId);
}

/** The life cycle stages a view shows, as SQL text. */
export function stagesOf(viewType: ViewType): string {
  if (viewType === 'ALL') return "'active', 'deleted'";
  return viewType === 'DELETED_ONLY' ? "'deleted'" : "'active'";
}

function findByName(db: MlflowDatabase, name: string): SqlRow | undefined {
  return db.sql.get(`SELECT ${COLUMNS} FROM experiments WHERE workspace = 'default' AND name = ?`, [name]);
}

/** MLflow answers a rename to a taken name with another code than a creation. */
function nameTaken(name: string, mlflowCode?: 'BAD_REQUEST'): PhantomNetError {
  return new PhantomNetError('ALREADY_EXISTS', `an experiment named ${show(name)} exists already`, {
    hint: 'choose another name; a deleted experiment keeps its name and can be restored',
    details: { name, ...(mlflowCode === undefined ? {} : { mlflowCode }) },
  });
}

function writeTag(
  db: MlflowDatabase,
  experimentId: number,
  [key, value]: readonly [key: string, value: string],
): void {
  db.sql.run(
    `INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)
     ON CONFLICT (key, experiment_id) DO UPDATE SET value = excluded.value`,
    [key, value, experimentId],
  );
}

/** Returns the experiments behind rows of their table, in their order. */
export function toExperiments(db: MlflowDatabase, rows: readonly SqlRow[]): Experiment[] {
  const ids = rows.map((row) => String(row['experiment_id']));
  const tags = loadRecords(db, { table: 'experiment_tags', ids });
  return rows.map((row) => {
    const experimentId = String(row['experiment_id']);
    return {
      experimentId,
      name: String(row['name']),
      artifactLocation: String(row['artifact_location'] ?? ''),
      lifecycleStage: row['lifecycle_stage'] === 'deleted' ? 'deleted' : 'active',
      creationTime: Number(row['creation_time'] ?? 0),
      lastUpdateTime: Number(row['last_update_time'] ?? 0),
      tags: tags.get(experimentId) ?? {},
    };
  });
}
