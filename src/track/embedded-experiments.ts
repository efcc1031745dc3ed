import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import { checkExperimentId, checkExperimentName, checkKey, isLongerThan, LIMITS } from '../mlflow/index.js';
import { appendToArtifactUri, type MlflowDatabase, type SqlRow } from '../storage/index.js';
import { type KeyValueRow, recordsByOwner } from './embedded-rows.js';
import type { Experiment, LifecycleStage, ViewType } from './port.js';

const COLUMNS = 'experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time';

/** Creates an experiment with its artifact folder `<root>/<id>`; a deleted experiment keeps its name. */
export function createExperiment(
  db: MlflowDatabase,
  name: string,
  tags: Readonly<Record<string, string>>,
): Experiment {
  checkExperimentName(name);
  for (const [key, value] of Object.entries(tags)) {
    checkKey('experiment tag key', key);
    if (isLongerThan(value, LIMITS.experimentTagValueLength)) {
      invalidParameter(
        `experiment tag ${show(key)}`,
        `at most ${LIMITS.experimentTagValueLength} characters`,
        value,
      );
    }
  }
  if (findByName(db, name) !== undefined) throw nameTaken(name);
  const now = Date.now();
  db.sql.run(
    `INSERT INTO experiments (name, lifecycle_stage, creation_time, last_update_time, workspace)
     VALUES (?, 'active', ?, ?, 'default')`,
    [name, now, now],
  );
  const id = Number(db.sql.get('SELECT last_insert_rowid() AS id')?.['id']);
  db.sql.run('UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?', [
    appendToArtifactUri(db.artifactRootUri, String(id)),
    id,
  ]);
  for (const [key, value] of Object.entries(tags)) {
    db.sql.run('INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)', [key, value, id]);
  }
  return requireExperiment(db, String(id));
}

/** Returns an experiment, deleted or not. Throws NOT_FOUND, or INVALID_PARAMETER for an id that is not a number. */
export function requireExperiment(db: MlflowDatabase, experimentId: string): Experiment {
  const row = db.sql.get(`SELECT ${COLUMNS} FROM experiments WHERE experiment_id = ?`, [
    experimentNumber(experimentId),
  ]);
  if (row === undefined) {
    throw new PhantomNetError('NOT_FOUND', `no experiment with id ${show(experimentId)}`, {
      hint: 'list the experiments to see their ids',
      details: { experimentId },
    });
  }
  return toExperiments(db, [row])[0]!;
}

/** Returns an experiment that takes new runs and models. Throws CONFLICT for a deleted one. */
export function requireActiveExperiment(db: MlflowDatabase, experimentId: string): Experiment {
  const experiment = requireExperiment(db, experimentId);
  if (experiment.lifecycleStage === 'active') return experiment;
  throw new PhantomNetError(
    'CONFLICT',
    `experiment ${show(experiment.name)} is deleted and takes no new runs`,
    {
      hint: 'restore the experiment first, or choose another',
      details: { experimentId },
    },
  );
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

function nameTaken(name: string): PhantomNetError {
  return new PhantomNetError('ALREADY_EXISTS', `an experiment named ${show(name)} exists already`, {
    hint: 'choose another name; a deleted experiment keeps its name and can be restored',
    details: { name },
  });
}

/** Returns the experiments behind rows of their table, in their order. */
export function toExperiments(db: MlflowDatabase, rows: readonly SqlRow[]): Experiment[] {
  const tags = recordsByOwner(
    db.sql.all(
      `SELECT experiment_id AS owner, key, value FROM experiment_tags
       WHERE experiment_id IN (SELECT value FROM json_each(?)) ORDER BY key`,
      [JSON.stringify(rows.map((row) => row['experiment_id']))],
    ) as unknown as KeyValueRow[],
  );
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
